"""Tables of the ledger, with a column type of its own."""
from sqlalchemy import Column, Integer, MetaData, String, Table
from sqlalchemy.types import UserDefinedType


class Money(UserDefinedType):
    cache_ok = True

    def __init__(self, digits=2):
        self.digits = digits

    def get_col_spec(self, **kw):
        return f"NUMERIC(18, {self.digits})"

    def __repr__(self):
        return f"Money({self.digits})"


metadata = MetaData()
accounts = Table("accounts", metadata, Column("id", Integer, primary_key=True), Column("owner", String(80), nullable=False))
bookings = Table(
    "bookings",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("account_id", Integer, nullable=False),
    Column("amount", Money(4), nullable=False),
)
