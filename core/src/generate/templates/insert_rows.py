def insert_rows(connection, *rows):
    """Puts rows into the tables that have their columns."""
    cursor = connection.cursor()
    cursor.row_factory = None
    names = cursor.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    tables = {name: cursor.execute(f'PRAGMA table_info("{name}")').fetchall() for (name,) in names}
    for row in rows:
        for table, columns in tables.items():
            if row.keys() <= {name for _, name, *_ in columns}:
                required = {
                    name: 0 if "INT" in kind.upper() else ""
                    for _, name, kind, is_required, default, key in columns
                    if is_required and default is None and not key
                }
                values = {**required, **row}
                names = ", ".join(f'"{name}"' for name in values)
                marks = ", ".join("?" for _ in values)
                cursor.execute(f'INSERT OR REPLACE INTO "{table}" ({names}) VALUES ({marks})', [*values.values()])
                break
    connection.commit()
