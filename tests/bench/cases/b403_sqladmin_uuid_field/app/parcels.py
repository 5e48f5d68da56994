"""Register of parcels with an administration of its own."""
import uuid

from sqlalchemy import Integer, String, Uuid, create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.pool import StaticPool
from sqladmin import Admin, ModelView
from starlette.applications import Starlette

engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})


class Base(DeclarativeBase):
    pass


class Parcel(Base):
    __tablename__ = "parcel"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    town: Mapped[str] = mapped_column(String(40))
    courier: Mapped[uuid.UUID | None] = mapped_column(Uuid)


class ParcelAdmin(ModelView, model=Parcel):
    column_list = [Parcel.id, Parcel.town, Parcel.courier]


def fill():
    Base.metadata.drop_all(engine)
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all([
            Parcel(id=1, town="Bremen", courier=None),
            Parcel(id=2, town="Emden", courier=uuid.UUID("8c9d3f0e-52b1-4d0e-9a61-0c1f6f1b7a55")),
        ])
        session.commit()


app = Starlette()
Admin(app, engine, title="parcels").add_view(ParcelAdmin)
