"""What a browser gets: the script, its frames and the pages that people see.

Everything else belongs to the engine: :func:`handle` answers ``None`` for it.
"""

from collections.abc import Callable
from typing import Any

from ..desk import page
from ..pages import assets, bank, challenge, envelope, frames, hosted, script
from ..protocol.http import Request, Response

type Room = Callable[[Any, Request], Response | None]

# Asked in this order; the first that knows the address answers.
ROOMS: tuple[Room, ...] = (
    envelope.handle,
    assets.handle,
    script.handle,
    frames.handle,
    challenge.handle,
    bank.handle,
    hosted.handle,
    page.handle,
)


def handle(engine: Any, request: Request) -> Response | None:
    """Answer a browser's request, or ``None`` when it is one for the API."""
    for room in ROOMS:
        response = room(engine, request)
        if response is not None:
            return response
    return None
