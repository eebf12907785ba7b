"""P4: does it get slower as the ledger grows from ten thousand to four million entries?

Two instances that differ in nothing but the number of letters: the same events, tables, cases and
minutes. Every deed is done in this process, by turns on the small and on the big one; what is
compared is the processor time of the thread, because the disk's noise is larger than what is asked.
Filling four million takes some minutes.
"""

from __future__ import annotations

import argparse
import gc
import io
import json
import os
import sys
import time
from collections.abc import Callable
from itertools import cycle, islice
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bench.rig.figures import Figures, median
from bench.rig.fill import fill
from bench.rig.people import new_op
from bench.rig.server import disk_of, environment_for, instance_folder
from bench.rig.stage import ORGANISER, PASSWORD, Season, Wanted, make_season

EVENTS, TABLES, DEVICES_A_TABLE = 7, 10, 8
MINUTES = 144
"""Seven events, ten tables, 144 minutes: with 10,080 letters every minute of a table has one."""
SMALL, BIG = 10_080, 4_000_000
BARS = {
    "poll, unchanged": 1.1,
    "poll, changed": 1.1,
    "log": 1.1,
    "board": 1.1,
    "desk": 1.1,
    "table page": 1.1,
    "section totals": 1.3,
    "home": 1.3,
}
LOOKED_UP_EVERY = 0.21
"""Seconds after which the poll layer looks the version up again."""


class Instance:
    """An app in this process, with devices that joined and an organiser who is signed in."""

    def __init__(self, folder: Path, season: Season) -> None:
        os.environ.update(environment_for(folder))
        from app import create_app

        self.season = season
        self.app = create_app()
        self.app.logger.disabled = True
        self._slugs = cycle([event.slug for event in season.events])
        self._cases = cycle(season.cases)
        self._devices = {
            event.slug: cycle([(self._cookie(each), *self._token(each)) for each in event.tokens])
            for event in season.events
        }
        self.organiser = self._sign_in()
        self.slug = next(self._slugs)
        self._version = ""

    def _cookie(self, token: str) -> str:
        return f"lettertally_device={token}"

    def _token(self, device: str) -> tuple[str, str]:
        _status, headers, body = self.call("GET", "/table/token", cookie=self._cookie(device))
        form = next(v.split(";")[0] for n, v in headers if n == "Set-Cookie")
        return form, json.loads(body)["csrf_token"]

    def _sign_in(self) -> str:
        from app.accounts.access import session_cookie
        from app.accounts.actions import sign_in
        from app.clock import now

        with self.app.app_context():
            token = sign_in(ORGANISER, PASSWORD, now=now())
            return f"{session_cookie()}={token}"

    def call(
        self,
        method: str,
        path: str,
        *,
        query: str = "",
        body: bytes = b"",
        cookie: str = "",
        **headers: str,
    ) -> tuple[str, list[tuple[str, str]], bytes]:
        """One request through the whole WSGI application."""
        environ: dict[str, Any] = {
            "REQUEST_METHOD": method,
            "SCRIPT_NAME": "",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "8000",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": "localhost:8000",
            "HTTP_COOKIE": cookie,
            "REMOTE_ADDR": "127.0.0.1",
            "CONTENT_LENGTH": str(len(body)),
            "CONTENT_TYPE": "application/x-www-form-urlencoded",
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": sys.stderr,
            "wsgi.version": (1, 0),
            "wsgi.multithread": False,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
            **headers,
        }
        said: list[Any] = []
        answer = self.app(environ, lambda status, head, _exc=None: said.extend((status, head)))
        content = b"".join(answer)
        getattr(answer, "close", lambda: None)()
        if said[0][:3] not in ("200", "204"):
            raise SystemExit(f"{method} {path} answered {said[0]}: {content[:300]!r}")
        return said[0], said[1], content

    def log(self) -> None:
        """Press once, at the event's next device."""
        device, form, token = next(self._devices[self.slug])
        fields = {"op": new_op(), "kind": "handwritten_letter", "quantity": 1}
        body = urlencode(fields | {"case": next(self._cases)}).encode()
        accepts = {"HTTP_ACCEPT": "application/json", "HTTP_X_CSRFTOKEN": token}
        self.call("POST", "/table/letters", body=body, cookie=f"{device}; {form}", **accepts)

    def go_on(self) -> None:
        """Turn to the next event, and let its version move by a letter."""
        self.slug = next(self._slugs)
        self.log()

    def poll_changed(self) -> None:
        """As a screen polls that shows an older version; remembers the current one."""
        _status, _headers, body = self._poll("1.1")
        self._version = body.decode().partition("?v=")[2].partition("&")[0]

    def poll_unchanged(self) -> None:
        """As a screen polls that shows what is true."""
        self._poll(self._version)

    def _poll(self, version: str) -> tuple[str, list[tuple[str, str]], bytes]:
        query = f"v={version}&lang=en&view=board"
        return self.call("GET", f"/events/{self.slug}/tally", query=query)

    def table_page(self) -> None:
        self.call("GET", "/table/", cookie=next(self._devices[self.slug])[0])

    def board(self) -> None:
        self.call("GET", f"/events/{self.slug}/live")

    def desk(self) -> None:
        self.call("GET", f"/desk/events/{self.slug}/", cookie=self.organiser)

    def totals(self) -> None:
        self.call("GET", "/totals.json")

    def home(self) -> None:
        self.call("GET", "/")

    def deeds(self) -> dict[str, Callable[[], None]]:
        """What is timed, in this order: a poll that is unchanged follows one that was not."""
        return {
            "poll, changed": self.poll_changed,
            "poll, unchanged": self.poll_unchanged,
            "log": self.log,
            "board": self.board,
            "desk": self.desk,
            "table page": self.table_page,
            "section totals": self.totals,
            "home": self.home,
        }


def time_deeds(instances: list[Instance], rounds: int) -> list[dict[str, list[float]]]:
    """Microseconds of processor of each deed on each instance, by turns."""
    taken: list[dict[str, list[float]]] = [{} for _ in instances]
    gc.disable()
    for number in range(rounds):
        for instance in instances:
            instance.go_on()
        time.sleep(LOOKED_UP_EVERY)
        for name in instances[0].deeds():
            # Whoever comes second finds the processor's caches full of the other's.
            turns = list(zip(instances, taken, strict=True))
            for instance, into in turns if number % 2 else reversed(turns):
                deed = instance.deeds()[name]
                began = time.thread_time_ns()
                deed()
                into.setdefault(name, []).append((time.thread_time_ns() - began) / 1000)
        gc.collect()
    return taken


def prepare(folder: Path, entries: int) -> Season:
    """A season with so many letters in it."""
    wanted = [Wanted(f"Hall {n}", TABLES, devices=DEVICES_A_TABLE) for n in range(EVENTS)]
    season = make_season(folder, *wanted)
    fill(folder, entries=entries, minutes=MINUTES)
    return season


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--entries", type=int, default=BIG, help="of the big one")
    options.add_argument("--rounds", type=int, default=100)
    chosen = options.parse_args()
    figures = Figures(f"growth: {SMALL:,} entries and {chosen.entries:,}")
    with instance_folder() as folder:
        figures.note(f"databases on {disk_of(folder)}")
        instances = []
        for name, entries in (("small", SMALL), ("big", chosen.entries)):
            home = folder / name
            home.mkdir()
            began = time.monotonic()
            season = prepare(home, entries)
            size = (home / "lettertally.db").stat().st_size / 1e6
            spent = time.monotonic() - began
            figures.note(f"{name}: {entries:,} entries, {size:,.0f} MB, filled in {spent:.0f} s")
            instances.append(Instance(home, season))
        time_deeds(instances, 5)
        small, big = time_deeds(instances, chosen.rounds)
        for name, bar in BARS.items():
            before, after = median(small[name]), median(big[name])
            figures.at_most(f"{name}: {before:,.0f} to {after:,.0f} µs", after / before, bar, "x")
        for instance, name in zip(instances, ("small", "big"), strict=True):
            figures.holds(f"a whole event of the {name} one is proven", is_proven(instance))
    figures.end()


def is_proven(instance: Instance) -> bool:
    """Whether the first filled event's ledger is whole."""
    from app.letters.verify import verify_ledger

    with instance.app.app_context():
        # The season's own event for letters from home comes first.
        verdicts = list(islice(verify_ledger(), 2))
        return all(not each.faults for each in verdicts) and verdicts[-1].rows > 0


if __name__ == "__main__":
    main()
