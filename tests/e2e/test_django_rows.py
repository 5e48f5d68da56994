"""What a Django site needs around a call: rows that the failing code asks the database for, somebody who is logged in."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import REPOSITORY, Project, clean_environment

SETTINGS = '''"""Settings."""

from pathlib import Path

SECRET_KEY = "not one"
ROOT_URLCONF = "site_urls"
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "django.contrib.sessions", "depot"]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    *(["guwu.capture.django.CaptureMiddleware"] if Path("production").exists() else []),
]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "depot.sqlite3"}}
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
USE_TZ = True
ALLOWED_HOSTS = ["*"]
'''

MODELS = '''"""What is stored."""

from django.conf import settings
from django.db import models
from django.db.models.signals import post_save


class Product(models.Model):
    """Something that is sold."""

    sku = models.CharField(max_length=12, unique=True)
    weight = models.DecimalField(max_digits=6, decimal_places=2)
    since = models.DateTimeField()


class Customer(models.Model):
    """Somebody who buys."""

    name = models.CharField(max_length=40)
    api_token = models.CharField(max_length=40, unique=True)
    account = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE)


class Order(models.Model):
    """What a customer has bought."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="orders")
    placed_at = models.DateTimeField(auto_now_add=True)
    note = models.CharField(max_length=40, blank=True)

    def save(self, *args, **kwargs):
        """Would send a mail."""
        if not MAILS:
            raise OSError("no mail is sent from a test")
        super().save(*args, **kwargs)

    def weight(self):
        """What all lines weigh."""
        return sum(line.weight() for line in self.lines.order_by("pk"))


class Line(models.Model):
    """A product of an order."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="lines")
    product = models.ForeignKey(Product, models.PROTECT)
    quantity = models.IntegerField(null=True)

    def weight(self):
        """What the line weighs."""
        return self.quantity * 2


class Shipment(models.Model):
    """Something on its way."""

    state = models.CharField(max_length=12)


class Parcel(Shipment):
    """With a number of its own."""

    number = models.CharField(max_length=12)
    order = models.ForeignKey(Order, models.CASCADE)

    def deliver(self, receipt, limit=None):
        """Hand it over."""
        self.refresh_from_db()
        self.state = "delivered"
        self.save(update_fields=["state"])
        return Shipment.objects.get(pk=self.pk).state + receipt.text


class Receipt(models.Model):
    """Signed by who took it; not saved before that."""

    text = models.CharField(max_length=40, null=True)


MAILS = []


def no_signal(sender, instance, **more):
    """Would send another."""
    if not MAILS:
        raise OSError("no mail is sent from a test")


post_save.connect(no_signal, sender=Order)
post_save.connect(no_signal, sender=Line)


def heaviest(customer_id):
    """Of a customer's orders, by what they weigh."""
    customer = Customer.objects.get(pk=customer_id)
    return max(order.weight() for order in customer.orders.all())


def doubled(order_id):
    """Twice of everything."""
    lines = Line.objects.filter(order_id=order_id).order_by("pk")
    return [line.quantity * 2 for line in lines]


def shelf():
    """What stands on it."""
    return [sku + 1 for sku in Product.objects.values_list("sku", flat=True)]
'''

VIEWS = '''"""Pages."""

from django.contrib.auth.decorators import login_required
from django.http import JsonResponse
from django.urls import path

from depot.models import Order, shelf


def order_page(request, pk):
    """What an order weighs."""
    order = Order.objects.get(pk=pk)
    return JsonResponse({"weight": order.weight()})


@login_required
def closed_page(request, pk):
    """The same, for people who are known."""
    return order_page(request, pk)


def shelf_page(request, pk):
    """What stands on a shelf."""
    return JsonResponse({"shelf": shelf()})


urlpatterns = [
    path("orders/<int:pk>/", order_page),
    path("closed/<int:pk>/", closed_page),
    path("shelf/<int:pk>/", shelf_page),
]
'''

PROGRAM = '''
import logging, os, sys
from datetime import datetime, timezone
from io import BytesIO
from pathlib import Path

os.environ["DJANGO_SETTINGS_MODULE"] = "site_settings"
Path("app/logs").mkdir(parents=True)
Path("production").touch()
import guwu.capture

guwu.capture.install()
import django

django.setup()
from django.contrib.auth.models import User
from django.core.management import call_command

from depot import models

logging.basicConfig(filename="app/logs/app.log", format="%(asctime)s %(levelname)s %(name)s: %(message)s")
call_command("migrate", run_syncdb=True, verbosity=0)
models.MAILS.append("a server is there")
for name in ("other", "ada"):
    user = User.objects.create_user(name, password="secret")
    customer = models.Customer.objects.create(name=name, api_token=f"token-of-{name}-0123456789", account=user)
    order = models.Order.objects.create(customer=customer, note=f"for {name}")
product = models.Product.objects.create(sku="CUP", weight="1.5", since=datetime(2026, 1, 1, tzinfo=timezone.utc))
models.Line.objects.create(order=order, product=product, quantity=3)
models.Line.objects.create(order=order, product=product, quantity=None)
parcel = models.Parcel.objects.create(number="P 1", state="sent", order=order)


scenario = sys.argv[1]
try:
    if scenario == "method":
        models.Order.objects.get(pk=order.pk).weight()
    elif scenario == "key":
        models.heaviest(customer.pk)
    elif scenario == "local":
        models.doubled(order.pk)
    elif scenario == "parcel":
        models.Parcel.objects.get(pk=parcel.pk).deliver(models.Receipt())
    else:
        from django.core.wsgi import get_wsgi_application
        from django.test import Client

        client = Client()
        client.force_login(user)
        environ = {
            "REQUEST_METHOD": "GET", "PATH_INFO": f"/{scenario}/{order.pk}/", "SERVER_NAME": "depot.local", "SERVER_PORT": "80",
            "wsgi.url_scheme": "http", "wsgi.input": BytesIO(), "wsgi.errors": sys.stderr, "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_COOKIE": f"sessionid={client.cookies['sessionid'].value}",
        }
        get_wsgi_application()(environ, lambda *answer: None)
except TypeError:
    logging.getLogger("depot").exception("that did not work")
Path("production").unlink()
'''

BUGS = {
    "return self.quantity * 2": "return (self.quantity or 0) * 2",
    "[line.quantity * 2 for": "[(line.quantity or 0) * 2 for",
    "[sku + 1 for": '[f"{sku}1" for',
    ".state + receipt.text": '.state + (receipt.text or "")',
}


def depot(folder: Path, *, plugin: bool) -> Project:
    """The project, not yet run."""
    root = folder / "depot"
    (root / "depot").mkdir(parents=True)
    (root / "tests").mkdir()
    (root / "depot" / "__init__.py").write_text("")
    (root / "depot" / "models.py").write_text(MODELS)
    (root / "site_settings.py").write_text(SETTINGS)
    (root / "site_urls.py").write_text(VIEWS)
    (root / "production.py").write_text(PROGRAM)
    if plugin:
        (root / "pytest.ini").write_text("[pytest]\nDJANGO_SETTINGS_MODULE = site_settings\npythonpath = .\n")
        (root / "tests" / "test_depot.py").write_text(
            "import pytest\n\nfrom depot.models import Receipt\n\n\n"
            "@pytest.mark.django_db\ndef test_it_is_empty():\n    assert not Receipt.objects.exists()\n"
        )
    return Project(root)


def run(project: Project, scenario: str, *, capture: bool = True) -> None:
    """A failure in production, whose database the tests do not have."""
    if not capture:
        program = project.root / "production.py"
        text = program.read_text().replace('Path("production").touch()\nimport guwu.capture\n\nguwu.capture.install()\n', "")
        program.write_text(text.replace('Path("production").unlink()\n', ""))
        assert "guwu" not in program.read_text()
    subprocess.run(
        [sys.executable, "production.py", scenario],
        cwd=project.root, check=True, timeout=60,
        env={**clean_environment(), "PYTHONPATH": str(REPOSITORY / "python" / "src")},
    )  # fmt: skip
    (project.root / "depot.sqlite3").unlink()


def the_test(project: Project) -> tuple[dict[str, Any], Path]:
    """Scan; the one test, which is red."""
    (group,) = project.json("scan")["groups"]
    (candidate,) = group["candidates"]
    assert candidate["state"] in ("created", "staged"), candidate
    if candidate["state"] == "staged":
        assert project.guwu("accept", group["id"]).returncode == 0
    assert "reproduces" in {e["name"] for e in candidate["evidence"]}, candidate
    test = project.root / candidate["path"]
    red = project.pytest(candidate["path"])
    assert red.returncode == 1, red.stdout
    assert red.stdout.splitlines()[-1].startswith("1 failed in"), red.stdout
    assert "TypeError: unsupported operand" in red.stdout or "TypeError: can only concatenate" in red.stdout, red.stdout
    return candidate, test


def is_green_once_fixed(project: Project, test: Path) -> None:
    """Nothing is red any more, at the end of the test neither."""
    models = project.root / "depot" / "models.py"
    text = models.read_text()
    for bug, fix in BUGS.items():
        text = text.replace(bug, fix)
    models.write_text(text)
    green = project.pytest(str(test.relative_to(project.root)))
    assert green.returncode == 0, green.stdout
    assert green.stdout.splitlines()[-1].startswith("1 passed in"), green.stdout


@pytest.mark.parametrize("plugin", [False, True], ids=["django", "pytest-django"])
def test_a_method_finds_the_rows_that_it_asks_for(plugin: bool, tmp_path: Path) -> None:
    project = depot(tmp_path, plugin=plugin)
    run(project, "method")
    candidate, test = the_test(project)
    text = test.read_text()
    assert "order.weight()" in text, text
    # Without the rows there is nothing to ask for, and nothing fails.
    lines = text.splitlines()
    (at,) = [n for n, line in enumerate(lines) if line.startswith("    write_rows(")]
    test.write_text("\n".join([*lines[:at], *lines[at + 1 :]]) + "\n")
    assert project.pytest(candidate["path"]).returncode == 0
    test.write_text(text)
    is_green_once_fixed(project, test)
    assert [t["outcome"] for t in project.json("verify")["tests"]] == ["green"]


def test_a_key_leads_to_what_other_functions_had(tmp_path: Path) -> None:
    project = depot(tmp_path, plugin=True)
    run(project, "key")
    _, test = the_test(project)
    text = test.read_text()
    assert "heaviest(2)" in text, text
    assert "0123456789" not in text, "a secret stays one"
    is_green_once_fixed(project, test)


def test_rows_that_only_a_variable_held_are_there(tmp_path: Path) -> None:
    project = depot(tmp_path, plugin=True)
    run(project, "local")
    _, test = the_test(project)
    text = test.read_text()
    assert "doubled(2)" in text, text
    (written,) = [line for line in text.splitlines() if line.startswith("    write_rows(")]
    assert "line" in written, text
    is_green_once_fixed(project, test)


def test_a_request_finds_the_rows_of_the_view(tmp_path: Path) -> None:
    project = depot(tmp_path, plugin=False)
    run(project, "orders")
    candidate, test = the_test(project)
    assert candidate["strategy"] == "request", candidate
    assert 'Client().get("/orders/2/")' in test.read_text()
    is_green_once_fixed(project, test)


@pytest.mark.parametrize("capture", [True, False], ids=["captured", "log"])
@pytest.mark.parametrize("plugin", [False, True], ids=["django", "pytest-django"])
def test_rows_that_nobody_captured_are_made_up_for_a_draft(plugin: bool, capture: bool, tmp_path: Path) -> None:
    project = depot(tmp_path, plugin=plugin)
    run(project, "shelf", capture=capture)
    candidate, test = the_test(project)
    assert (candidate["strategy"], candidate["tier"]) == ("request", "draft"), candidate
    evidence = {e["name"] for e in candidate["evidence"]}
    assert ("made-up" if capture else "values-invented") in evidence, candidate
    text = test.read_text()
    (made,) = [line for line in text.splitlines() if line.startswith("    make_rows(2, ")]
    assert "Product" in made, text
    is_green_once_fixed(project, test)


@pytest.mark.parametrize("plugin", [False, True], ids=["django", "pytest-django"])
def test_where_nobody_is_let_in_unknown_somebody_is_logged_in(plugin: bool, tmp_path: Path) -> None:
    project = depot(tmp_path, plugin=plugin)
    run(project, "closed")
    candidate, test = the_test(project)
    assert candidate["strategy"] == "request", candidate
    text = test.read_text()
    assert "client.force_login(somebody)" in text, text
    assert 'client.get("/closed/2/")' in text, text
    is_green_once_fixed(project, test)


def test_a_row_with_parts_in_two_tables_is_read_and_saved_again(tmp_path: Path) -> None:
    project = depot(tmp_path, plugin=True)
    run(project, "parcel")
    _, test = the_test(project)
    text = test.read_text()
    assert "parcel.deliver(Receipt(" in text.replace("receipt = Receipt", "parcel.deliver(Receipt"), text
    (written,) = [line for line in text.splitlines() if line.startswith("    write_rows(")]
    assert "receipt" not in written, "what was not saved is no row"
    is_green_once_fixed(project, test)
