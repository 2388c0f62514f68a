"""What a host gets when it installs the app."""

import re
import tarfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement

import htmx_checkout
import stripe_standin
from tests.support.wheels import build, contents, metadata, project

ROOT = Path(__file__).resolve().parents[2]
APP = ROOT / "checkout/htmx_checkout"
HARD = {"babel", "django", "django-htmx", "stripe"}
# Linked there by an editable install, and copied from the top by a wheel.
COPIED = ("templates", "static")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Name to bytes, in the wheel that is built from the tree."""
    return contents(build(tmp_path_factory.mktemp("wheel"), ROOT, "--wheel"))


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """The folder with the source distribution, and the wheel built from that alone."""
    folder = tmp_path_factory.mktemp("source")
    build(folder)
    return folder


def files_under(folder):
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def required(wheel):
    """Each extra ("" for none), and the names that it pulls in."""
    extras = {}
    for text in metadata(wheel).get_all("Requires-Dist"):
        wanted = Requirement(text)
        extra = re.search(r"extra == .(\w+)", str(wanted.marker or ""))
        extras.setdefault(extra[1] if extra else "", set()).add(wanted.name.lower())
    return extras


def test_it_carries_every_module_and_the_mark_that_it_is_typed(wheel):
    own = {name for name in files_under(APP) if not name.startswith(COPIED)}
    assert {f"htmx_checkout/{name}" for name in own} <= wheel.keys()
    assert "htmx_checkout/py.typed" in wheel


@pytest.mark.parametrize(
    "folder", ["templates/htmx_checkout", "templates/admin/htmx_checkout", "static"]
)
def test_it_carries_every_template_and_style(wheel, folder):
    names = {f"{folder}/{name}" for name in files_under(ROOT / folder)}
    names = {name for name in names if "htmx_checkout/" in name}
    assert names
    assert {f"htmx_checkout/{name}" for name in names} <= wheel.keys()


def test_it_carries_nothing_else(wheel):
    tops = {name.split("/", maxsplit=1)[0] for name in wheel}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"htmx_checkout"}


def test_the_source_distribution_holds_the_app_and_no_test_site_or_fake(source):
    (file,) = source.glob("*.tar.gz")
    with tarfile.open(file) as opened:
        names = [Path(name).parts[1:] for name in opened.getnames()]
    assert {name[0] for name in names} == {
        "CHANGELOG.md",
        "LICENSE",
        "PKG-INFO",
        "README.md",
        "checkout",
        "pyproject.toml",
        "static",
        "templates",
        # Hatch takes it along, to know what to leave out.
        ".gitignore",
    }
    inside = {name[:2] for name in names if len(name) > 1}
    assert {name[1] for name in inside} == {"htmx_checkout", "hatch_build.py", "admin"}


def test_the_wheel_of_the_source_distribution_is_the_wheel_of_the_tree(source, wheel):
    (file,) = source.glob("*.whl")
    assert contents(file) == wheel


def test_it_needs_four_packages_and_no_more(wheel):
    assert required(wheel)[""] == HARD


def test_its_extras_are_a_queue_and_the_stand_in(wheel):
    extras = required(wheel)
    assert extras["queue"] == {"django-tasks-db"}
    assert extras["testing"] == {"stripe-standin"}


def test_the_app_and_its_stand_in_have_one_version(wheel):
    version = htmx_checkout.__version__
    assert metadata(wheel)["Version"] == version == stripe_standin.__version__
    wanted = project()["optional-dependencies"]["testing"]
    assert wanted == [f"stripe-standin=={version}"]
