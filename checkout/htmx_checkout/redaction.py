"""A logging filter and an error report that let no secret through.

Stripe puts the client secret into the return URL, so any access log would keep
it. Attach the filter to each handler: a filter on a logger does not see what
its children log.
"""

import logging
import re
from collections.abc import Iterator

from django.utils.safestring import SafeString
from django.views.debug import ExceptionReporter

HIDDEN = "[hidden]"
# In place of what cannot be turned into text, and so cannot be searched.
UNREADABLE = "[unreadable]"


def _shape(beginning: str, letters: str) -> re.Pattern[str]:
    """What begins so. The rest, its only group, ends where another one begins."""
    rest = rf"((?:(?!{beginning})[{letters}])+)"
    return re.compile(beginning + rest, re.IGNORECASE)


LETTERS, ENCODED = r"\w-", r"\w.:%+/=~-"
SLASH = "(?:/|%2F)"
# As Python, JSON and HTML write it; also when what they wrote is written again.
QUOTE = r"(?:\\*['\"]|&\#x27;|&\#39;|&quot;)"

SECRETS = (
    # Keys and signing secrets (sk_, rk_, whsec_), and client secrets
    # (pi_…_secret_…, cs_…_secret_…, cuss_secret_…).
    _shape("(?:(?:sk|rk)_(?:test|live)_|whsec_|_secret_)", LETTERS),
    # The token of an order in a URL of ours.
    _shape(f"(?:{SLASH}(?:status|return))+{SLASH}", LETTERS),
    # A session and a CSRF token: in a Cookie header, a form, a header of their own,
    # or a dictionary that was printed.
    _shape(f"(?:sessionid|csrf(?:middleware)?token){QUOTE}? ?[=:] ?{QUOTE}?", ENCODED),
    # Stripe takes its key in either scheme; Basic is the key in base64.
    _shape(rf"authorization\W{{1,8}}(?:b{QUOTE})?(?:bearer|basic) +", ENCODED),
)

# Numbers side by side, as they are typed or as a URL writes that. What follows a
# letter is part of an id (unless it is a line break, written again), and what follows
# a digit and a point part of a float; a bracket may be the end of what was hidden, so
# that a second time changes nothing.
NUMBERS = re.compile(
    r"(?:%20|(?<=\\[nrt])|(?<!\w)(?<![\d\]]\.))\d+(?:(?:[ +-]|%20)\d+)*"
)
NUMBER = re.compile(r"%20|(\d+)")
CARD_DIGITS = range(13, 20)


def redact(text: str) -> str:
    """``text`` with the telling part of each secret hidden. Safe to repeat."""
    said: list[str] = []
    end = 0
    # All are looked for in the text as it was: what hides one secret must not
    # take away the beginning by which another is known.
    for start, stop in sorted([*_secrets(text), *_cards(text)]):
        if start >= end:
            said += text[end:start], HIDDEN
        end = max(end, stop)
    return "".join([*said, text[end:]])


def _secrets(text: str) -> Iterator[tuple[int, int]]:
    for shape in SECRETS:
        for found in shape.finditer(text):
            yield found.span(1)


def _cards(text: str) -> Iterator[tuple[int, int]]:
    """Where card numbers stand, in one piece or in groups, among other numbers too."""
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
    """Could ``digits`` be the number of a card?

    One in ten numbers of that length could, by its last digit (ISO/IEC 7812). But
    no card that Stripe takes begins with 0, 1 or 20, as timestamps do.
    """
    if len(digits) not in CARD_DIGITS or digits.startswith(("0", "1", "20")):
        return False
    doubled = (int(digit) * 2 for digit in digits[-2::-2])
    total = sum(map(int, digits[::-2])) + sum(n - 9 if n > 9 else n for n in doubled)
    return total % 10 == 0


class SecretsFilter(logging.Filter):
    """Rewrites each record, whatever came with it included; drops none.

    Raises nothing: a log call must not stop what it tells about.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = _message(record), ()
        if record.exc_info and not record.exc_text:
            record.exc_text = _traceback(record)
        # Also the stack, and what the caller has given as `extra`.
        for name, value in list(vars(record).items()):
            if isinstance(value, str):
                setattr(record, name, redact(value))
        return True


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except Exception:
        # Arguments that do not fit are a mistake, but not one to stumble over.
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

    Django hides settings that look secret, but shows the query string, where
    Stripe puts the client secret on the way back, and every local variable.
    """

    def get_traceback_html(self) -> SafeString:
        return SafeString(redact(super().get_traceback_html()))

    def get_traceback_text(self) -> SafeString:
        return SafeString(redact(super().get_traceback_text()))
