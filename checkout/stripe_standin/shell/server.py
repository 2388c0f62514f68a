"""Serves the engine on the loopback.

Threads live here and nowhere else: one per connection, and one that posts
webhooks. They share the engine under one lock, and never hold it while they
wait for a network or for the clock.
"""

import os
import re
import secrets
import socket
import threading
import time
import traceback
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from ..desk import api
from ..engine.engine import Engine
from ..protocol.http import Request, Response
from ..protocol.versions import LATEST
from ..world.deliveries import Delivery
from ..world.ids import Ids
from ..world.world import Pace
from . import page_routes, post

HOST = "127.0.0.1"
MAX_BODY = 1 << 20
IDLE_SECONDS = 0.05


class Server:
    """A running stand-in: ``base_url``, ``port``, ``engine``, ``lock``."""

    def __init__(self, port: int, **given: object) -> None:
        self.lock = threading.RLock()
        self.stopping = threading.Event()
        self.http = LoopbackServer((HOST, port), Handler)
        self.http.standin = self
        self.port: int = self.http.server_address[1]
        self.base_url = f"http://{HOST}:{self.port}"
        self.engine = Engine(clock=time.time, base_url=self.base_url, **given)
        self.threads = [
            threading.Thread(target=self.http.serve_forever, args=(0.05,), daemon=True),
            threading.Thread(target=self.deliver, daemon=True),
        ]

    def start(self) -> "Server":
        for thread in self.threads:
            thread.start()
        return self

    def close(self) -> None:
        """Stop both threads and free the port. May be called twice."""
        if self.stopping.is_set():
            return
        self.stopping.set()
        self.http.shutdown()
        self.http.server_close()
        for thread in self.threads:
            thread.join(timeout=5)

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def answer(self, request: Request) -> Response:
        """One request, whoever it is for."""
        with self.lock:
            # The script asks for an envelope, which the pages put around the answer.
            sealed = "_standin_envelope" in request.query
            if request.path.startswith("/v1/") and not sealed:
                return self.engine.handle(request)
            if request.path.startswith("/desk/api/"):
                return api.handle(self.engine, request)
            self.engine.tick()
            found = page_routes.handle(self.engine, request)
            if found is not None:
                return found
        if request.path == "/":
            return Response.redirect("/desk", 302)
        return Response(404, {"Content-Type": "text/plain"}, b"Not found.\n")

    def deliver(self) -> None:
        """Post what is due, one at a time, until the server closes."""
        while not self.stopping.is_set():
            with self.lock:
                ripe = self.engine.due()
                job = (ripe[0], self.engine.post(ripe[0])) if ripe else None
            if job is None:
                self.stopping.wait(IDLE_SECONDS)
                continue
            delivery, request = job
            status = post.send(request)
            with self.lock:
                self.engine.delivered(delivery, status)

    def wait(self, delivery: Delivery, seconds: float = 5.0) -> None:
        """Block until ``delivery`` is no longer open. For tests."""
        until = time.monotonic() + seconds
        while delivery.open and time.monotonic() < until:
            time.sleep(0.005)


class LoopbackServer(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128
    standin: Server


class Handler(BaseHTTPRequestHandler):
    """Bytes to a request, and an answer to bytes."""

    protocol_version = "HTTP/1.1"
    server_version = "standin"
    sys_version = ""
    disable_nagle_algorithm = True

    def respond(self) -> None:
        server = self.server
        assert isinstance(server, LoopbackServer)
        body = self.read_body()
        if body is None:
            return
        parts = urlsplit(self.path)
        headers = dict(self.headers.items())
        method = "GET" if self.command == "HEAD" else self.command
        request = Request(method, parts.path, parts.query, headers, body)
        try:
            response = server.standin.answer(request)
        except Exception:
            # A mistake in the stand-in must not look like a network that failed.
            traceback.print_exc()
            message = {"type": "api_error", "message": "The stand-in has a bug."}
            response = Response.of_json({"error": message}, 500)
        self.write(server.standin, response)

    # The names are http.server's.
    do_GET = do_POST = do_DELETE = respond  # noqa: N815
    do_OPTIONS = do_HEAD = do_PUT = do_PATCH = respond  # noqa: N815

    def read_body(self) -> bytes | None:
        """The body, or ``None`` after refusing one that is too long or odd."""
        length = self.headers.get("Content-Length") or "0"
        if not re.fullmatch(r"\d{1,10}", length) or int(length) > MAX_BODY:
            self.close_connection = True
            self.send_error(413 if length.isdecimal() else 400)
            return None
        return self.rfile.read(int(length))

    def write(self, standin: Server, response: Response) -> None:
        if response.delay_seconds:
            standin.stopping.wait(response.delay_seconds)
        if response.reset:
            self.drop()
            return
        self.send_response(response.status)
        for name, value in response.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(response.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(response.body)

    def drop(self) -> None:
        """Reset the connection, so that the client cannot take it for an end."""
        self.close_connection = True
        linger = b"\x01\x00\x00\x00\x00\x00\x00\x00"
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        os.close(self.connection.detach())

    def handle_one_request(self) -> None:
        try:
            super().handle_one_request()
        except (ConnectionError, ValueError, OSError):
            # The client went away, or the connection was dropped on purpose.
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: request lines may carry client secrets."""


def serve(
    port: int = 0,
    *,
    webhook_url: str = "",
    webhook_secret: str = "",
    seed: int | str | None = None,
    api_version: str = LATEST,
    pace: Pace | None = None,
) -> Server:
    """Start a stand-in on ``127.0.0.1:port`` (0 picks a free one).

    Registers ``webhook_url`` for all events. Raises ``OSError`` when the port
    is taken. Without ``seed`` ids are unguessable.
    """
    chosen = secrets.token_hex(16) if seed is None else seed
    server = Server(port, ids=Ids(chosen), api_version=api_version, pace=pace)
    if webhook_url:
        server.engine.register(webhook_url, webhook_secret)
    return server.start()
