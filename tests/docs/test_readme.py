"""What the documents promise is there: names exist, and tables agree with code."""

import ast
import inspect
import re
from dataclasses import MISSING, fields

import pytest
from django.template.loader import get_template
from django.urls import get_resolver
from django.utils.module_loading import import_string

import htmx_checkout
from htmx_checkout import exceptions, signals
from htmx_checkout.conf import Conf
from tests.support import readme
from tests.support.readme import ROOT, rows, ticked

PAGES = sorted(
    page for at in ("*.md", "docs/**/*.md", "checkout/*/*.md") for page in ROOT.glob(at)
)
NAMES = ticked(readme.PROSE)
RULES = (ROOT / "CONTRIBUTING.md").read_text()
ROOMS = ("bin/", "checkout/", "docs/", "site/", "static/", "templates/", "tests/")
MUST_BE_SET = {"SECRET_KEY", "PUBLISHABLE_KEY", "WEBHOOK_SECRETS"}
STRANGE = {
    "a machine": r"(?<![\w.])/(?:home|root|work|tmp|Users)/",
    "a registry": r"index-url|pypi",
    "an address": r"\b(?!127\.0\.0\.1)\d+\.\d+\.\d+\.\d+\b",
}

each_page = pytest.mark.parametrize(
    "page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix()
)


def exists(path):
    return any(ROOT.glob(path.rstrip("/")))


# --- Tables -------------------------------------------------------------------


def test_the_table_of_settings_names_each_setting_and_its_default():
    told = {
        key.strip("`"): ast.literal_eval(value.strip("`")) if value else MISSING
        for key, value, _meaning in rows("Settings")
    }
    real = {field.name.upper(): field.default for field in fields(Conf)}
    assert told == real | dict.fromkeys(MUST_BE_SET, MISSING)


def test_the_table_of_signals_names_each_signal():
    told = {name for row in rows("Signals") for name in ticked(row[0])}
    real = {
        f"htmx_checkout.signals.{name}"
        for name, value in vars(signals).items()
        if isinstance(value, signals.Signal)
    }
    assert told == real


def test_the_table_of_templates_names_each_template_and_no_other():
    told = [name for row in rows("Templates and looks") for name in ticked(row[0])]
    folder = ROOT / "templates/htmx_checkout"
    real = [path.relative_to(folder).as_posix() for path in folder.rglob("*.html")]
    assert sorted(told) == sorted(real)
    for name in told:
        get_template(f"htmx_checkout/{name}")


def test_the_table_of_refusals_names_each_refusal():
    told = {
        tuple(ticked(code + name))
        for code, name, _when in rows("Currencies, and what is refused")
    }
    real = {
        (error.code, name)
        for name, error in inspect.getmembers(exceptions, inspect.isclass)
        if issubclass(error, exceptions.DraftRefused)
    }
    assert told == real - {("draft_refused", "DraftRefused")}


# --- Names --------------------------------------------------------------------


@each_page
def test_each_path_that_is_named_exists(page):
    text = page.read_text()
    named = {name.split("::")[0] for name in ticked(text) if name.startswith(ROOMS)}
    named |= set(re.findall(r'src(?:set)?="([^"]+)"', text))
    named |= set(re.findall(r"\]\(([^)#]+)\)", text))
    assert [path for path in named if not exists(path)] == []


@pytest.mark.parametrize("line", re.findall(r"^ {4}(\S+/) ", RULES, re.MULTILINE))
def test_each_room_that_is_named_exists(line):
    assert (ROOT / line).is_dir()


@pytest.mark.parametrize("name", [name for name in NAMES if "::" in name])
def test_each_test_named_in_the_readme_exists(name):
    path, function = name.split("::")
    assert f"def {function}(" in (ROOT / path).read_text()


def test_each_url_named_in_the_readme_exists():
    known = get_resolver().namespace_dict["htmx_checkout"][1].reverse_dict
    named = {name for name in NAMES if re.fullmatch(r"htmx_checkout:\w+", name)}
    assert "htmx_checkout:payment" in named
    assert {name for name in named if name.split(":")[1] not in known} == set()


def test_each_dotted_name_in_the_readme_can_be_imported():
    names = [name for name in NAMES if re.fullmatch(r"htmx_checkout(\.\w+){2,}", name)]
    assert "htmx_checkout.redaction.SecretsFilter" in names
    for name in names:
        import_string(name)


def test_each_section_that_the_readme_links_to_exists():
    heads = re.findall(r"^#+ (.+)$", readme.TEXT, re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads}
    links = set(re.findall(r"\]\(#([^)]+)\)", readme.TEXT))
    assert links
    assert links <= anchors


def test_each_token_named_in_the_readme_exists():
    sheets = "".join(
        path.read_text() for path in ROOT.glob("static/htmx_checkout/*.css")
    )
    named = set(re.findall(r"--checkout-[\w-]+", readme.TEXT))
    assert "--checkout-accent" in named
    assert {token for token in named if f"{token}:" not in sheets} == set()


# --- Commands -----------------------------------------------------------------


@each_page
def test_each_make_target_that_is_named_exists(page):
    targets = re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    named = re.findall(r"(?:^ {4}|`)make (\w+)", page.read_text(), re.MULTILINE)
    assert set(named) <= set(targets)


def test_each_command_names_files_that_exist():
    files = {
        word
        for line in readme.commands()
        for word in line.split()
        if re.fullmatch(r"manage\.py|\.env\.example|requirements/\S+|site", word)
    }
    assert files >= {"manage.py", ".env.example", "site"}
    assert [file for file in files if not exists(file)] == []


def test_the_stand_in_takes_the_options_that_the_readme_gives_it():
    from stripe_standin.__main__ import arguments

    # A host's own manage.py does not know it.
    start = "python -m stripe_standin "
    (line,) = [line for line in readme.commands() if line.startswith(start)]
    given = arguments().parse_args(line.split()[3:])
    assert given.webhook == "http://127.0.0.1:8000/checkout/webhook/"
    assert given.port == 12111


# --- Manners ------------------------------------------------------------------


@each_page
@pytest.mark.parametrize("strange", STRANGE.values(), ids=STRANGE)
def test_no_document_names(page, strange):
    assert re.findall(strange, page.read_text()) == []


@pytest.mark.parametrize("picture", ["pay.png", "pay-dark.png"])
def test_a_picture_is_small_enough_for_a_telephone(picture):
    assert (ROOT / "docs" / picture).stat().st_size < 150_000


def test_the_changelog_names_the_version():
    changes = (ROOT / "CHANGELOG.md").read_text()
    newest, *_older = re.findall(r"^## (\S+)", changes, re.MULTILINE)
    assert newest == htmx_checkout.__version__
