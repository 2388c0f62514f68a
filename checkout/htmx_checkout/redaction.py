"""A logging filter and an error reporter that hide secrets.

Stripe puts the client secret into the return URL, so an access log would store it.
Attach the filter to each handler: a filter on a logger does not see the records of
its child loggers.
"""

import logging
import re
from collections.abc import Iterator

from django.utils.safestring import SafeString
from django.views.debug import ExceptionReporter

HIDDEN = "[hidden]"
# Replaces what cannot be turned into text, and so cannot be searched for secrets.
UNREADABLE = "[unreadable]"


def _shape(beginning: str, letters: str) -> re.Pattern[str]:
    """A secret with this ``beginning``. Its only group is the part to hide.

    The group ends where the next secret with the same beginning starts.
    """
    rest = rf"((?:(?!{beginning})[{letters}])+)"
    return re.compile(beginning + rest, re.IGNORECASE)


LETTERS, ENCODED = r"\w-", r"\w.:%+/=~-"
SLASH = "(?:/|%2F)"
# A quote as Python, JSON and HTML write it, escaped once or several times.
QUOTE = r"(?:\\*['\"]|&\#x27;|&\#39;|&quot;)"

SECRETS = (
    # Keys and signing secrets (sk_, rk_, whsec_), and client secrets
    # (pi_…_secret_…, cs_…_secret_…, cuss_secret_…).
    _shape("(?:(?:sk|rk)_(?:test|live)_|whsec_|_secret_)", LETTERS),
    # The token of an order in a URL of ours.
    _shape(f"(?:{SLASH}(?:status|return))+{SLASH}", LETTERS),
    # Session keys and CSRF tokens: in a Cookie header, a form, a header of their own,
    # or a printed dictionary.
    _shape(f"(?:sessionid|csrf(?:middleware)?token){QUOTE}? ?[=:] ?{QUOTE}?", ENCODED),
    # Stripe accepts its key in either scheme; Basic carries it in base64.
    _shape(rf"authorization\W{{1,8}}(?:b{QUOTE})?(?:bearer|basic) +", ENCODED),
)

# Groups of digits with a space, "+", "-" or "%20" between them: a card number as people
# type it, or as a URL encodes that. Digits after a letter are part of an id (unless the
# letter belongs to an escaped line break), and digits after a digit and a point are
# part of a float. A bracket is allowed before the point, since it may end "[hidden]":
# redacting a second time then changes nothing.
NUMBERS = re.compile(
    r"(?:%20|(?<=\\[nrt])|(?<!\w)(?<![\d\]]\.))\d+(?:(?:[ +-]|%20)\d+)*"
)
NUMBER = re.compile(r"%20|(\d+)")
CARD_DIGITS = range(13, 20)


def redact(text: str) -> str:
    """``text`` with the secret part of each secret hidden. Safe to repeat."""
    parts: list[str] = []
    end = 0
    # All are searched for in the original text: hiding one secret must not remove the
    # beginning by which another one is recognised.
    for start, stop in sorted([*_secrets(text), *_cards(text)]):
        if start >= end:
            parts += text[end:start], HIDDEN
        end = max(end, stop)
    return "".join([*parts, text[end:]])


def _secrets(text: str) -> Iterator[tuple[int, int]]:
    for shape in SECRETS:
        for found in shape.finditer(text):
            yield found.span(1)


def _cards(text: str) -> Iterator[tuple[int, int]]:
    """Where card numbers are: in one piece or in groups, also among other numbers."""
    for numbers in NUMBERS.finditer(text):
        groups = [
            found.span(1)
            for found in NUMBER.finditer(text, *numbers.span())
            if found[1]
        ]
        for first, (start, _) in enumerate(groups):
            digits = ""
            for begin, stop in groups[first : first + CARD_DIGITS.stop]:
                digits += text[begin:stop]
                if is_card(digits):
                    yield start, stop


def is_card(digits: str) -> bool:
    """True if ``digits`` may be a card number: by length, first and check digit.

    One in ten numbers of that length passes the check digit (ISO/IEC 7812). Numbers
    that begin with 0, 1 or 20 are left alone: timestamps do, and no card that Stripe
    accepts does.
    """
    if len(digits) not in CARD_DIGITS or digits.startswith(("0", "1", "20")):
        return False
    doubled = (int(digit) * 2 for digit in digits[-2::-2])
    total = sum(map(int, digits[::-2])) + sum(n - 9 if n > 9 else n for n in doubled)
    return total % 10 == 0


class SecretsFilter(logging.Filter):
    """Redacts each record: message, arguments, traceback, stack and ``extra``.

    Drops no record, and raises nothing: a log call must not stop the code around it.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = _message(record), ()
        if record.exc_info and not record.exc_text:
            record.exc_text = _traceback(record)
        # The stack, and what the caller has passed as `extra`.
        for name, value in list(vars(record).items()):
            if isinstance(value, str):
                setattr(record, name, redact(value))
        return True


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except Exception:
        # Arguments that do not fit the format: a mistake, but no reason to raise here.
        try:
            return f"{record.msg} {record.args}"
        except Exception:
            return UNREADABLE


def _traceback(record: logging.LogRecord) -> str:
    assert record.exc_info
    try:
        return logging.Formatter().formatException(record.exc_info)
    except Exception:
        return UNREADABLE


class SecretsReporter(ExceptionReporter):
    """``DEFAULT_EXCEPTION_REPORTER``: error pages and mails without secrets.

    Django hides settings that look secret. But it shows every local variable, and the
    query string, which holds the client secret on the way back from Stripe.
    """

    def get_traceback_html(self) -> SafeString:
        return SafeString(redact(super().get_traceback_html()))

    def get_traceback_text(self) -> SafeString:
        return SafeString(redact(super().get_traceback_text()))
