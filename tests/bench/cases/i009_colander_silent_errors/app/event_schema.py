"""What an event calendar accepts from its partners."""
import colander


def check_dates(node, event):
    if event["end"] < event["start"]:
        error = colander.Invalid(node)
        error["end"] = "The event ends before it starts"
        raise error


def check_seats(node, event):
    if event["sold"] > event["seats"]:
        error = colander.Invalid(node)
        error["sold"] = "More tickets than seats"
        raise error


class Event(colander.MappingSchema):
    title = colander.SchemaNode(colander.String(), validator=colander.Length(1, 80))
    start = colander.SchemaNode(colander.Date())
    end = colander.SchemaNode(colander.Date())
    seats = colander.SchemaNode(colander.Integer(), missing=0)
    sold = colander.SchemaNode(colander.Integer(), missing=0)


def event_schema():
    return Event(validator=colander.All(check_dates, check_seats))
