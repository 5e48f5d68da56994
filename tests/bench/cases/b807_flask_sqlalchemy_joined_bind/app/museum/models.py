"""Objects of the museum; the inventory and the visitors' data are kept in two databases."""
from flask_sqlalchemy import SQLAlchemy

db = SQLAlchemy()


class Visitor(db.Model):
    __bind_key__ = "visitors"
    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String(80), nullable=False)


class Item(db.Model):
    __bind_key__ = "inventory"
    id = db.Column(db.Integer, primary_key=True)
    kind = db.Column(db.String(20), nullable=False)
    title = db.Column(db.String(120), nullable=False)
    __mapper_args__ = {"polymorphic_on": kind, "polymorphic_identity": "item"}


class Painting(Item):
    __bind_key__ = "inventory"
    id = db.Column(db.ForeignKey("item.id"), primary_key=True)
    painter = db.Column(db.String(80))
    __mapper_args__ = {"polymorphic_identity": "painting"}
