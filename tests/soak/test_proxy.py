"""Each trouble of the soak's proxy is what its name says."""

import socket
import threading
import time

import pytest

from tests.soak.balancer import Balancer
from tests.soak.proxy import COMMIT, HOST, Kind, Proxy, Reactor, Toxic

ANSWER = b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 100


class Upstream:
    """A server that keeps what it was asked, and answers all alike."""

    def __init__(self):
        self.asked = []
        self.socket = socket.create_server((HOST, 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self.talk, args=[connection], daemon=True).start()

    def talk(self, connection):
        with connection:
            try:
                while asked := connection.recv(1000):
                    self.asked.append(asked)
                    connection.sendall(ANSWER)
            except ConnectionError:
                return


@pytest.fixture
def upstream():
    server = Upstream()
    yield server
    server.socket.close()


@pytest.fixture
def reactor():
    thread = Reactor()
    yield thread
    thread.close()


@pytest.fixture
def proxy(upstream, reactor):
    door = Proxy(reactor, lambda: [upstream.port])
    yield door
    door.close()


def call(door):
    return socket.create_connection((HOST, door.port), timeout=5)


def ask(door, words=b"hello"):
    """All that comes back in one exchange; raises as the connection does."""
    with call(door) as connection:
        connection.sendall(words)
        return connection.recv(1000)


def test_without_a_toxic_everything_passes(proxy, upstream):
    assert ask(proxy) == ANSWER
    assert upstream.asked == [b"hello"]
    assert not proxy.struck


def test_latency_lets_the_answer_wait(proxy):
    proxy.poison(Toxic(Kind.LATENCY, seconds=0.2, jitter=0.05))
    began = time.monotonic()
    assert ask(proxy) == ANSWER
    assert 0.14 < time.monotonic() - began < 2


def test_a_refused_connection_reaches_nobody(proxy, upstream):
    proxy.poison(Toxic(Kind.REFUSE))
    with pytest.raises(ConnectionError):
        ask(proxy)
    assert upstream.asked == []


def test_a_lost_answer_is_to_something_that_was_done(proxy, upstream):
    proxy.poison(Toxic(Kind.LOSE_ANSWER))
    with pytest.raises(ConnectionError):
        ask(proxy)
    assert upstream.asked == [b"hello"]


def test_a_truncated_answer_ends_in_good_order(proxy):
    proxy.poison(Toxic(Kind.TRUNCATE, length=20))
    with call(proxy) as connection:
        connection.sendall(b"hello")
        assert connection.recv(1000) == ANSWER[:20]
        assert connection.recv(1000) == b""


def test_a_black_hole_says_nothing_until_it_heals(proxy, upstream):
    proxy.poison(Toxic(Kind.BLACK_HOLE))
    with call(proxy) as connection:
        connection.sendall(b"hello")
        connection.settimeout(0.2)
        with pytest.raises(TimeoutError):
            connection.recv(1000)
        proxy.heal()
        connection.settimeout(5)
        with pytest.raises(ConnectionError):
            connection.recv(1000)
    assert upstream.asked == []


def test_a_cut_ends_what_lives_and_lets_nobody_in(proxy):
    with call(proxy) as connection:
        connection.sendall(b"hello")
        assert connection.recv(1000) == ANSWER
        proxy.poison(Toxic(Kind.CUT))
        with pytest.raises(ConnectionError):
            connection.recv(1000)
        with pytest.raises(ConnectionError):
            ask(proxy)
    proxy.heal()
    assert ask(proxy) == ANSWER


def test_severed_connections_can_be_made_anew(proxy):
    with call(proxy) as connection:
        connection.sendall(b"hello")
        assert connection.recv(1000) == ANSWER
        proxy.sever()
        with pytest.raises(ConnectionError):
            connection.recv(1000)
    assert ask(proxy) == ANSWER
    assert proxy.struck == {Kind.SEVER: 1}


def test_an_untold_commit_was_done_and_an_unheard_one_was_not_f55(proxy, upstream):
    commit = b"Q\x00\x00\x00\x0b" + COMMIT
    proxy.poison(Toxic(Kind.COMMIT_UNTOLD))
    assert ask(proxy, b"Q\x00\x00\x00\x0dSELECT 1\x00") == ANSWER
    with pytest.raises(ConnectionError):
        ask(proxy, commit)
    assert upstream.asked[-1] == commit
    proxy.poison(Toxic(Kind.COMMIT_UNHEARD))
    with pytest.raises(ConnectionError):
        ask(proxy, commit)
    assert len(upstream.asked) == 2


def test_what_has_struck_is_counted_and_a_small_chance_spares_some(proxy):
    proxy.poison(Toxic(Kind.REFUSE, chance=0.5))
    heard = []
    for _ in range(40):
        try:
            heard.append(ask(proxy))
        except ConnectionError:
            continue
    assert 0 < len(heard) < 40
    assert proxy.struck[Kind.REFUSE] == 40 - len(heard)


def test_the_balancer_finds_who_lives_and_notes_the_answers(reactor, upstream):
    with socket.create_server((HOST, 0)) as gone:
        dead = gone.getsockname()[1]
    door = Balancer(reactor, lambda: [dead, upstream.port], seed=1)
    for _ in range(8):
        assert ask(door, b"POST /checkout/webhook/ HTTP/1.1\r\n\r\n") == ANSWER
    assert ask(door, b"GET / HTTP/1.1\r\n\r\n") == ANSWER
    assert door.statuses == {("webhook", "200"): 8, ("page", "200"): 1}
    assert door.percentile("webhook", 0.5) > 0
    door.close()
