"""Members of a club, from the sheets that its sections keep."""
from datetime import date

from dateutil import parser

FIRST = date(1958, 5, 1)


def joined(text, today):
    """The month in which somebody joined, or None where the sheet says nothing that can be read."""
    try:
        when = parser.parse(text, default=parser.parse("2000-01-01")).date()
    except ValueError:
        return None
    return when.replace(day=1) if FIRST <= when <= today else None


def take_over(rows, today):
    members, unclear = {}, []
    for row in rows:
        month = joined(row["joined"], today)
        if month is None:
            unclear.append(row["name"])
        else:
            members[row["name"]] = month
    return members, unclear
