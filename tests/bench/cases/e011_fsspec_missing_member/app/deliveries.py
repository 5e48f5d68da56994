"""Reads what the suppliers deliver: one archive a day, with prices and, at times, with notes."""
import csv
import io

import fsspec


class Delivery:
    def __init__(self, path):
        self.files = fsspec.filesystem("zip", fo=str(path))

    def prices(self):
        with self.files.open("prices.csv", "rt", encoding="utf-8", newline="") as lines:
            return {row["article"]: row["price"] for row in csv.DictReader(lines)}

    def notes(self):
        """The supplier's notes, None if there are none."""
        try:
            return self.files.cat_file("notes.txt").decode("utf-8")
        except FileNotFoundError:
            return None
