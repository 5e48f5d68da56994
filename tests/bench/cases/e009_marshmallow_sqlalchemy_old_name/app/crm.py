"""Customers and their visits, as they lie in the database."""
from sqlalchemy import Column, Date, ForeignKey, Integer, String
from sqlalchemy.orm import declarative_base, relationship, synonym

Base = declarative_base()


class Visit(Base):
    __tablename__ = "visit"
    id = Column(Integer, primary_key=True)
    day = Column(Date, nullable=False)
    customer_id = Column(ForeignKey("customer.id"), nullable=False)


class Customer(Base):
    __tablename__ = "customer"
    id = Column(Integer, primary_key=True)
    name = Column(String(80), nullable=False)
    email = Column(String(120))
    mail_address = synonym("email")  # the name of the first years, which old reports still use
    visits = relationship(Visit, order_by=Visit.day)
