"""The front behind the real granian: bodies of every size and way of sending arrive whole."""

from __future__ import annotations

import contextlib
import http.client
import os
import socket
import subprocess
import sys
import time

import pytest

from app.config import ROOT
from tests.run.conftest import reserved_port

PATIENCE = 30
ECHO = """
import os
import signal
import socket
import app.bodies
import app.front
from app.config import Settings
from app.front import Front
from app.server import serve

app.front.PATIENCE = app.bodies.PATIENCE = float(os.environ["PATIENCE"])
settings = Settings.from_environ(os.environ)

def echo(environ, start_response):
    if environ["PATH_INFO"] == "/last":
        os.kill(os.getppid(), signal.SIGTERM)
        wait_until_nobody_listens()
    try:
        status, body = "200 OK", environ["wsgi.input"].read()
    except ConnectionError:
        status, body = "400 Bad Request", b""
    start_response(status, [("Content-Type", "text/plain")])
    return [body]

def wait_until_nobody_listens():
    while True:
        try:
            socket.create_connection(("127.0.0.1", settings.port), timeout=1).close()
        except OSError:
            return

if __name__ == "__main__":
    serve(Front(echo, threads=2), settings)
"""


@pytest.fixture(scope="module")
def port(tmp_path_factory):
    """Where an application answers with what it is sent."""
    with served(tmp_path_factory.mktemp("served")) as (_, port):
        yield port


@pytest.fixture(scope="module")
def impatient_port(tmp_path_factory):
    """Where senders who stop for a second are given up, as others may on a busy machine."""
    with served(tmp_path_factory.mktemp("impatient"), patience=1) as (_, port):
        yield port


@contextlib.contextmanager
def served(folder, patience=PATIENCE):
    """A server of that application as `./run` would keep it, and its port."""
    (folder / "echo.py").write_text(ECHO)
    keeper = [sys.executable, "-I", "-S", str(ROOT / "app" / "keeper.py")]
    command = [*keeper, sys.executable, str(folder / "echo.py")]
    with reserved_port() as port:
        own = {"PYTHONPATH": str(ROOT), "LETTERTALLY_PORT": str(port), "PATIENCE": str(patience)}
        environ = os.environ | own
        with subprocess.Popen(command, cwd=folder, env=environ, stderr=subprocess.PIPE) as server:
            try:
                deadline = time.monotonic() + PATIENCE
                while not is_there(port):
                    assert time.monotonic() < deadline and server.poll() is None
                yield server, port
            finally:
                server.terminate()


def is_there(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False


@pytest.mark.parametrize("is_chunked", [False, True])
@pytest.mark.parametrize("size", [0, 10, 200_000, 3_000_000])
def test_a_body_arrives_whole_and_the_next_one_is_served(port, size, is_chunked):
    body = os.urandom(size)
    for _ in range(3):
        sender = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        if is_chunked:
            pieces = (body[at : at + 50_000] for at in range(0, size, 50_000))
            headers = {"Transfer-Encoding": "chunked"}
            try:
                sender.request("POST", "/", pieces, headers, encode_chunked=True)
            except OSError:
                assert size > 256 * 1024, "it was cut off"
        else:
            sender.request("POST", "/", body)
        if is_chunked and size > 256 * 1024:
            sender.close()
            continue
        answer = sender.getresponse()
        assert (answer.status, answer.read()) == (200, body)
        sender.close()


@pytest.mark.parametrize(("declared", "status"), [(1000, b"408"), (3_000_000, b"400")])
def test_senders_who_stop_are_given_up(impatient_port, declared, status):
    head = f"POST / HTTP/1.1\r\nHost: here\r\nContent-Length: {declared}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", impatient_port), timeout=PATIENCE) as stopped:
        stopped.sendall(head.encode() + b"x" * 500)
        # The thread that reads a big one is told; what the app says then is the app's affair.
        assert stopped.recv(12) == b"HTTP/1.1 " + status


def test_senders_who_break_off_harm_nobody(port):
    for declared in (1000, 3_000_000):
        for _ in range(20):
            with socket.create_connection(("127.0.0.1", port)) as sender:
                head = f"POST / HTTP/1.1\r\nHost: here\r\nContent-Length: {declared}\r\n\r\n"
                sender.sendall(head.encode() + b"x" * 500)
    sender = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    sender.request("POST", "/", b"still here")
    assert sender.getresponse().read() == b"still here"
    sender.close()


def test_who_is_being_answered_when_it_is_stopped_still_gets_the_answer(tmp_path):
    with served(tmp_path) as (server, port):
        sender = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        sender.request("POST", "/last", b"the last letter")
        answer = sender.getresponse()
        assert (answer.status, answer.read()) == (200, b"the last letter")
        sender.close()
        assert server.wait(PATIENCE) == 0
        assert server.stderr.read() == b""
