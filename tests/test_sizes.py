"""Small rooms: how long a module, a function and a partial may be."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("checkout", "site")
MODULE_LINES, FUNCTION_LINES, PARTIAL_LINES = 300, 25, 40

FILES = [
    path
    for folder in FOLDERS
    for path in sorted((ROOT / folder).rglob("*.py"))
    if "migrations" not in path.parts
]
# The one inline script is held to its bytes instead, by the page's own test.
PARTIALS = [
    path
    for path in sorted((ROOT / "templates").rglob("_*.html"))
    if path.name != "_elements.html"
]


def name(path):
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", FILES, ids=name)
def test_no_module_and_no_function_is_too_long(path):
    text = path.read_text()
    assert text.count("\n") <= MODULE_LINES
    assert [found for found in _functions(text) if found[1] > FUNCTION_LINES] == []


@pytest.mark.parametrize("path", PARTIALS, ids=name)
def test_no_partial_is_too_long(path):
    assert path.read_text().count("\n") <= PARTIAL_LINES


def _functions(text):
    """Each function's name and the lines of its body, without its docstring."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            if body:
                yield node.name, body[-1].end_lineno - body[0].lineno + 1
