from pathlib import Path

from pypdf import PdfReader, PdfWriter

TEMPLATE = Path(__file__).with_name("contract_template.pdf")


def field_names(template=TEMPLATE):
    return list(PdfReader(template).get_fields() or {})


def render(record, target, template=TEMPLATE):
    """Fill the form of the template; fields the record does not know stay empty."""
    writer = PdfWriter(clone_from=PdfReader(template))
    values = {name: str(record.get(name, "")) for name in field_names(template)}
    writer.update_page_form_field_values(None, values, auto_regenerate=False, flatten=True)
    writer.remove_annotations(subtypes="/Widget")
    with open(target, "wb") as out:
        writer.write(out)
    return values
