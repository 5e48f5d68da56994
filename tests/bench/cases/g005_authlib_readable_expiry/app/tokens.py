"""Tokens of the shop's suppliers, kept in a table."""
import json
import sqlite3

from authlib.oauth2.rfc6749 import OAuth2Token


class TokenStore:
    def __init__(self, path):
        self.db = sqlite3.connect(path)
        self.db.execute("create table if not exists tokens (supplier text primary key, body text)")

    def keep(self, supplier, body):
        self.db.execute("insert or replace into tokens values (?, ?)", (supplier, json.dumps(body)))
        self.db.commit()

    def suppliers(self):
        return [name for (name,) in self.db.execute("select supplier from tokens order by supplier")]

    def load(self, supplier):
        (body,) = self.db.execute("select body from tokens where supplier = ?", (supplier,)).fetchone()
        return OAuth2Token.from_dict(json.loads(body))
