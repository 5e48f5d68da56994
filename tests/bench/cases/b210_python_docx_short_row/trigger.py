"""Import of price lists: reads the tables of Word documents that suppliers send."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s %(levelname)s %(name)s: %(message)s",
)
log = logging.getLogger("prices.import")

import io

from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn


def merge_down(cell, value):
    mark = OxmlElement("w:vMerge")
    mark.set(qn("w:val"), value)
    cell.get_or_add_tcPr().append(mark)


def price_list(short_first_row):
    """What a supplier's program writes: the first row may end early, its cell reaches into the next one."""
    document = Document()
    table = document.add_table(3, 3)
    for number, cell in enumerate(table._cells):
        cell.text = f"value {number}"
    if short_first_row:
        first, second = table.rows[0]._tr, table.rows[1]._tr
        for cell in first.tc_lst[1:]:
            first.remove(cell)
        merge_down(first.tc_lst[0], "restart")
        merge_down(second.tc_lst[0], "continue")
    target = io.BytesIO()
    document.save(target)
    return io.BytesIO(target.getvalue())


def rows(stream):
    return [[cell.text for cell in row.cells] for table in Document(stream).tables for row in table.rows]


def main():
    for supplier, short in (("nordholz", False), ("werft", True)):
        log.info("supplier=%s rows=%d", supplier, len(rows(price_list(short))))


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("price list not imported")
        sys.exit(1)
    log.info("prices imported")
