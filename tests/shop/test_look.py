"""The look keeps its promises: contrast, schemes, layers, directions, size."""

import gzip
import json
import re
from pathlib import Path

import pytest

STATIC = Path(__file__).resolve().parents[2] / "static"
# The desk's sheet is laid over Django's own, which knows neither layers nor tokens.
SHEETS = sorted(set(STATIC.rglob("*.css")) - set(STATIC.glob("htmx_checkout/admin/*")))
COLOUR = re.compile(r"--checkout-([\w-]+): (#[0-9a-f]{6});")
ON_PAPER = ["paper", "tint", "field"]


def scheme(name):
    """The colours of one scheme, dark ones laid over the light."""
    text = (STATIC / "htmx_checkout/tokens.css").read_text()
    light, dark, *_ = re.split(r"@media", text)
    found = dict(COLOUR.findall(light))
    return found | dict(COLOUR.findall(dark)) if name == "dark" else found


def luminance(colour):
    """WCAG 2.2, relative luminance."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    """WCAG 2.2, contrast ratio: 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.fixture(params=["light", "dark"])
def colours(request):
    return scheme(request.param)


@pytest.mark.parametrize("ground", ON_PAPER)
@pytest.mark.parametrize("text", ["ink", "ink-soft", "accent", "bad", "wait"])
def test_words_can_be_read_on_every_ground(colours, text, ground):
    assert contrast(colours[text], colours[ground]) >= 4.5


@pytest.mark.parametrize("voice", ["accent", "bad", "wait"])
def test_notices_can_be_read(colours, voice):
    wash = colours[f"{voice}-wash"]
    assert contrast(colours["ink"], wash) >= 4.5
    assert contrast(colours[voice], wash) >= 4.5


def test_the_words_of_the_button_can_be_read(colours):
    assert contrast(colours["accent-ink"], colours["accent"]) >= 4.5


@pytest.mark.parametrize("ground", ON_PAPER)
@pytest.mark.parametrize("line", ["edge", "ring"])
def test_the_edge_of_a_field_and_the_focus_ring_can_be_seen(colours, line, ground):
    assert contrast(colours[line], colours[ground]) >= 3


@pytest.mark.parametrize(("name", "theme"), [("light", "stripe"), ("dark", "night")])
def test_the_element_wears_the_colours_of_the_page(name, theme):
    text = (STATIC / "htmx_checkout/payment.css").read_text()
    given = re.findall(r"--checkout-appearance: (\{.*?\n\s*\});", text, re.DOTALL)
    appearance = json.loads(given[name == "dark"])
    colours, variables = scheme(name), appearance["variables"]
    assert appearance["theme"] == theme
    assert variables["colorPrimary"] == colours["accent"]
    assert variables["colorBackground"] == colours["field"]
    assert variables["colorText"] == colours["ink"]
    assert variables["colorTextSecondary"] == colours["ink-soft"]
    assert variables["colorDanger"] == colours["bad"]


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_each_sheet_stays_in_its_layer_so_that_a_host_wins(sheet):
    text = re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.DOTALL)
    layer = "shop" if sheet.parent.name == "shop" else r"checkout\.\w+"
    depth, outside = 0, ""
    for character in text:
        depth += {"{": 1, "}": -1}.get(character, 0)
        outside += (character if character not in "{}" else ";") if depth == 0 else ""
    for rule in filter(None, map(str.strip, outside.split(";"))):
        assert re.fullmatch(rf"@layer ({layer}|checkout[\w., ]+, shop)", rule)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_no_sheet_knows_left_from_right(sheet):
    physical = r"^\s*((margin|padding|border|inset)-(left|right)|left|right|float):"
    assert not re.search(physical, sheet.read_text(), re.MULTILINE)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_a_sheet_uses_no_property_that_nobody_sets(sheet):
    everything = "".join(one.read_text() for one in SHEETS)
    known = set(re.findall(r"(--[\w-]+):", everything))
    assert set(re.findall(r"var\((--[\w-]+)", sheet.read_text())) <= known


def test_the_look_of_the_pay_page_is_light():
    sheets = (STATIC / "htmx_checkout").glob("*.css")
    assert sum(len(gzip.compress(sheet.read_bytes(), 9)) for sheet in sheets) <= 9_500


def test_there_is_no_script_of_ours_in_a_file():
    assert list(STATIC.rglob("*.js")) == []
