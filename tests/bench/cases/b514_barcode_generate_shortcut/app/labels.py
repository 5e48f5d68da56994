"""Labels of a warehouse: a barcode for each parcel, kept as a picture until it is printed."""
from io import BytesIO

import barcode

SMALL = {"module_height": 8.0, "font_size": 8, "text_distance": 3.0}


def shelf(number):
    """Label of a shelf, as bytes of SVG."""
    picture = BytesIO()
    barcode.get("code39", f"S{number:04d}", options={"add_checksum": False}).write(picture)
    return picture.getvalue()


def parcel(code, kind="code128"):
    """Label of a parcel, smaller than that of a shelf."""
    picture = BytesIO()
    barcode.generate(kind, code, output=picture, writer_options=SMALL)
    return picture.getvalue()
