"""Calendar sync: asks the calendars of all connected accounts with the tokens that are kept in a database."""
import json
import logging
import os
import sys


class JsonLines(logging.Formatter):
    def format(self, record):
        line = json.dumps({"ts": round(record.created, 3), "level": record.levelname, "logger": record.name, "msg": record.getMessage()})
        return line + "\n" + self.formatException(record.exc_info) if record.exc_info else line


handler = logging.FileHandler(os.environ.get("PROD_LOG", "prod.log"))
handler.setFormatter(JsonLines())
logging.basicConfig(level=logging.INFO, handlers=[handler])
log = logging.getLogger("sync.calendars")

import sqlite3

from oauthlib.oauth2 import WebApplicationClient

TOKENS = (
    ("ada", {"access_token": "at-1f0c", "token_type": "Bearer", "expires_in": 3600, "expires_at": 1921234567}),
    ("bob", {"access_token": "at-88e2", "token_type": "Bearer", "refresh_token": "rt-7a"}),
    ("cyd", {"access_token": "at-b3d9", "token_type": "Bearer", "expires_in": 3600, "expires_at": "2030-11-18T09:46:07Z"}),
)


def open_store():
    store = sqlite3.connect(":memory:")
    store.execute("create table token (account text primary key, value text not null)")
    store.executemany("insert into token values (?, ?)", [(account, json.dumps(token)) for account, token in TOKENS])
    return store


def request_for(account, token):
    client = WebApplicationClient("calendar-sync", token=token)
    return client.add_token(f"https://calendar.example/v2/{account}/events", headers={"Accept": "application/json"})


def main():
    store = open_store()
    for account, value in store.execute("select account, value from token order by account").fetchall():
        url, headers, _ = request_for(account, json.loads(value))
        log.info("account %s: GET %s (%s)", account, url, headers["Authorization"].split()[0])


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("sync stopped")
        sys.exit(1)
    log.info("sync done")
