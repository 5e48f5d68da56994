"""Command line of the release tool."""
import functools

import click


@functools.total_ordering
class Version:
    """major.minor; may be compared with another version or with text such as "1.2"."""

    def __init__(self, text):
        parts = text.split(".")
        self.parts = tuple(int(part) for part in parts)

    def __str__(self):
        return ".".join(map(str, self.parts))

    @staticmethod
    def _of(other):
        return Version(other) if isinstance(other, str) else other

    def __eq__(self, other):
        other = self._of(other)
        return self.parts == other.parts if isinstance(other, Version) else NotImplemented

    def __lt__(self, other):
        other = self._of(other)
        return self.parts < other.parts if isinstance(other, Version) else NotImplemented


@click.group()
def cli():
    """Makes releases."""


@cli.command()
@click.option("--level", default="minor", show_default=True)
def bump(level):
    click.echo(level)


@cli.command()
@click.option("--since", type=Version, default=Version("1.0"), show_default=True, help="first version to list")
def notes(since):
    click.echo(f"notes since {since}")
