"""Turns rows of any mapped class into plain data."""
from marshmallow_sqlalchemy import SQLAlchemyAutoSchema


def schema_of(model):
    meta = type("Meta", (), {"model": model, "include_fk": True})
    return type(model.__name__ + "Schema", (SQLAlchemyAutoSchema,), {"Meta": meta})


def export(session, model):
    return schema_of(model)(many=True).dump(session.query(model).order_by(model.id))
