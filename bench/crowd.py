"""Crowds at the sign-in page: do they keep others waiting, and does a whole hall get in?

Sixty strangers, each time from another network, try passwords without a pause while a few people
log letters, open pages and poll. Then thirty organisers behind one address press *Sign in* in the
same moment. The control is the same app with a lane as broad as all threads: there the strangers
must keep everybody waiting at least twice as long.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import itertools
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from bench.rig.figures import Figures, quantile
from bench.rig.people import Browser, csrf_token_in
from bench.rig.server import Server, environment_for, instance_folder
from bench.rig.stage import PASSWORD, Wanted, make_season
from bench.slow import BAR_MS, BROAD, PORT, Honest, waits_of

STRANGERS, HALL = 60, 30
HELD_UP = 2
"""So many times as long others wait where passwords may take every thread; a quiet machine 3.7."""
networks = itertools.count(1)


class Crowd:
    """People at the sign-in page, each with a browser of their own."""

    def __init__(self) -> None:
        visitor = Browser(PORT)
        self._token = csrf_token_in(visitor.get("/sign-in").text)
        self._cookies = visitor.cookies
        self.answers: Counter[int] = Counter()
        self.longest = 0.0

    def press(self, email: str, password: str, *, network: str = "10.0.0.1") -> None:
        """Press *Sign in* once."""
        browser = Browser(PORT)
        browser.cookies = dict(self._cookies)
        form = {"csrf_token": self._token, "email": email, "password": password}
        began = time.monotonic()
        with contextlib.suppress(OSError, http.client.HTTPException):
            answer = browser.post("/sign-in", form, X_Forwarded_For=network)
            self.answers[answer.status] += 1
        self.longest = max(self.longest, time.monotonic() - began)
        browser.connection.close()

    @contextlib.contextmanager
    def trying(self, how_many: int) -> Iterator[None]:
        """So many who try on and on."""
        is_over = threading.Event()

        def go_on() -> None:
            while not is_over.is_set():
                number = next(networks)
                network = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
                self.press(f"n{number}@example.org", "a long password", network=network)

        threads = [threading.Thread(target=go_on) for _ in range(how_many)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            is_over.set()
            for thread in threads:
                thread.join()

    def press_together(self, how_many: int) -> None:
        """So many organisers at the same moment, behind one address."""
        together = threading.Barrier(how_many)

        def go(number: int) -> None:
            together.wait()
            self.press(email_of(number), PASSWORD)

        threads = [threading.Thread(target=go, args=(number,)) for number in range(how_many)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


def email_of(number: int) -> str:
    return f"organiser-{number}@example.org"


def add_organisers(folder: Path, how_many: int) -> None:
    """So many who can sign in by PASSWORD; hashed once, because each takes a while."""
    from app import clock, create_app
    from app.accounts.models import User
    from app.accounts.passwords import hash_password
    from app.config import Settings
    from app.database import SECTION, write

    app = create_app(Settings.from_environ(environment_for(folder, port=PORT)))
    with app.app_context():
        who = {"name": "Organiser", "role": "organiser", "is_active": True}
        who |= {"password_hash": hash_password(PASSWORD), "created_at": clock.now()}
        with write(SECTION) as session:
            session.add_all(
                User(public_id=f"{number:016x}", email=email_of(number), **who)
                for number in range(how_many)
            )


def measure(folder: Path, seconds: float, *, command: list[str] | None = None) -> tuple[float, str]:
    """The p95 of everything others did while strangers try, in milliseconds; the rest in words."""
    season = make_season(folder, Wanted("Hall", tables=8, seats=8))
    with Server(folder, PORT, command=command, proxies=1) as server:
        people = [Honest(season, code) for code in season.events[0].codes]
        waits_of(people, 1)
        crowd = Crowd()
        with crowd.trying(STRANGERS):
            # The others begin once the lane is full of strangers.
            time.sleep(1)
            for person in people:
                person.lose_patience()
            waits = waits_of(people, seconds)
            words = f"{server.memory_mb():.0f} MB"
    words += f", answered {dict(crowd.answers)}, the last after {crowd.longest:.1f} s at most"
    for name, each in waits.items():
        words += f", {name} p95 {quantile(each, 0.95):.0f} ms"
    return quantile([wait for each in waits.values() for wait in each], 0.95), words


def welcome_hall(folder: Path) -> Crowd:
    """What thirty organisers behind one address are answered."""
    make_season(folder, Wanted("Hall"))
    add_organisers(folder, HALL)
    with Server(folder, PORT):
        crowd = Crowd()
        crowd.press_together(HALL)
    return crowd


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=20)
    chosen = options.parse_args()
    figures = Figures(f"crowd: {STRANGERS} strangers try passwords, {HALL} organisers sign in")
    with instance_folder() as folder:
        p95, words = measure(folder, chosen.seconds)
    figures.note(words)
    figures.at_most("others' waits, p95", p95, BAR_MS, " ms")
    with instance_folder() as folder:
        hall = welcome_hall(folder)
    figures.note(f"the hall: answered {dict(hall.answers)}, the last after {hall.longest:.1f} s")
    figures.exactly("of the hall got in", hall.answers[303], HALL)
    with instance_folder() as folder:
        control, words = measure(folder, chosen.seconds, command=BROAD)
    figures.note(f"control, any thread for a password: {words}")
    figures.at_least("the control's waits, of these", control / p95, HELD_UP, "x")
    figures.end()


if __name__ == "__main__":
    main()
