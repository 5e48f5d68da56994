"""Release step: compiles the translations that came back from the agency."""
import logging
import os
import sys
from pathlib import Path

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s %(levelname)s %(name)s - %(message)s",
)
log = logging.getLogger("release.i18n")

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

HEADER = (
    'msgid ""\nmsgstr ""\n'
    '"Project-Id-Version: Shop 4.2\\n"\n'
    '"POT-Creation-Date: 2026-09-01 08:12+0200\\n"\n'
    '"PO-Revision-Date: {revised}\\n"\n'
    '"Language: {locale}\\n"\n'
    '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n'
    '"MIME-Version: 1.0\\n"\n'
    '"Content-Type: text/plain; charset=utf-8\\n"\n'
    '"Content-Transfer-Encoding: 8bit\\n"\n\n'
)
DELIVERED = {
    "de": ("2026-09-14 17:40+0200", {"Basket": "Warenkorb", "Pay now": "Jetzt bezahlen"}),
    "nl": ("", {"Basket": "Winkelmand", "Pay now": "Nu betalen"}),
}


def deliver(folder):
    """What the agency's upload leaves in the folder."""
    for locale, (revised, texts) in DELIVERED.items():
        body = "\n".join(f'msgid "{source}"\nmsgstr "{target}"\n' for source, target in texts.items())
        (folder / f"{locale}.po").write_text(HEADER.format(revised=revised, locale=locale) + body, encoding="utf-8")


def compile_catalog(path):
    with path.open("rb") as file:
        catalog = read_po(file, locale=path.stem)
    with path.with_suffix(".mo").open("wb") as file:
        write_mo(file, catalog)
    return catalog


def main():
    folder = Path("translations")
    folder.mkdir(exist_ok=True)
    deliver(folder)
    for path in sorted(folder.glob("*.po")):
        log.info("compiling %s", path)
        log.info("%s: %d messages", path.stem, len(compile_catalog(path)))


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("translations not compiled")
        sys.exit(1)
