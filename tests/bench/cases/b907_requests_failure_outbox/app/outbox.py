import pickle
import sqlite3


class Outbox:
    """Failed calls, kept in a table until somebody looks at them."""

    def __init__(self, path):
        self.database = sqlite3.connect(path)
        self.database.execute("CREATE TABLE IF NOT EXISTS failures (id INTEGER PRIMARY KEY, url TEXT, error BLOB)")

    def add(self, url, error):
        with self.database:
            self.database.execute("INSERT INTO failures (url, error) VALUES (?, ?)", (url, pickle.dumps(error)))

    def urls(self):
        return self.database.execute("SELECT id, url FROM failures ORDER BY id").fetchall()

    def error(self, number):
        (blob,) = self.database.execute("SELECT error FROM failures WHERE id = ?", (number,)).fetchone()
        return pickle.loads(blob)

    def close(self):
        self.database.close()
