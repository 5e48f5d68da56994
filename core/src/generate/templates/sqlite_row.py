def sqlite_row(**columns):
    """A row as a query gives it."""
    names = ", ".join('NULL AS "{}"'.format(name.replace('"', '""')) for name in columns)
    connection = sqlite3.connect(":memory:")
    row = sqlite3.Row(connection.execute("SELECT " + names), tuple(columns.values()))
    connection.close()
    return row
