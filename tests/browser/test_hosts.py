"""A shop whose own app is called ``checkout`` takes payments with ours beside it.

The shop stands in ``tests/hosts/taken``. It has run on its database for a while; then
the wheel is installed, and the lines of README.md are written. Everything runs in
processes of the shop's own, cut off from this repository.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import zipfile
from contextlib import closing, suppress
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PATIENCE_MS, TELL_VIOLATIONS, Watch
from tests.browser.shopper import Shopper, until
from tests.support import readme, wheels

pytestmark = pytest.mark.browser

HOSTS = Path(__file__).resolve().parents[1] / "hosts"
LINES = readme.files(readme.blocks("python")[0])
WEBHOOK_SECRET = "whsec_host"
PATIENCE_SECONDS = 30

# What the shop has before it knows of us.
BEFORE = """
from checkout.models import Order
Order.objects.create(number="T-1001", total="12.50")
from django.contrib.auth.models import User
User.objects.create_superuser("olive", password="olive")
"""
AFTER = """
import json
from django.contrib.auth.models import Permission
from django.core.management import call_command, get_commands
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.template.loader import render_to_string
from checkout import models as theirs
from htmx_checkout import models as ours
call_command("reconcile")
applied = MigrationRecorder.Migration.objects.filter(name="0001_initial")
may = Permission.objects.filter(codename="view_order")
print(json.dumps({
    "theirs": [str(order) for order in theirs.Order.objects.all()],
    "ours": [order.status for order in ours.Order.objects.all()],
    "reference": ours.Order.objects.get().reference,
    "tables": connection.introspection.table_names(),
    "permissions": sorted(may.values_list("content_type__app_label", flat=True)),
    "migrated": sorted(applied.values_list("app", flat=True)),
    "commands": get_commands(),
    "both": render_to_string("checkout/both.html").strip(),
}))
"""


class Host:
    """A folder with a project in it, and a Python that has the wheel."""

    def __init__(self, folder, installed, port):
        self.folder, self.installed = folder, installed
        self.url, self.port = f"http://127.0.0.1:{port}", port

    def start(self, *arguments):
        return subprocess.Popen(
            [sys.executable, "manage.py", *arguments],
            cwd=self.folder,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(self.installed)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, *arguments):
        done = self.start(*arguments)
        said, _ = done.communicate(timeout=PATIENCE_SECONDS)
        assert done.returncode == 0, said
        return said

    def append(self, name, lines):
        with (self.folder / name).open("a") as file:
            file.write(f"\n{lines}")


@pytest.fixture(scope="module")
def old_host(tmp_path_factory):
    """The shop before: migrated, with an order of its own and a clerk."""
    folder = tmp_path_factory.mktemp("shop") / "taken"
    shutil.copytree(
        HOSTS / "taken", folder, ignore=shutil.ignore_patterns("__pycache__")
    )
    installed = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(
        wheels.build(tmp_path_factory.mktemp("wheel"), wheels.ROOT, "--wheel")
    ) as wheel:
        wheel.extractall(installed)
    host = Host(folder, installed, free_port())
    host.run("migrate", "--verbosity", "0")
    host.run("shell", "--command", BEFORE)
    return host


@pytest.fixture(scope="module")
def host(old_host, standin_server):
    """The same shop with ours added, migrated, and on a socket."""
    stripe = standin_server.base_url
    given = {
        "SECRET_KEY": "sk_test_host",
        "PUBLISHABLE_KEY": "pk_test_host",
        "WEBHOOK_SECRETS": [WEBHOOK_SECRET],
        "API_BASE": stripe,
        "SCRIPT_URL": f"{stripe}/endive/stripe.js",
    }
    for name, lines in LINES.items():
        # Theirs is at /checkout/ already.
        old_host.append(name, lines.replace('path("checkout/"', 'path("pay/"'))
    old_host.append("mysite/settings.py", f"CHECKOUT |= {given}\n")
    old_host.run("migrate", "--verbosity", "0")
    server = old_host.start("runserver", "--noreload", f"127.0.0.1:{old_host.port}")
    try:
        wait_for(old_host.url, server)
        yield old_host
    finally:
        server.terminate()
        server.communicate(timeout=PATIENCE_SECONDS)


@pytest.fixture(scope="module")
def paid(host, standin_server, chromium):
    """Ada has paid in Chromium. Yields her tab, and what must not have happened."""
    with standin_server.lock:
        standin_server.engine.clear()
        standin_server.engine.register(f"{host.url}/pay/webhook/", WEBHOOK_SECRET)
    watch = Watch({host.url, standin_server.base_url})
    with closing(chromium.new_context(locale="en-GB", base_url=host.url)) as context:
        context.set_default_timeout(PATIENCE_MS)
        context.add_init_script(TELL_VIOLATIONS)
        watch.over(context)
        # The shop has none.
        watch.expect("/favicon.ico")
        ada = Shopper(context.new_page(), host.url)
        ada.page.goto("/buy/")
        ada.go_on().see_element().type_card().pay().sees("paid")
        until(lambda: not open_deliveries(standin_server))
        yield ada, watch
    standin_server.engine.clear()


@pytest.fixture(scope="module")
def facts(paid, host):
    """What the shop's own shell says then; the last line is JSON."""
    said = host.run("shell", "--verbosity", "0", "--command", AFTER)
    return json.loads(said.splitlines()[-1]) | {"said": said}


def open_deliveries(standin_server):
    with standin_server.lock:
        deliveries = standin_server.engine.deliveries.by_id.values()
        return [delivery for delivery in deliveries if delivery.open]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(url, server):
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until and server.poll() is None:
        with suppress(URLError), urlopen(f"{url}/checkout/"):
            return
        time.sleep(0.1)
    server.kill()
    raise AssertionError(server.communicate()[0])


def test_the_migrations_of_both_are_applied_and_none_is_missing(host, facts):
    assert {"checkout", "htmx_checkout"} <= {*facts["migrated"]}
    host.run("makemigrations", "--check", "--dry-run")


def test_ours_takes_a_payment_and_breaks_no_page(paid, facts):
    _ada, watch = paid
    assert facts["ours"] == ["paid"]
    assert watch.unexpected() == []


def test_stripes_events_reach_ours(paid, standin_server):
    deliveries = standin_server.engine.deliveries.by_id.values()
    assert {delivery.status for delivery in deliveries} == {"delivered"}


def test_their_pages_and_names_stay_theirs(paid):
    ada, _watch = paid
    ada.page.goto("/checkout/")
    expect(ada.page.locator("h1")).to_have_text("Orders of the shop's own!")
    ada.page.get_by_role("link", name="T-1001").click()
    expect(ada.page.locator("h1")).to_have_text("T-1001!")


def test_both_libraries_of_tags_load_in_one_template(facts):
    assert facts["both"] == "Both! £42.00"


def test_both_admins_show_their_rows(paid, facts):
    ada, _watch = paid
    page = ada.page
    page.goto("/admin/")
    page.get_by_label("Username").fill("olive")
    page.get_by_label("Password").fill("olive")
    page.get_by_role("button", name="Log in").click()
    page.goto("/admin/checkout/order/")
    expect(page.locator("#result_list")).to_contain_text("T-1001")
    page.goto("/admin/htmx_checkout/order/")
    expect(page.locator("#result_list")).to_contain_text(facts["reference"])


def test_rows_tables_and_permissions_stand_side_by_side(facts):
    assert facts["theirs"] == ["T-1001"]
    assert {"checkout_order", "htmx_checkout_order"} <= {*facts["tables"]}
    assert facts["permissions"] == ["checkout", "htmx_checkout"]


def test_commands_of_both_are_there(host, facts):
    names = ("explain", "reconcile", "checkout_explain", "checkout_reconcile")
    apps = [facts["commands"][name] for name in names]
    assert apps == ["checkout", "checkout", "htmx_checkout", "htmx_checkout"]
    assert "The shop's own books" in facts["said"]
    assert json.loads(host.run("checkout_reconcile").splitlines()[-1])["counts"] == {}
