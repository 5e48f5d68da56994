"""Checks messages of devices before they go on to the database."""
import logging

from typeguard import TypeCheckError, check_type

from .rules import KINDS

log = logging.getLogger("intake.check")


def problems(message):
    rules = KINDS.get(message.get("kind"))
    if rules is None:
        return ["unknown kind"]
    found = []
    for field, expected in rules.items():
        try:
            check_type(message.get(field), expected)
        except TypeCheckError as error:
            found.append(f"{field} {error}")
    return found


def accept(messages):
    """The messages that are well formed; the others are noted and dropped."""
    good = []
    for number, message in enumerate(messages):
        try:
            found = problems(message)
        except Exception:
            log.exception("message %d (%s) could not be checked", number, message.get("serial"))
            continue
        if found:
            log.warning("message %d dropped: %s", number, "; ".join(found))
        else:
            good.append(message)
    return good
