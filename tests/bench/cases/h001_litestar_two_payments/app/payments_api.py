"""Payments service: which payment belongs to an order."""
import logging
from typing import Any

import msgspec
from litestar import Litestar, get
from litestar.openapi import OpenAPIConfig

log = logging.getLogger("payments.web")


class CardPayment(msgspec.Struct, tag="card"):
    order: int
    last_digits: str


class BankTransfer(msgspec.Struct, tag="transfer"):
    order: int
    iban: str


PAYMENTS = {
    4711: CardPayment(order=4711, last_digits="0042"),
    4712: BankTransfer(order=4712, iban="DE02120300000000202051"),
}


@get("/orders/{order:int}/payment")
async def payment_of_order(order: int) -> CardPayment | BankTransfer | None:
    return PAYMENTS.get(order)


async def log_failure(exc: Exception, scope: Any) -> None:
    log.error("unhandled error in %s %s", scope["method"], scope["path"], exc_info=exc)


def create_app() -> Litestar:
    return Litestar(
        route_handlers=[payment_of_order],
        after_exception=[log_failure],
        logging_config=None,
        openapi_config=OpenAPIConfig(title="Payments", version="3.2.0"),
    )
