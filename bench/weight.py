"""What a browser fetches from us for the pay page, and how much of it is script."""

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

from django.contrib.staticfiles import finders

from bench.figure import Figure
from stripe_standin.shell.server import Server
from tests.support.cast import open_payment, shopper

ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = {".js", ".mjs", ".ts"}


def measure(standin: Server) -> Iterator[Figure]:
    """Bytes of the pay page without Stripe.js, gzipped one by one as servers do."""
    ours = [path for path in (ROOT / "static").rglob("*") if path.suffix in SCRIPTS]
    yield Figure("Own JavaScript files in static/", len(ours), "files", 0)

    ada = shopper()
    page = ada.get("/checkout/").content
    (inline,) = re.findall(rb"<script(?![^>]*src=)[^>]*>(.*?)</script>", page, re.S)
    yield Figure("Inline script", len(inline), "bytes", 2500)

    html = ada.post("/checkout/payment/", {"email": "ada@example.com"}).content
    files = re.findall(rb'(?:href|src)="/static/([^"]+\.(?:css|js|svg))"', html)
    names = sorted({name.decode() for name in files})
    sizes = {name: _zipped(_read(name)) for name in names}
    yield Figure("  pay page (HTML)", _zipped(html), "bytes gz")
    for name, size in sizes.items():
        yield Figure(f"  {name}", size, "bytes gz")
    whole = _zipped(html) + sum(sizes.values())
    yield Figure("Own bytes of the pay page, gzipped", whole, "bytes", 35_000)
    partial = _zipped(open_payment(ada).content)
    yield Figure("The payment partial alone, gzipped", partial, "bytes")


def _read(name: str) -> bytes:
    return Path(str(finders.find(name))).read_bytes()


def _zipped(content: bytes) -> int:
    return len(gzip.compress(content, 9, mtime=0))
