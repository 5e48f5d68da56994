"""Weekly reports, made from templates that the shop's staff may edit."""
from mako.lookup import TemplateLookup

SEATS = """\
<%
    def free(rows):
        return [seat for row in rows for seat in row if seat.islower()]
%>\
Hall ${hall}
% for seat in free(rows):
${seat} is free
% endfor
"""
TOTAL = """\
Hall ${hall}: ${sum([len(row) for row in rows])} seats
"""


class Reports:
    def __init__(self):
        self.lookup = TemplateLookup(strict_undefined=True)
        self.lookup.put_string("total.txt", TOTAL)
        self.lookup.put_string("seats.txt", SEATS)

    def render(self, name, **values):
        return self.lookup.get_template(name).render(**values)
