"""Fire alarm centre: reports of the detectors are kept as they came, BER in a table; a job reads those of the hour."""
import logging
import os
import sqlite3
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s.%(msecs)03d %(levelname)s centre.%(name)s - %(message)s",
    datefmt="%d/%m/%Y %H:%M:%S",
)
log = logging.getLogger("reports")

from pyasn1.codec.ber import decoder, encoder
from pyasn1.error import PyAsn1Error
from pyasn1.type import namedtype, univ


class Report(univ.Sequence):
    componentType = namedtype.NamedTypes(
        namedtype.NamedType("detector", univ.Integer()),
        namedtype.NamedType("place", univ.OctetString()),
        namedtype.NamedType("smoke", univ.Boolean()),
    )


def report(detector, place, smoke):
    value = Report()
    value["detector"], value["place"], value["smoke"] = detector, place.encode(), smoke
    return encoder.encode(value)


def receive(database):
    """Detector 412 hangs on a bad line: where the length of its number should be, there is noise."""
    good = report(412, "boiler room", False)
    noisy = good[:3] + bytes([0x90, *range(0xA1, 0xB1)]) + good[4:]
    for payload in (report(407, "stairs, 2nd floor", False), noisy, report(418, "archive", True)):
        database.execute("INSERT INTO inbox (payload) VALUES (?)", (payload,))


def read_hour(database):
    alarms = []
    for number, payload in database.execute("SELECT rowid, payload FROM inbox ORDER BY rowid").fetchall():
        try:
            value, _ = decoder.decode(payload, asn1Spec=Report())
        except PyAsn1Error as error:
            log.warning("report %d unreadable: %s", number, type(error).__name__)
            continue
        if value["smoke"]:
            alarms.append(bytes(value["place"]).decode())
    return alarms


def main():
    database = sqlite3.connect("centre.sqlite3")
    try:
        database.execute("CREATE TABLE inbox (payload BLOB NOT NULL)")
        receive(database)
        for place in read_hour(database):
            log.warning("smoke: %s", place)
    finally:
        database.close()


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("reports of the hour not read")
        sys.exit(1)
