"""Lists of what a school lends, for the pages of its wiki."""
import csv
import io

import tablib

HEADERS = ("number", "thing", "remark")


def read(text):
    """A list as the shelves' tablets send it."""
    return [tuple(row) for row in csv.reader(io.StringIO(text), delimiter=";") if row]


def sheet(shelf, rows):
    data = tablib.Dataset(headers=HEADERS, title=shelf)
    for row in rows:
        data.append([value or "-" for value in row])
    return data.sort("thing")


def page(shelf, text):
    """Text of the wiki page of a shelf."""
    rows = read(text)
    if not rows:
        return f"{shelf}\n\nnothing here\n"
    return f"{shelf}\n\n{sheet(shelf, rows).export('rst')}\n"
