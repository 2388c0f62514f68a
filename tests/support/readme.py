"""README.md, taken apart for the tests that hold it to its word."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "README.md").read_text()
PROSE = re.sub(r"^```.*?^```$", "", TEXT, flags=re.DOTALL | re.MULTILINE)


def ticked(text):
    """Everything between backticks."""
    return re.findall(r"`([^`\n]+)`", text)


def rows(title):
    """The cells of the one table under a heading, without the table's head."""
    under = re.search(rf"^#+ {title}\n(.*?)(?=^#+ |\Z)", TEXT, re.DOTALL | re.MULTILINE)
    lines = re.findall(r"^\|(.+)\|$", under[1], re.MULTILINE)[2:]
    return [[cell.strip() for cell in re.split(r"\|", line)] for line in lines]


def blocks(language):
    """The fenced blocks in a language, in order."""
    return re.findall(rf"^```{language}\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE)


def files(block):
    """File name to lines, for each ``# mysite/…`` in a block."""
    parts = re.split(r"^# (mysite/\w+\.py).*\n", block, flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


def commands():
    """Each indented line, without its comment."""
    indented = re.findall(r"^ {4}(\S.*)$", PROSE, re.MULTILINE)
    return [line.split("#")[0].strip() for line in indented]
