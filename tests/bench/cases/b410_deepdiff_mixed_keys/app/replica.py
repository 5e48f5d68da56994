"""Copies of the settings of a gateway: the head office sends what has changed, not all of it."""
from deepdiff import DeepDiff, Delta


def change(old, new):
    """What a branch has to do to come from the old settings to the new ones, as bytes."""
    return Delta(DeepDiff(old, new)).dumps()


class Branch:
    """Settings as one branch has them."""

    def __init__(self, name, settings):
        self.name = name
        self.settings = settings
        self.revision = 0

    def receive(self, data):
        self.settings = self.settings + Delta(data, raise_errors=True)
        self.revision += 1
        return self.revision
