"""Monthly report as a spreadsheet: bold first column, column widths as the text needs them."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(levelname)s %(asctime)s %(process)d %(name)s %(message)s",
)
log = logging.getLogger("reports")

import io

import xlsxwriter

ROWS = [("customer", "orders", "revenue"), ("Hansen & Sons", 12, 1840.5), ("Norddeutsche Lager GmbH", 3, 220.0)]


def report(rows, bold_column=None):
    target = io.BytesIO()
    workbook = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = workbook.add_worksheet("November")
    if bold_column is not None:
        sheet.set_column(bold_column, bold_column, None, workbook.add_format({"bold": True}))
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    sheet.autofit()
    workbook.close()
    return target.getvalue()


def main():
    log.info("report=orders bytes>0 %s", len(report(ROWS)) > 0)
    log.info("report=customers bytes>0 %s", len(report(ROWS, bold_column=0)) > 0)


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("report failed")
        sys.exit(1)
    log.info("reports sent")
