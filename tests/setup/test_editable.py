"""``pip install -e .``: a host sees the app, its templates and styles as they are."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NEEDED = ("checkout", "templates", "static", "README.md", "CHANGELOG.md", "LICENSE")
BUILD = "import sys; from hatchling.build import build_editable as b; b(sys.argv[1])"
HOST = """
import site, sys
site.addsitedir(sys.argv[1])
import django
from django.conf import settings
engine = "django.template.backends.django.DjangoTemplates"
settings.configure(
    INSTALLED_APPS=["django.contrib.staticfiles", "htmx_checkout"],
    TEMPLATES=[{"BACKEND": engine, "APP_DIRS": True}],
    STATIC_URL="/static/",
)
django.setup()
from django.contrib.staticfiles import finders
from django.core.management import get_commands
from django.template.loader import get_template
assert get_commands()["checkout_reconcile"] == "htmx_checkout"
assert finders.find("htmx_checkout/tokens.css")
for name in sys.argv[2:]:
    print(get_template(name).template.source)
"""


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    """A clone of this repository, as far as an installer reads it."""
    clone = tmp_path_factory.mktemp("clone")
    for name in (*NEEDED, "pyproject.toml", ".gitignore"):
        if (ROOT / name).is_dir():
            shutil.copytree(
                ROOT / name, clone / name, ignore=shutil.ignore_patterns("*.pyc")
            )
        else:
            shutil.copy(ROOT / name, clone)
    return clone


@pytest.fixture(scope="module")
def installed(clone, tmp_path_factory):
    """The folder that an installer has put the editable wheel into."""
    folder = tmp_path_factory.mktemp("installed")
    for _time in range(2):
        run(clone, "-c", BUILD, folder)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as opened:
        opened.extractall(folder)
    return folder


def run(folder, *words):
    done = subprocess.run(
        [sys.executable, *words],
        cwd=folder,
        env={"PATH": os.environ["PATH"]},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def test_a_host_sees_what_is_edited_in_the_clone(clone, installed, tmp_path):
    folder = clone / "templates"
    (brand,) = folder.glob("htmx_checkout/**/_brand.html")
    (*_, row) = folder.glob("admin/htmx_checkout/**/*.html")
    brand.write_text("<p>Edited just now</p>")
    row.write_text("<p>So is the admin</p>")
    names = [path.relative_to(folder).as_posix() for path in (brand, row)]
    said = run(tmp_path, "-c", HOST, installed, *names)
    assert "Edited just now" in said
    assert "So is the admin" in said


def test_what_was_linked_gets_into_no_wheel_twice(clone, installed, tmp_path):
    run(clone, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as opened:
        names = opened.namelist()
    assert len(names) == len({*names})
