"""The distributions of this repository, as they are built and looked into."""

import subprocess
import sys
import tomllib
import zipfile
from email import message_from_bytes
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STANDIN = ROOT / "checkout/stripe_standin"


def build(folder, source=ROOT, *what):
    """Build into ``folder``: a wheel of the tree, unless something else is named."""
    command = [sys.executable, "-m", "build", "--no-isolation", *what]
    done = subprocess.run(
        [*command, "--outdir", folder, source],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    (wheel,) = folder.glob("*.whl")
    return wheel


def contents(wheel):
    """Name to bytes, for each file that it carries."""
    with zipfile.ZipFile(wheel) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def metadata(files):
    """What an installer reads."""
    (told,) = (said for name, said in files.items() if name.endswith("/METADATA"))
    return message_from_bytes(told)


def project(folder=ROOT):
    """The table ``project`` of a distribution's pyproject.toml."""
    return tomllib.loads((folder / "pyproject.toml").read_text())["project"]
