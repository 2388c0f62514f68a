"""A logging filter and an error report that let no secret through.

Stripe puts the client secret into the return URL, so any access log would keep
it. Attach the filter to each handler: a filter on a logger does not see what
its children log.
"""

import logging
import re

from django.utils.safestring import SafeString
from django.views.debug import ExceptionReporter

HIDDEN = "[hidden]"

# Keys and signing secrets (sk_, rk_, whsec_), client secrets (pi_…_secret_…,
# cs_…_secret_…, cuss_secret_…), and the token of an order in a URL of ours.
SECRETS = re.compile(
    r"((?:sk|rk)_(?:test|live)_|whsec_|_secret_|/(?:status|return)/)[\w-]+"
)


def redact(text: str) -> str:
    """``text`` with the telling part of each secret hidden. Safe to repeat."""
    return SECRETS.sub(rf"\1{HIDDEN}", text)


class SecretsFilter(logging.Filter):
    """Rewrites each record, its traceback included; drops none."""

    def filter(self, record: logging.LogRecord) -> bool:
        try:
            message = record.getMessage()
        except Exception:
            # Arguments that do not fit are a mistake, but not one to stumble over.
            message = f"{record.msg} {record.args}"
        record.msg, record.args = redact(message), ()
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = redact(record.exc_text)
        return True


class SecretsReporter(ExceptionReporter):
    """``DEFAULT_EXCEPTION_REPORTER``: error pages and mails without secrets.

    Django hides settings that look secret, but shows the query string, where
    Stripe puts the client secret on the way back, and every local variable.
    """

    def get_traceback_html(self) -> SafeString:
        return SafeString(redact(super().get_traceback_html()))

    def get_traceback_text(self) -> SafeString:
        return SafeString(redact(super().get_traceback_text()))
