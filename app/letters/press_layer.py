"""Presses wait for their turn before Flask is asked, not in the middle of it (decision 7).

Python runs one thread at a time, and SQLite lets go of it at each statement: a dozen presses that
Flask works on at once wake each other up a dozen times each. Here a press is asked of Flask when
its turn has come, those after it wait without a stir, and those who waited share one commit.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from app.front import Answer, ask
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
        if not self.is_press(environ):
            return self.flask(environ, start_response)
        body: bytes = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        environ["wsgi.input"] = io.BytesIO(body)
        [answer] = self.answer_together([environ])
        start_response(answer.status, answer.headers)
        return [answer.body]

    def is_press(self, environ: Environ) -> bool:
        """Whether this is a press, of a length that a press can have."""
        if environ["PATH_INFO"] != PATH or environ["REQUEST_METHOD"] != "POST":
            return False
        length = environ.get("CONTENT_LENGTH") or ""
        return length.isdecimal() and int(length) <= BIGGEST

    def answer_together(self, environs: Sequence[Environ]) -> list[Answer]:
        """What Flask says to these presses, whose bodies have come, in one turn and one commit."""
        try:
            with self._turns.hold():
                # Flask leaves things of its own in what it is given.
                return [ask(self.flask, environ.copy()) for environ in environs]
        except (NotCommitted, TimeoutError):
            for environ in environs:
                environ["wsgi.input"].seek(0)
            return [ask(self.flask, environ) for environ in environs]
