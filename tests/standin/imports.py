"""What a module of the stand-in imports, with relative names written out."""

import ast
from importlib.util import resolve_name
from pathlib import Path

HOME = Path(__file__).parents[2] / "checkout"
PACKAGE = HOME / "stripe_standin"
MODULES = {
    str(path.relative_to(PACKAGE)): path for path in sorted(PACKAGE.rglob("*.py"))
}


def imports(path):
    """The full name of everything that ``path`` imports, also inside functions."""
    package = ".".join(path.parent.relative_to(HOME).parts)
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            origin = resolve_name("." * node.level + (node.module or ""), package)
            yield from (f"{origin}.{alias.name}" for alias in node.names)


def folder(name):
    """The folder of the stand-in that the full name ``name`` leads into."""
    parts = name.split(".")
    return parts[1] if parts[0] == "stripe_standin" and len(parts) > 1 else ""
