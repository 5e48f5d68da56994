"""The wiki's pages, one after the other, as its export has them."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s.%(msecs)03d,%(levelname)s,%(name)s,%(message)s",
    datefmt="%Y-%m-%d %H:%M:%S",
)
log = logging.getLogger("handbook")

import handbook

PAGES = {
    "Hygiene": "<h1>Hygiene</h1><p>Wash <b>before</b> and <b>after</b>.</p><ul><li>apron</li><li>cap</li></ul>",
    "Diets": "<h1>Diets</h1><table><tr><th>Diet</th><th>Salt</th></tr><tr><td>light</td><td>3 g</td></tr></table>",
    "Menus": "<h2>Menus</h2><table><tr><th colspan=\"2\">Week 1</th></tr><tr><td>Mon</td><td>Soup</td></tr></table>",
    "Suppliers": "<h2>Suppliers</h2><table><tr><td>Bread</td><td>Hanna</td></tr>"
    "<tr><td colspan=\"100%\"><font>Orders before ten</font></td></tr></table>",
    "Rota": "<h2>Rota</h2><ol start=\"3\"><li>early</li><li>late</li></ol>",
}


def main():
    lost = []
    for title, html in PAGES.items():
        try:
            text = handbook.convert(html)
        except Exception:
            log.exception("page %s is left out", title)
            lost.append(title)
        else:
            log.info("page %s: %d lines", title, text.count("\n"))
    log.info("%d of %d pages moved", len(PAGES) - len(lost), len(PAGES))
    return len(lost)


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
