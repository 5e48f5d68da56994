"""Mails to customers; the templates know what to do with readings that are no numbers."""
from pathlib import Path

from jinja2 import Environment, FileSystemLoader

environment = Environment(loader=FileSystemLoader(Path(__file__).parent / "templates"), trim_blocks=True)


def mail(reading):
    """Subject and text."""
    text = environment.get_template("reading.txt").render(reading)
    subject, _, rest = text.partition("\n")
    return subject, rest.lstrip("\n")
