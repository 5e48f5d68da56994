"""Runs the shop for real: its database, a morning's requests, and the nightly command.

Requests go through Django's handler, as a server would send them, without a socket. What happens is left in
app/logs: the shop's log, and the failures with their values.
"""

import json
import os
import sys
from datetime import datetime, timezone
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import guwu.capture

guwu.capture.install()
os.environ["DJANGO_SETTINGS_MODULE"] = "shop.production"

import django  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402

DATABASE = Path(__file__).resolve().parent / "shop.sqlite3"


def order(country: str, sku: str, quantity: int = 1, **more: Any) -> dict[str, Any]:
    """Return an order as the marketplace sends it."""
    shipping = {"street": "Main Street 1", "postcode": "10115", "country": country}
    return {
        "placed_at": "2026-03-02T09:00:00+00:00",
        "buyer": {"name": "Ada", "email": "ada@example.com"},
        "shipping": shipping,
        "items": [{"sku": sku, "quantity": quantity}],
        **more,
    }


REQUESTS = (
    ("POST", "/orders/new", order("DE", "CUP-1", 2)),
    ("POST", "/orders/new", order("AT", "POT-1", voucher="SPRING")),
    ("POST", "/orders/new", order("DE", "NO-SUCH")),
    ("GET", "/customers/1/", None),
    ("GET", "/orders/?status=open", None),
    ("GET", "/customers/77/", None),
    # From here on something goes wrong.
    ("GET", "/customers/2/", None),
    ("POST", "/orders/new", order("IE", "CUP-1", shipping={"street": "Quay 5", "country": "ie"})),
    ("POST", "/orders/new", order("ch", "CUP-1")),
    ("POST", "/orders/new", order("DE", "POT-1", 2)),
    ("GET", "/orders/", None),
)


def fill() -> None:
    """Create the database with what the shop had yesterday."""
    from orders.models import Customer, Order, Product, Voucher

    DATABASE.unlink(missing_ok=True)
    call_command("migrate", verbosity=0)
    ada = Customer.objects.create(name="Ada", email="ada@example.com")
    Customer.objects.create(name="Grace", is_company=True)
    Product.objects.create(sku="CUP-1", title="Cup", price=Decimal("9.50"), stock=40)
    Product.objects.create(sku="POT-1", title="Pot", price=Decimal("24.90"), stock=6)
    Voucher.objects.create(code="SPRING", percent=Decimal(10))
    Order.objects.create(customer=ada, placed_at=datetime(2026, 1, 12, 8, tzinfo=timezone.utc), total=Decimal("9.50"))


def drive(application: Any) -> None:
    """Send the requests one after the other, and report the answers on standard error."""
    for method, target, payload in REQUESTS:
        body = b"" if payload is None else json.dumps(payload).encode()
        path, _, query = target.partition("?")
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": "shop.local",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "CONTENT_TYPE": "application/json",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(body),
            "wsgi.errors": sys.stderr,
        }
        statuses: list[str] = []
        answer = application(environ, lambda status, headers, exc_info=None, to=statuses: to.append(status))
        text = b"".join(answer).decode()
        print(f"{statuses[0][:3]} {method} {target}  {text[:80].splitlines()[:1]}", file=sys.stderr)


def main() -> int:
    """Run the whole scenario once."""
    django.setup()
    fill()
    drive(get_wsgi_application())
    call_command("remind", "--as-of", "2026-03-02T20:00:00+00:00")
    call_command("remind", "--as-of", "2026-03-03")
    return 0


if __name__ == "__main__":
    sys.exit(main())
