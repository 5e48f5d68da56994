"""Administration of the lending library."""
from sqlalchemy import ForeignKey, create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship
from sqlalchemy.pool import StaticPool
from starlette.applications import Starlette
from starlette_admin.contrib.sqla import Admin, ModelView

engine = create_engine("sqlite://", connect_args={"check_same_thread": False}, poolclass=StaticPool)


class Base(DeclarativeBase):
    pass


class Shelf(Base):
    __tablename__ = "shelf"
    id: Mapped[int] = mapped_column(primary_key=True)
    room: Mapped[str]
    books: Mapped[list["Book"]] = relationship(back_populates="shelf")


class Book(Base):
    __tablename__ = "book"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    shelf_id: Mapped[int | None] = mapped_column(ForeignKey("shelf.id"))
    shelf: Mapped[Shelf | None] = relationship(back_populates="books")


def create_app():
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(Shelf(room="Reading room", books=[Book(title="Momo"), Book(title="Krabat")]))
        session.add(Shelf(room="Cellar"))
        session.add(Book(title="Lost and found"))
        session.commit()
    app = Starlette()
    admin = Admin(engine, title="Library")
    admin.add_view(ModelView(Shelf, identity="shelf"))
    admin.add_view(ModelView(Book, identity="book"))
    admin.mount_to(app)
    return app
