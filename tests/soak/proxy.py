"""A door on a loopback port that hands connections on, and can be poisoned.

What Toxiproxy does, in the standard library: all doors live in one thread, and
count what they have done to whom.
"""

import asyncio
import random
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

HOST = "127.0.0.1"
CHUNK = 64 * 1024
# As psycopg sends it, in a simple query (https://www.postgresql.org/docs/current/
# protocol-message-formats.html): the text ends with a zero byte.
COMMIT = b"COMMIT\x00"
# Close at once and tell the other side by RST, which nobody takes for an end.
NO_LINGER = struct.pack("ii", 1, 0)

Stream = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Kind(StrEnum):
    LATENCY = "latency"
    REFUSE = "reset at connect"
    LOSE_ANSWER = "answer lost"
    TRUNCATE = "answer cut short"
    BLACK_HOLE = "black hole"
    CUT = "cut"
    SEVER = "live connections severed"
    COMMIT_UNHEARD = "commit never arrives"
    COMMIT_UNTOLD = "answer to commit lost"


@dataclass(frozen=True, slots=True)
class Toxic:
    """One trouble. ``chance`` is of each exchange; ``seconds`` and ``jitter`` are
    of latency, ``length`` the bytes of an answer that are let through."""

    kind: Kind
    chance: float = 1.0
    seconds: float = 0.0
    jitter: float = 0.0
    length: int = 20


class Reactor:
    """The thread that all doors live in."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()

    def run[Result](self, work: Coroutine[Any, Any, Result]) -> Result:
        """Wait for ``work``, from another thread."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(timeout=10)

    def close(self) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(timeout=5)


class Proxy:
    """Listens on ``port``, and hands each connection on to one of ``upstreams()``."""

    def __init__(
        self,
        reactor: Reactor,
        upstreams: Callable[[], Sequence[int]],
        seed: object = 0,
    ) -> None:
        self.reactor, self.upstreams = reactor, upstreams
        self.toxic: Toxic | None = None
        self.struck: Counter[str] = Counter()
        self.links: set[Link] = set()
        self.dice = random.Random(str(seed))
        self.healed = asyncio.Event()
        self.server = reactor.run(asyncio.start_server(self._welcome, HOST, 0))
        self.port: int = self.server.sockets[0].getsockname()[1]

    def poison(self, toxic: Toxic) -> None:
        """Misbehave from now on; live connections are not spared."""
        self.reactor.run(self._poison(toxic))

    def heal(self) -> None:
        """Behave again. Whoever fell into a black hole is reset."""
        self.reactor.run(self._heal())

    def sever(self) -> None:
        """Reset every live connection once; new ones are welcome."""
        self.reactor.run(self._sever(Kind.SEVER))

    def close(self) -> None:
        self.reactor.run(self._close())

    def strikes(self, *kinds: Kind) -> bool:
        """True if the poison is one of ``kinds`` and the dice say so; counts it."""
        toxic = self.toxic
        if toxic is None or toxic.kind not in kinds:
            return False
        if self.dice.random() >= toxic.chance:
            return False
        self.struck[toxic.kind] += 1
        return True

    def observe(self, asked: bytes, answered: bytes, seconds: float) -> None:
        """Hear of the first exchange of a connection; no answer is ``b""``."""

    async def _poison(self, toxic: Toxic) -> None:
        await self._heal()
        self.toxic, self.healed = toxic, asyncio.Event()
        if toxic.kind == Kind.CUT:
            await self._sever(Kind.CUT)

    async def _heal(self) -> None:
        self.toxic = None
        self.healed.set()

    async def _sever(self, kind: Kind) -> None:
        self.struck[kind] += len(self.links)
        for link in tuple(self.links):
            link.reset()

    async def _close(self) -> None:
        self.server.close()
        for link in tuple(self.links):
            link.reset()

    async def _welcome(self, *client: Any) -> None:
        if self.strikes(Kind.REFUSE, Kind.CUT):
            reset(client[1])
            return
        server = await self._connect()
        if server is None:
            reset(client[1])
            return
        link = Link(self, client, server)
        self.links.add(link)
        try:
            await link.run()
        finally:
            self.links.discard(link)

    async def _connect(self) -> Stream | None:
        for port in self.upstreams():
            try:
                return await asyncio.open_connection(HOST, port)
            except OSError:
                continue
        return None


class Link:
    """One connection through a door."""

    def __init__(self, proxy: Proxy, client: Any, server: Stream) -> None:
        self.proxy, self.client, self.server = proxy, client, server
        self.asked, self.answered, self.began = b"", b"", time.perf_counter()
        self.waits = self.commits = False

    async def run(self) -> None:
        """Hand bytes both ways until one side ends."""
        ways = [asyncio.create_task(way) for way in (self._up(), self._down())]
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for way in ways:
            way.cancel()
        await asyncio.gather(*ways, return_exceptions=True)
        if self.asked and not self.answered:
            self._tell(b"")
        self.client[1].close()
        self.server[1].close()

    def reset(self) -> None:
        reset(self.client[1])
        reset(self.server[1])

    async def _up(self) -> None:
        while chunk := await self._read(self.client):
            if self.proxy.strikes(Kind.BLACK_HOLE):
                await self.proxy.healed.wait()
                self.reset()
                return
            self.waits, self.commits = True, COMMIT in chunk
            if self.commits and self.proxy.strikes(Kind.COMMIT_UNHEARD):
                self.reset()
                return
            if not self.asked:
                self.asked, self.began = chunk[:256], time.perf_counter()
            if not await self._write(self.server, chunk):
                return

    async def _down(self) -> None:
        proxy = self.proxy
        while chunk := await self._read(self.server):
            is_first, self.waits = self.waits, False
            if self.asked and not self.answered:
                self.answered = chunk[:64]
                self._tell(self.answered)
            if is_first and proxy.strikes(Kind.LOSE_ANSWER):
                self.reset()
                return
            if self.commits and proxy.strikes(Kind.COMMIT_UNTOLD):
                self.reset()
                return
            if is_first and proxy.strikes(Kind.TRUNCATE):
                await self._write(self.client, chunk[: proxy.toxic.length])
                return
            if is_first and proxy.strikes(Kind.LATENCY):
                await asyncio.sleep(self._delay_seconds())
            if not await self._write(self.client, chunk):
                return

    def _tell(self, answered: bytes) -> None:
        self.proxy.observe(self.asked, answered, time.perf_counter() - self.began)

    def _delay_seconds(self) -> float:
        toxic = self.proxy.toxic or Toxic(Kind.LATENCY)
        spread = self.proxy.dice.uniform(-toxic.jitter, toxic.jitter)
        return max(0.0, toxic.seconds + spread)

    async def _read(self, stream: Any) -> bytes:
        try:
            chunk: bytes = await stream[0].read(CHUNK)
        except OSError:
            # A process that was killed leaves a reset, and so is the other side.
            self.reset()
            return b""
        return chunk

    async def _write(self, stream: Any, chunk: bytes) -> bool:
        try:
            stream[1].write(chunk)
            await stream[1].drain()
        except OSError:
            self.reset()
            return False
        return True


def reset(writer: asyncio.StreamWriter) -> None:
    """End a connection by RST. Safe to repeat."""
    sock = writer.get_extra_info("socket")
    if sock is not None and sock.fileno() >= 0:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_LINGER)
    writer.transport.abort()
