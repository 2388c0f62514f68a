"""A value and a type hint: what does not fit.

The package writes its hints for readers and type checkers: names of other
modules stand in them as strings, imported only ``if TYPE_CHECKING``.
"""

import ast
import inspect
import re
import sys
import types
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from importlib import import_module
from typing import (
    Any,
    ClassVar,
    ForwardRef,
    Literal,
    NotRequired,
    Required,
    Union,
    get_args,
    get_origin,
)

from stripe import ListObject, StripeObject
from stripe._object_classes import OBJECT_CLASSES, get_object_class
from stripe._stripe_object import UntypedStripeObject
from typing_extensions import is_typeddict

JSON = {
    type(None): lambda value: value is None,
    str: lambda value: isinstance(value, str),
    bool: lambda value: isinstance(value, bool),
    int: lambda value: isinstance(value, int) and not isinstance(value, bool),
    float: lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    Decimal: lambda value: is_text(value, r"-?\d+(\.\d+)?"),
}
FORM = {
    type(None): lambda value: value == "",
    str: lambda value: isinstance(value, str),
    bool: lambda value: value in ("true", "false"),
    int: lambda value: is_text(value, r"-?\d+"),
    float: lambda value: is_text(value, r"-?\d+(\.\d+)?"),
    Decimal: lambda value: is_text(value, r"-?\d+(\.\d+)?"),
}


def is_text(value: Any, pattern: str) -> bool:
    return isinstance(value, str) and re.fullmatch(pattern, value) is not None


class Judge:
    """Yields complaints. ``scalars`` tells JSON from forms.

    ``whole`` is False where a publishable key asks: the browser is shown fewer
    fields, and none of them may be missed.
    """

    def __init__(self, scalars: Mapping[Any, Any] = JSON, *, whole: bool = True):
        self.scalars, self.whole = scalars, whole
        # Hints that hold one other hint, and who judges them.
        self.holders = {
            NotRequired: self.fits,
            Required: self.fits,
            list: self.fits_list,
            ListObject: self.fits_page,
            dict: self.fits_map,
            UntypedStripeObject: self.fits_map,
        }

    def fits(self, value: Any, hint: Any, module: str, where: str) -> Iterator[str]:
        """``module`` is where ``hint`` was written: its names are looked up there."""
        hint = resolved(hint, module)
        kind, inside = get_origin(hint) or hint, get_args(hint)
        if kind in (Union, types.UnionType):
            yield from self.fits_one(value, inside, module, where)
        elif kind is Literal:
            yield from self.fits_literal(value, inside, where)
        elif kind in self.holders:
            inner = inside[-1] if inside else Any
            yield from self.holders[kind](value, inner, module, where)
        elif is_typeddict(hint) or (
            inspect.isclass(hint) and issubclass(hint, StripeObject)
        ):
            yield from self.fits_class(value, hint, where)
        elif hint is not Any and not self.scalars[hint](value):
            yield f"{where} is {shown(value)}, no {hint.__name__}"

    def fits_one(
        self, value: Any, arms: tuple[Any, ...], module: str, where: str
    ) -> Iterator[str]:
        """The complaints of the arm that comes nearest; none if one fits.

        ``Literal[…] | str`` is an enum that may grow. A stand-in plays the one
        version that the package was made for, and says nothing newer.
        """
        named = {name for arm in arms for name in literals(arm)} - {""}
        if named and str in arms:
            arms = tuple(arm for arm in arms if arm is not str)
        tried = [list(self.fits(value, arm, module, where)) for arm in arms]
        if [] not in tried:
            # An arm that complains of something inside is the arm that was meant.
            flat = f"{where} is "
            yield from min(
                tried, key=lambda said: (said[0].startswith(flat), len(said))
            )

    def fits_literal(
        self, value: Any, names: tuple[Any, ...], where: str
    ) -> Iterator[str]:
        known = ["true" if name is True else name for name in names]
        if value not in (known if self.scalars is FORM else list(names)):
            yield f"{where} is {shown(value)}, none of {len(names)} that are known"

    def fits_list(
        self, value: Any, inner: Any, module: str, where: str
    ) -> Iterator[str]:
        if isinstance(value, dict) and self.scalars is FORM:
            value = list(value.values())
        if not isinstance(value, list):
            yield f"{where} is {shown(value)}, no list"
            return
        for at, one in enumerate(value):
            yield from self.fits(one, inner, module, f"{where}[{at}]")

    def fits_page(
        self, value: Any, inner: Any, module: str, where: str
    ) -> Iterator[str]:
        if not isinstance(value, dict) or value.get("object") != "list":
            yield f"{where} is {shown(value)}, no list object"
            return
        hints = {"object": str, "has_more": bool, "url": str, "data": list[inner]}
        for name in value.keys() - hints.keys() - {"total_count"}:
            yield f"{where}.{name} is unknown"
        for name, hint in hints.items():
            if name not in value:
                yield f"{where}.{name} is missing"
            else:
                yield from self.fits(value[name], hint, module, f"{where}.{name}")

    def fits_map(
        self, value: Any, inner: Any, module: str, where: str
    ) -> Iterator[str]:
        if not isinstance(value, dict):
            yield f"{where} is {shown(value)}, no object"
            return
        # What an event carries is an object of its own, whatever the hint says.
        if isinstance(value.get("object"), str) and value["object"] in OBJECT_CLASSES:
            yield from self.fits_kind(value, where)
            return
        for name, one in value.items():
            yield from self.fits(one, inner, module, f"{where}.{name}")

    def fits_kind(self, value: Any, where: str = "") -> Iterator[str]:
        """Judge an object by what it calls itself."""
        kind = value["object"]
        if kind == "list":
            for at, one in enumerate(value["data"]):
                yield from self.fits_kind(one, f"{where}[{at}]")
        elif kind not in OBJECT_CLASSES:
            yield f"{where} is a {kind}, which nobody knows"
        else:
            hint = get_object_class("V1", kind)
            yield from self.fits_class(value, hint, where or kind)

    def fits_class(self, value: Any, hint: Any, where: str) -> Iterator[str]:
        """Judge by a class of the package, or by a TypedDict of parameters."""
        if not isinstance(value, dict):
            yield f"{where} is {shown(value)}, no object"
            return
        fields = annotations(hint)
        required = {name for name, held in fields.items() if is_required(held)}
        # What was deleted is only named.
        if not self.whole or value.get("deleted") is True:
            required = set()
        yield from self.fits_fields(value, fields, required, hint.__module__, where)

    def fits_fields(
        self,
        value: dict[str, Any],
        fields: dict[str, Any],
        required: set[str],
        module: str,
        where: str,
    ) -> Iterator[str]:
        for name in sorted(value.keys() - fields.keys()):
            yield f"{where}.{name} is unknown"
        for name in sorted(required - value.keys()):
            yield f"{where}.{name} is missing"
        for name in value.keys() & fields.keys():
            yield from self.fits(value[name], fields[name], module, f"{where}.{name}")


def is_required(hint: Any) -> bool:
    """In answers ``Optional`` says "null or not there", as the package has one word."""
    return get_origin(hint) is not NotRequired and type(None) not in get_args(hint)


def resolved(hint: Any, module: str) -> Any:
    """The hint itself, where its name stands for it."""
    while isinstance(hint, str | ForwardRef):
        text = hint if isinstance(hint, str) else hint.__forward_arg__
        hint = evaluated(text, module)
    return hint


def literals(hint: Any) -> tuple[Any, ...]:
    return get_args(hint) if get_origin(hint) is Literal else ()


def shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) < 60 else f"{text[:57]}..."


@cache
def annotations(hint: type) -> dict[str, Any]:
    """The fields of a class, as it was written, without its bookkeeping."""
    found = inspect.get_annotations(hint)
    return {
        name: held
        for name, held in found.items()
        if not name.startswith("_") and get_origin(held) is not ClassVar
    }


@cache
def evaluated(text: str, module: str) -> Any:
    return eval(text, vars(import_module(module)), Names(module))


class Names(dict[str, Any]):
    """What a module imports for type checkers only, imported when it is asked for."""

    def __init__(self, module: str) -> None:
        super().__init__()
        self.module, self.places = module, imported(module)

    def __missing__(self, name: str) -> Any:
        place, original = self.places[name]
        return getattr(import_module(place), original)


@cache
def imported(module: str) -> dict[str, tuple[str, str]]:
    tree = ast.parse(inspect.getsource(sys.modules[module]))
    return {
        alias.asname or alias.name: (node.module or "", alias.name)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
