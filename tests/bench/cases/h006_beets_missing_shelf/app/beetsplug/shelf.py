"""Where the record stands in the studio: an optional number per track."""
from beets.dbcore import types
from beets.plugins import BeetsPlugin


class ShelfPlugin(BeetsPlugin):
    item_types = {"shelf": types.NullInteger(), "lent_to": types.STRING}
