"""The launcher while the server runs: starts it, starts it again when it crashed, and ends it.

`./run` becomes this file, in a Python that holds nothing else: a launcher with all it needed
before would cost several times the memory. So only the standard library, and hardly any of it:
`contextlib` or `typing` alone cost more than this file does.
"""

from __future__ import annotations

import os
import signal
import sys
import time

SECONDS_TO_FINISH = 10
"""What requests under way are given when the server is stopped."""
SECONDS_OF_LIFE = 5.0
"""A server that crashed sooner than this would do so again."""
FAILED = 1


class Keeper:
    """Whoever keeps one server running."""

    def __init__(self, command: list[str]) -> None:
        self._command = command
        self._server: int | None = None
        self._is_stopping = False

    def keep(self) -> int:
        """Until the server was stopped, or cannot live; the exit code."""
        # Also where a script that put it into the background had Ctrl-C ignored.
        for stopping in (signal.SIGTERM, signal.SIGINT):
            signal.signal(stopping, self._stop)
        # Whoever started it with nohup wants it to go on when the terminal is closed.
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
            signal.signal(signal.SIGHUP, self._stop)
        signal.signal(signal.SIGALRM, lambda *_: self._send(signal.SIGKILL))
        while True:
            began = time.monotonic()
            status = self._run_once()
            if self._is_stopping:
                return 0
            if time.monotonic() - began < SECONDS_OF_LIFE:
                return FAILED
            code = os.waitstatus_to_exitcode(status)
            sys.stderr.write(f"The server has ended ({code}) and is started again.\n")

    def _run_once(self) -> int:
        # When this process is gone, however it went, the server reads the end of the pipe.
        tether, held = os.pipe()
        os.set_inheritable(tether, True)
        # A terminal sends Ctrl-C to all; only the keeper ends the server, once.
        deaf = {signal.SIGINT, signal.SIGHUP}
        command = [*self._command, str(tether)]
        self._server = os.posix_spawn(command[0], command, os.environ, setsigmask=deaf)
        os.close(tether)
        if self._is_stopping:
            self._send(signal.SIGTERM)
        _, status = os.waitpid(self._server, 0)
        self._server = None
        os.close(held)
        return status

    def _stop(self, *_: object) -> None:
        self._is_stopping = True
        self._send(signal.SIGTERM)
        signal.alarm(SECONDS_TO_FINISH)

    def _send(self, what: signal.Signals) -> None:
        if self._server is not None:
            try:  # noqa: SIM105
                os.kill(self._server, what)
            except ProcessLookupError:
                pass


if __name__ == "__main__":
    sys.exit(Keeper(sys.argv[1:]).keep())
