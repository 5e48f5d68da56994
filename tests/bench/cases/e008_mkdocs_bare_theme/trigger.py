"""Documentation robot: builds the manuals of all products every night, those of ours with the theme of the house."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s docbuild01 %(name)s: <%(levelname)s> %(message)s",
    datefmt="%Y-%m-%dT%H:%M:%S",
)
log = logging.getLogger("docbuild")
logging.getLogger("mkdocs").setLevel(logging.WARNING)

from pathlib import Path

from mkdocs.commands.build import build
from mkdocs.config import load_config

MANUALS = {"kettle": "mkdocs", "toaster": "housetheme"}


def lay_out(product, theme):
    folder = Path(product)
    (folder / "docs").mkdir(parents=True)
    (folder / "docs" / "index.md").write_text(f"# {product.title()}\n\nRead this first.\n")
    (folder / "mkdocs.yml").write_text(f"site_name: {product.title()}\nsite_url: https://manuals.example/{product}/\ntheme:\n  name: {theme}\n")
    return folder


def publish(folder):
    config = load_config(str(folder / "mkdocs.yml"))
    build(config)
    return sum(path.is_file() for path in Path(config.site_dir).rglob("*.html"))


def main():
    for product, theme in MANUALS.items():
        folder = lay_out(product, theme)
        log.info("building %s with theme %s", product, theme)
        log.info("%s: %d pages", product, publish(folder))


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("nightly build failed")
        sys.exit(1)
    log.info("nightly build done")
