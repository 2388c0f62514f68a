"""What was logged, kept until somebody has looked for secrets in it."""

import logging

KEPT: list[str] = []


class Kept(logging.Handler):
    """Keeps each record as the site's console would show it."""

    def emit(self, record: logging.LogRecord) -> None:
        KEPT.append(self.format(record))
