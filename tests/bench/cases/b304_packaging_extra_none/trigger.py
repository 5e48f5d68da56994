"""Plugin installer of a site: says which packages a plugin needs on this machine."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s %(levelname).1s %(name)s %(message)s",
)
log = logging.getLogger("plugins")

from packaging.requirements import Requirement

MACHINE = {"sys_platform": "linux", "python_version": "3.11", "platform_system": "Linux"}
PLUGINS = [
    ("gallery", None, ["pillow>=9", 'pywin32; sys_platform == "win32"']),
    ("search", "fuzzy", ["whoosh", 'rapidfuzz>=2; extra == "fuzzy"']),
    ("feeds", None, ['tomli; python_version < "3.11"', 'aiohttp; extra == "async"', "feedgen"]),
]


def needed(lines, feature=None):
    """Names of the packages that a plugin needs with an optional feature of it, or with none."""
    requirements = [Requirement(line) for line in lines]
    environment = {**MACHINE, "extra": feature}
    return sorted(r.name for r in requirements if r.marker is None or r.marker.evaluate(environment))


def main():
    for plugin, feature, lines in PLUGINS:
        log.info("plugin=%s feature=%s needs=%s", plugin, feature, ",".join(needed(lines, feature)))


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("plugins not resolved")
        sys.exit(1)
    log.info("resolved")
