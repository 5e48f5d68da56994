"""Search index: reads the text of the PDF files that customers hand in."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s %(levelname)-7s %(name)s | %(message)s",
)
log = logging.getLogger("index.pdf")

import io

from pdfminer.high_level import extract_text

TEXT = b"BT /F1 12 Tf 72 700 Td (Invoice 4711) Tj ET"
PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox %s /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"
BOXES = {"invoice.pdf": b"[0 0 595 842]", "scan.pdf": b"[0 0 7 0 R 8 0 R]"}


def document(box):
    """A PDF of one page, as two kinds of customers' printers write it."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        PAGE % box,
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(TEXT), TEXT),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"null",
        b"595",
        b"842",
    ]
    out, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n" % size + table + trailer


def words(pdf):
    return extract_text(io.BytesIO(pdf)).split()


def main():
    for name, box in BOXES.items():
        log.info("%s words=%s", name, words(document(box)))


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("file not indexed")
        sys.exit(1)
    log.info("index is up to date")
