"""What a browser gets: the script, its frames and the pages that people see.

Everything else belongs to the engine: :func:`handle` answers ``None`` for it.
"""

from collections.abc import Callable
from typing import Any

from standin import (
    desk_page,
    pages_assets,
    pages_bank,
    pages_challenge,
    pages_envelope,
    pages_frames,
    pages_hosted,
    pages_script,
)
from standin.http import Request, Response

type Room = Callable[[Any, Request], Response | None]

# Asked in this order; the first that knows the address answers.
ROOMS: tuple[Room, ...] = (
    pages_envelope.handle,
    pages_assets.handle,
    pages_script.handle,
    pages_frames.handle,
    pages_challenge.handle,
    pages_bank.handle,
    pages_hosted.handle,
    desk_page.handle,
)


def handle(engine: Any, request: Request) -> Response | None:
    """Answer a browser's request, or ``None`` when it is one for the API."""
    for room in ROOMS:
        response = room(engine, request)
        if response is not None:
            return response
    return None
