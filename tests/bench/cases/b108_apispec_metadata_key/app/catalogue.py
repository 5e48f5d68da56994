"""Schemas of the catalogue service."""
from marshmallow import Schema, fields

COLUMN = 0  # key under which the importer finds the column of a field


class Article(Schema):
    id = fields.Integer(required=True, metadata={"description": "number of the article"})
    name = fields.String(required=True, metadata={"description": "as printed on the label", "x_searchable": True})


class ImportedArticle(Article):
    supplier = fields.String(metadata={"description": "who delivers it", COLUMN: "C"})
