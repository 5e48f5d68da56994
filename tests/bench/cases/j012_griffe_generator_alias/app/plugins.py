"""Plugins of the radio station's mixer."""
from collections.abc import Generator

Plugin = Generator[bytes, bytes, None]


def meter() -> Generator[float, bytes, None]:
    """Measures the level.

    Receives:
        A block of samples.
    """
    level = 0.0
    while True:
        block = yield level
        level = sum(block) / max(len(block), 1)


def echo(delay: int = 2) -> Plugin:
    """Repeats what it hears.

    Receives:
        A block of samples.
    """
    line = [b""] * delay
    while True:
        line.append((yield line.pop(0)))
