"""A real Chromium before a real server, and a watch that forgives nothing."""

import os
import re
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings as site
from django.urls import reverse
from playwright.sync_api import expect, sync_playwright

from tests.browser.shopper import Shopper

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
# Features that only cost time. The first two are pages of the address bar, which each
# new window would load: a second of work for every test, and nobody sees them. Chromium
# heeds the last list that it is given, so the rest of Playwright's own is here again.
FEATURES_OFF = [
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
    "SpareRendererForSitePerProcess",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsUpgrades",
    "MediaRouter",
    "OptimizationHints",
    "PaintHolding",
    "ThirdPartyStoragePartitioning",
]
QUIET = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-sync",
    "--no-first-run",
    f"--disable-features={','.join(FEATURES_OFF)}",
]
# Playwright turns this cache off; shoppers have it on.
BACK_FORWARD_CACHE_OFF = "--disable-back-forward-cache"
PATIENCE_MS = 10_000

# A violation in any frame becomes a console error, and those all count.
TELL_VIOLATIONS = """
addEventListener("securitypolicyviolation", (event) =>
  console.error("Policy:", event.effectiveDirective, event.blockedURI));
"""

HERE = Path(__file__).parent

expect.set_options(timeout=PATIENCE_MS)


def pytest_collection_modifyitems(items):
    """Whatever stands in this folder needs a browser."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker("browser")


@pytest.fixture(scope="session")
def chromium():
    """The one browser of this process; each test gets a context of its own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=QUIET,
            ignore_default_args=[BACK_FORWARD_CACHE_OFF],
        )
        yield browser
        browser.close()


@dataclass
class Watch:
    """Everything that must not happen on a page, unless a test says that it will."""

    origins: set[str]
    troubles: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def over(self, context):
        context.on("console", self.heard)
        context.on("weberror", lambda error: self.note(f"uncaught: {error.error}"))
        context.on("request", self.requested)

    def expect(self, *patterns):
        """Let troubles pass that match one of these regular expressions.

        Chromium itself writes each failed request into the console.
        """
        self.expected += patterns

    def heard(self, message):
        if message.type == "error":
            self.note(f"{message.text} ({message.location['url']})")

    def requested(self, request):
        parts = urlsplit(request.url)
        web = parts.scheme in ("http", "https")
        if web and f"{parts.scheme}://{parts.netloc}" not in self.origins:
            self.note(f"asked a stranger: {request.url}")

    def note(self, trouble):
        self.troubles.append(trouble)

    def unexpected(self):
        return [
            trouble
            for trouble in self.troubles
            if not any(re.search(pattern, trouble) for pattern in self.expected)
        ]


@pytest.fixture
def htmx_major():
    """Which htmx the pages load; `both_htmx` runs a test on either."""
    return 2


@pytest.fixture
def shop(live_server, standin, settings, htmx_major):
    """Fern & Quill on a socket, with the stand-in posting its events to it."""
    settings.CHECKOUT = settings.CHECKOUT | {"HTMX_MAJOR": htmx_major}
    hook = live_server.url + reverse("htmx_checkout:webhook")
    with standin.server.lock:
        standin.server.engine.register(hook, site.CHECKOUT["WEBHOOK_SECRETS"][0])
    yield live_server
    fall_silent(standin)


def fall_silent(standin):
    """Let no delivery arrive after the test, when its rows are being deleted."""
    until = time.monotonic() + 5
    while time.monotonic() < until:
        with standin.server.lock:
            deliveries = standin.server.engine.deliveries.by_id.values()
            if not any(delivery.status == "sending" for delivery in deliveries):
                standin.server.engine.clear()
                return
        time.sleep(0.01)
    raise AssertionError("A delivery hangs.")


@pytest.fixture
def watch(shop, standin):
    """Fails the test for any policy violation, page error or console error."""
    watch = Watch({shop.url, standin.base_url})
    yield watch
    assert watch.unexpected() == []


@pytest.fixture
def open_browser(chromium, shop, watch):
    """Opens a browser of its own for a shopper: a context without any history."""
    contexts = []

    def open_(**options):
        how = {"locale": "en-GB", "reduced_motion": "reduce", "base_url": shop.url}
        context = chromium.new_context(**how | options)
        context.set_default_timeout(PATIENCE_MS)
        context.add_init_script(TELL_VIOLATIONS)
        watch.over(context)
        contexts.append(context)
        return context

    yield open_
    for context in contexts:
        context.close()


@pytest.fixture
def ada(open_browser, shop):
    """Ada, with an open tab and an empty bag."""
    return Shopper(open_browser().new_page(), shop.url)
