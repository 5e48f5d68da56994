def sqlalchemy_row(**columns):
    """A row as a query gives it."""
    return IteratorResult(SimpleResultMetaData(list(columns)), iter([tuple(columns.values())])).one()
