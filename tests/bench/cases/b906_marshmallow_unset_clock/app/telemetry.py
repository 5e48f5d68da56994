from marshmallow import EXCLUDE, Schema, fields, validate


class ReadingSchema(Schema):
    class Meta:
        unknown = EXCLUDE

    sensor = fields.String(required=True, validate=validate.Length(max=12))
    value = fields.Float(required=True)
    unit = fields.String(load_default="C")


class MessageSchema(Schema):
    device = fields.String(required=True)
    sent = fields.DateTime(format="timestamp", required=True)
    readings = fields.List(fields.Nested(ReadingSchema), load_default=list)
