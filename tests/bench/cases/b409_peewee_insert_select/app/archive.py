"""Readings of meters: the old ones go from the table that is in use into one for each year."""
import logging

from peewee import SqliteDatabase, Table

log = logging.getLogger("archive")
readings = Table("readings", ("id", "meter", "day", "value"))


def connect(path=":memory:"):
    database = SqliteDatabase(path)
    database.connect()
    database.execute_sql("CREATE TABLE readings (id INTEGER PRIMARY KEY, meter TEXT, day TEXT, value REAL)")
    return database


def record(database, rows):
    columns = [readings.meter, readings.day, readings.value]
    readings.bind(database).insert(rows, columns=columns).execute()


def put_away(database, year):
    """Move what was read in a year; returns how many rows that were."""
    source = readings.bind(database)
    that_year = source.day.between(f"{year}-01-01", f"{year}-12-31")
    name = f"readings_{year}"
    if name not in database.get_tables():
        database.execute_sql(f"CREATE TABLE {name} AS SELECT * FROM readings WHERE 0")
        log.info("table=%s created", name)
    with database.atomic():
        Table(name).bind(database).insert(source.select().where(that_year)).execute()
        return source.delete().where(that_year).execute()
