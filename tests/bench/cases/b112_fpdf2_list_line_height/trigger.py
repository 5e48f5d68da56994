"""Print service: turns the notes of an editor into PDF."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s %(levelname)s [%(threadName)s] %(name)s - %(message)s",
)
log = logging.getLogger("print.service")

from fpdf import FPDF

NOTES = {
    "agenda": "<h1>Agenda</h1><ol><li>budget</li><li>dates</li></ol>",
    "shopping": '<h1>Shopping</h1><p line-height="1.5">For Friday</p><ul line-height="2"><li>tea</li></ul>',
    "minutes": '<h1>Minutes</h1><ul style="line-height: normal" line-height="normal"><li>Anna reports</li></ul><p>end</p>',
}


def render(html):
    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("Helvetica", size=11)
    pdf.write_html(html)
    return bytes(pdf.output())


def main():
    logging.getLogger("fpdf").setLevel(logging.WARNING)
    for name, html in NOTES.items():
        log.info("note=%s bytes>500 %s", name, len(render(html)) > 500)


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("note could not be printed")
        sys.exit(1)
    log.info("queue is empty")
