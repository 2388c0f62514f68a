"""Which types belong to a method and a path: read from the package's services.

Each service method names them all: the path that it asks, the parameters that
it takes and what it returns.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import stripe

ROOT = Path(stripe.__file__).parent


@dataclass(frozen=True, slots=True)
class Endpoint:
    """``params`` and ``answer`` are hints, as written in ``module``."""

    method: str
    template: str
    module: str
    params: str
    answer: str

    def matches(self, method: str, path: str) -> bool:
        pattern = re.sub(r"\{\w+\}", "[^/]+", self.template)
        return self.method == method.lower() and re.fullmatch(pattern, path) is not None


def find(method: str, path: str) -> Endpoint | None:
    """The endpoint that a service of the package would have asked."""
    matching = [
        endpoint
        for endpoint in beginning_with(path.split("/")[2])
        if endpoint.matches(method, path)
    ]
    # "/v1/charges/search" is not the charge that is called "search".
    return min(matching, key=lambda one: one.template.count("{"), default=None)


@cache
def beginning_with(noun: str) -> tuple[Endpoint, ...]:
    """All endpoints under ``/v1/<noun>``."""
    return tuple(
        endpoint
        for file in sorted(ROOT.rglob("*_service.py"))
        if re.search(rf'"/v1/{noun}["/]', text := file.read_text())
        for endpoint in endpoints(ast.parse(text), module_of(file))
        if endpoint.template.split("/")[2] == noun
    )


def module_of(file: Path) -> str:
    return ".".join(["stripe", *file.relative_to(ROOT).with_suffix("").parts])


def endpoints(tree: ast.Module, module: str) -> Iterator[Endpoint]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.FunctionDef) or node.returns is None:
            continue
        words = [
            one.value
            for one in ast.walk(node)
            if isinstance(one, ast.Constant) and isinstance(one.value, str)
        ]
        paths = [word for word in words if word.startswith("/v1/")]
        verbs = [word for word in words if word in ("get", "post", "delete")]
        if paths and verbs:
            answer = ast.literal_eval(node.returns)
            yield Endpoint(verbs[0], paths[0], module, params(node), answer)


def params(node: ast.FunctionDef) -> str:
    for arg in node.args.args:
        if arg.arg == "params" and arg.annotation is not None:
            return ast.unparse(arg.annotation)
    return ""
