"""Presses wait for their turn before Flask is asked, not in the middle of it.

Python runs one thread at a time, and SQLite lets go of it at each statement: a dozen presses that
Flask works on at once wake each other up a dozen times each. Here a press is asked of Flask when
its turn has come, those after it wait without a stir, and those who waited share one commit.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from typing import Any

from app.turns import NotCommitted, Turns

PATH = "/table/letters"
BIGGEST = 4096
"""Bytes of a press's body; whatever is longer is no press of ours, and waits its turn inside."""

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]


class PressLayer:
    """A WSGI application around Flask's that lets presses in one by one; nothing else changes."""

    def __init__(self, flask: Application, turns: Turns) -> None:
        self.flask = flask
        self._turns = turns

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Ask Flask; a press that could not be committed with others is asked again by itself."""
        body = _read_press(environ)
        if body is None:
            return self.flask(environ, start_response)
        said: list[Any] = []
        environ["wsgi.input"] = io.BytesIO(body)
        try:
            # Flask leaves things of its own in what it is given.
            with self._turns.hold():
                answer = self.flask(environ.copy(), lambda *line: said.append(line))
        except (NotCommitted, TimeoutError):
            environ["wsgi.input"].seek(0)
            return self.flask(environ, start_response)
        start_response(*said[-1])
        return answer


def _read_press(environ: Environ) -> bytes | None:
    """A press's body, read whole before anybody waits for it; None for any other request."""
    if environ["PATH_INFO"] != PATH or environ["REQUEST_METHOD"] != "POST":
        return None
    length = environ.get("CONTENT_LENGTH") or ""
    if not length.isdecimal() or int(length) > BIGGEST:
        return None
    body: bytes = environ["wsgi.input"].read(int(length))
    return body
