"""Dispatch: picks the orders out of the day's export that have to leave first."""
import logging
import os
import sys
from pathlib import Path
from xml.etree import ElementTree

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s %(levelname)s [%(name)s] %(message)s",
)
log = logging.getLogger("dispatch")

import xmlschema
from elementpath import XPath2Parser, XPathContext
from xmlschema.xpath import XMLSchemaProxy

SCHEMA = """
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
  <xs:simpleType name="Labels"><xs:list itemType="xs:token"/></xs:simpleType>
  <xs:element name="export"><xs:complexType><xs:sequence>
    <xs:element name="order" maxOccurs="unbounded"><xs:complexType><xs:sequence>
      <xs:element name="number" type="xs:string"/>
      <xs:element name="labels" type="Labels" minOccurs="0"/>
    </xs:sequence></xs:complexType></xs:element>
  </xs:sequence></xs:complexType></xs:element>
</xs:schema>
"""
EXPORTS = {
    "monday.xml": "<export><order><number>1001</number><labels>urgent fragile</labels></order></export>",
    "tuesday.xml": "<export><order><number>1002</number><labels/></order>"
    "<order><number>1003</number><labels>gift urgent</labels></order></export>",
}


def main():
    Path("export.xsd").write_text(SCHEMA.strip(), encoding="utf-8")
    for name, text in EXPORTS.items():
        Path(name).write_text(text, encoding="utf-8")

    schema = xmlschema.XMLSchema("export.xsd")
    urgent = XPath2Parser(schema=XMLSchemaProxy(schema)).parse("/export/order[labels = 'urgent']/number")
    for name in EXPORTS:
        schema.validate(name)
        root = ElementTree.parse(name).getroot()
        numbers = [number.text for number in urgent.get_results(XPathContext(root))]
        log.info("%s: %s", name, ", ".join(numbers) or "nothing urgent")


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("export could not be read")
        sys.exit(1)
