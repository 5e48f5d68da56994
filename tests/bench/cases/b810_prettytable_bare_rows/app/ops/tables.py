"""Results of statements as text, for the mails of the nightly jobs."""
from prettytable import PLAIN_COLUMNS, PrettyTable


def with_header(cursor):
    table = PrettyTable([column[0] for column in cursor.description])
    table.add_rows(cursor.fetchall())
    return table.get_string()


def summary(cursor):
    """Rows without a header, one per line."""
    table = PrettyTable()
    table.set_style(PLAIN_COLUMNS)
    table.header = False
    table.align = "l"
    table.add_rows(cursor.fetchall())
    return table.get_string()
