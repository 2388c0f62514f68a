"""Checks of URLs and statement descriptors.

Source: https://docs.stripe.com/get-started/account/statement-descriptors and
``url_invalid`` at https://docs.stripe.com/error-codes.
"""

import re
from urllib.parse import urlsplit

from . import errors

MAX_DESCRIPTOR = 22
DESCRIPTORS = (
    "statement_descriptor:descriptor~ statement_descriptor_suffix:descriptor~ "
)
FORBIDDEN = re.compile(r"""[<>\\'"*]""")


def url(value: str, where: str) -> str:
    """An absolute address. Apps come back by a scheme of their own."""
    try:
        parts = urlsplit(value)
    except ValueError:
        parts = urlsplit("")
    web = parts.scheme in {"http", "https"}
    if not parts.scheme or (web and not parts.hostname) or " " in value:
        raise errors.invalid("Not a valid URL", where, code="url_invalid")
    return value


def descriptor(value: str, where: str) -> str:
    """What a bank prints beside the amount: short, with a letter, without quotes."""
    if len(value) > MAX_DESCRIPTOR:
        message = (
            f"The statement descriptor must be at most {MAX_DESCRIPTOR} characters."
        )
        raise errors.invalid(message, where)
    if FORBIDDEN.search(value) or not re.search("[A-Za-z]", value):
        message = (
            "The statement descriptor must contain at least one letter and none of "
            "< > \\ ' \" *."
        )
        raise errors.invalid(message, where)
    return value
