"""Plug-in review: before a plug-in is listed, a service says which values the attributes of its classes have."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s %(levelname)s [%(name)s:%(funcName)s] %(message)s",
)
log = logging.getLogger("review")

import astroid
from astroid import nodes
from astroid.exceptions import InferenceError

PLUGINS = {
    "weather": '''
UNITS = {"metric": "°C", "imperial": "°F"}

class Weather:
    interval = 15 * 60
    title = "Weather in " + "Kiel"

    @property
    def unit(self):
        return UNITS["metric"]
''',
    "tides": '''
import functools

def level(offset, station):
    return station.base + offset

class Tides:
    interval = 3600
    base = 512
    high = property(functools.partial(level, 140))
    low = property(functools.partial(level, -160))
''',
}


def describe(node):
    if node is astroid.Uninferable:
        return "?"
    if isinstance(node, nodes.Const):
        return repr(node.value)
    return getattr(node, "name", type(node).__name__)


def attributes(cls):
    """Names and values of what an instance of a class has, as far as they are known."""
    instance = cls.instantiate_class()
    known = {}
    for name in cls.locals:
        if name.startswith("__"):
            continue
        try:
            known[name] = sorted({describe(value) for value in instance.igetattr(name)})
        except InferenceError:
            known[name] = ["?"]
    return known


def review(name, code):
    module = astroid.parse(code, module_name=name)
    for cls in module.nodes_of_class(nodes.ClassDef):
        log.info("%s.%s: %s", name, cls.name, attributes(cls))


def main():
    for name, code in PLUGINS.items():
        log.info("reviewing %s", name)
        review(name, code)


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("review stopped")
        sys.exit(1)
    log.info("all plug-ins reviewed")
