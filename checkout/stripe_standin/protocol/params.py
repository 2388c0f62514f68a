"""Which parameters an endpoint takes, and what becomes of the others.

A table is written as one string::

    amount:int! currency:str! description:str~ metadata:metadata
    shipping{name:str! address!{line1:str}} expand[]:str
    payment_method_types[]:str@2026-09-30

``!`` must be there, ``~`` may be emptied with ``""``, ``@date`` was retired by
the version of that date, ``[]`` is a list, ``{}`` a hash, ``a|b`` a choice.
Types: ``str int bool dec url descriptor any map metadata range``.
Source: https://docs.stripe.com/api and /api/errors (messages and codes).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

from . import errors, metadata, texts
from .versions import Version

TOKEN = re.compile(
    r"([a-zA-Z0-9_]+)(\[\])?(?::([a-z_A-Z0-9|-]+))?([!~]*)(?:@([\d-]+))?(\{)?|(\})"
)
OWN_RULES = {"url": texts.url, "descriptor": texts.descriptor}


@dataclass(slots=True)
class Field:
    name: str
    type: str
    many: bool = False
    required: bool = False
    clearable: bool = False
    retired_since: str = ""
    fields: dict[str, "Field"] = field(default_factory=dict)


Fields = dict[str, Field]


@cache
def table(text: str) -> Fields:
    """Read a table once. Raises ``ValueError`` when braces do not match."""
    stack: list[Fields] = [{}]
    for match in TOKEN.finditer(text):
        name, many, type_, marks, since, opens, closes = match.groups()
        if closes:
            stack.pop()
            continue
        entry = Field(
            name=name,
            type="hash" if opens else type_ or "any",
            many=bool(many),
            required="!" in marks,
            clearable="~" in marks,
            retired_since=since or "",
        )
        stack[-1][name] = entry
        if opens:
            stack.append(entry.fields)
    if len(stack) != 1:
        raise ValueError(text)
    return stack[0]


def check(
    fields: Fields, given: Mapping[str, Any], version: Version, inside: str = ""
) -> dict[str, Any]:
    """Typed values of what was ``given``; an emptied parameter becomes ``None``.

    Raises ``ApiError`` (400) for unknown, retired, missing or ill-typed ones.
    Nothing has been executed by then, so nothing is saved for a replay.
    """
    refuse_unknown(fields, given, version, inside)
    values: dict[str, Any] = {}
    for name, entry in fields.items():
        where = f"{inside}[{name}]" if inside else name
        if name in given:
            values[name] = read(entry, given[name], version, where)
        elif entry.required:
            raise errors.missing(where)
    return values


def refuse_unknown(
    fields: Fields, given: Mapping[str, Any], version: Version, inside: str
) -> None:
    strange = []
    for name in given:
        known = fields.get(name)
        if known and not (known.retired_since and version.retired(known.retired_since)):
            continue
        if name == "payment_method_types" and known:
            raise no_longer_supported()
        strange.append(f"{inside}[{name}]" if inside else name)
    if strange:
        raise errors.unknown(strange)


def no_longer_supported() -> errors.ApiError:
    """https://docs.stripe.com/changelog/endive/2026-09-30: dynamic methods only."""
    return errors.invalid(
        "The parameter `payment_method_types` is no longer supported. Payment methods "
        "are chosen dynamically; use `allowed_payment_method_types`, "
        "`excluded_payment_method_types` or `payment_method_configuration` instead.",
        "payment_method_types",
        code="payment_method_types_no_longer_supported",
    )


def read(entry: Field, value: Any, version: Version, where: str) -> Any:
    if value == "" and entry.type not in {"map"}:
        if entry.clearable:
            return None
        raise errors.empty(where)
    if entry.many:
        return [
            read_one(entry, item, version, f"{where}[{at}]")
            for at, item in enumerate(items(value, where))
        ]
    return read_one(entry, value, version, where)


def items(value: Any, where: str) -> list[Any]:
    """The members of an array, which the form reader left as a numbered dict."""
    if not isinstance(value, dict) or not all(key.isdecimal() for key in value):
        raise errors.invalid("Invalid array", where)
    return [value[key] for key in sorted(value, key=int)]


def read_one(entry: Field, value: Any, version: Version, where: str) -> Any:
    if entry.type == "hash":
        if not isinstance(value, dict):
            raise errors.invalid("Invalid object", where)
        return check(entry.fields, value, version, where)
    if entry.type == "any":
        return value
    if entry.type == "range":
        return read_range(value, where)
    if entry.type in {"map", "metadata"}:
        return metadata.read(value, where)
    if isinstance(value, dict):
        raise errors.invalid(f"Invalid string: {value}", where)
    return scalar(entry.type, value, where)


def scalar(type_: str, value: str, where: str) -> Any:
    if type_ == "str":
        return text(value, where)
    if type_ == "int":
        return integer(value, where)
    if type_ == "bool":
        return boolean(value, where)
    if type_ == "dec":
        return decimal(value, where)
    if type_ in OWN_RULES:
        return OWN_RULES[type_](value, where)
    choices = type_.split("|")
    if value in {"True", "False"}:
        value = value.lower()
    if value not in choices:
        raise errors.invalid(f"Invalid {where}: must be {spoken(choices)}", where)
    return value


def boolean(value: str, where: str) -> bool:
    """``true`` or ``false``; Python's older libraries write ``True``."""
    if value.lower() not in {"true", "false"}:
        raise errors.invalid(f"Invalid boolean: {value[:100]}", where)
    return value.lower() == "true"


def text(value: str, where: str) -> str:
    if len(value) > 5000:
        message = f"Invalid string: must be at most 5000 characters; {where} is longer."
        raise errors.invalid(message, where)
    return value


def integer(value: str, where: str) -> int:
    if not re.fullmatch(r"-?\d{1,15}", value, re.ASCII):
        message = f"Invalid integer: {value[:100]}"
        raise errors.invalid(message, where, code="parameter_invalid_integer")
    return int(value)


def decimal(value: str, where: str) -> str:
    try:
        finite = Decimal(value).is_finite()
    except InvalidOperation:
        finite = False
    if not finite:
        raise errors.invalid(f"Invalid decimal: {value[:100]}", where)
    return value


def read_range(value: Any, where: str) -> dict[str, int]:
    """``created=123`` or ``created[gte]=123``."""
    if isinstance(value, str):
        exact = integer(value, where)
        return {"gte": exact, "lte": exact}
    for name in value:
        if name not in {"gt", "gte", "lt", "lte"}:
            raise errors.unknown([f"{where}[{name}]"])
    return {name: integer(at, f"{where}[{name}]") for name, at in value.items()}


def spoken(choices: list[str]) -> str:
    if len(choices) == 1:
        return choices[0]
    return f"one of {', '.join(choices[:-1])}, or {choices[-1]}"
