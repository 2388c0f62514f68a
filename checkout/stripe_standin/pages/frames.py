"""The documents inside the Element's iframes."""

from dataclasses import dataclass
from typing import Any

from ..protocol.http import Request, Response
from . import assets
from .assets import Markup

PREFIX = "/frames/"


@dataclass(frozen=True, slots=True)
class Frame:
    """A shell: which script it runs, and the sheets it needs beside the common one."""

    title: str
    styles: tuple[str, ...] = ()
    # A frame that fills its box does not tell its height.
    fills: bool = False


FRAMES = {
    "payment": Frame("Secure payment input"),
    "row": Frame("Secure card input", ("row",)),
    "part": Frame("Secure input", ("row",)),
    "email": Frame("Secure email input"),
    "address": Frame("Secure address input"),
    "wallet": Frame("Express checkout", ("wallet",)),
    "sheet": Frame("Express checkout", ("overlay",), fills=True),
    "challenge": Frame("Authentication", ("overlay",), fills=True),
}


def handle(engine: Any, request: Request) -> Response | None:
    if request.method != "GET" or not request.path.startswith(PREFIX):
        return None
    name = request.path.removeprefix(PREFIX)
    frame = FRAMES.get(name)
    return shell(name, frame) if frame else None


def shell(name: str, frame: Frame) -> Response:
    links = (
        f'<link rel="stylesheet" href="/assets/style/{sheet}.css">\n'
        for sheet in frame.styles
    )
    body = assets.fill(
        "frame",
        title=frame.title,
        styles=Markup("".join(links)),
        script=name,
        fill=Markup(" data-fill" if frame.fills else ""),
    )
    return assets.page(body, framed=True)
