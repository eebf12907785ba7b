"""Safety 8: 500 people sign up, and nothing on the disk says who; deleted, no backup does either.

Over HTTP against the shipped server, with mail on and its server away: names, addresses, needs and
notes in several scripts; the door is ticked, lists exported, one person erased, a backup made.
Then every file is searched in every guise. Controls: a word written to a log is found; before the
names are deleted the backup with the key does read them.
"""

from __future__ import annotations

import argparse
import html
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from bench.rig.figures import Figures
from bench.rig.leaks import STEMS, find_leaks, search_folder
from bench.rig.people import Browser, csrf_token_in, sign_in
from bench.rig.server import ROOT, Server, environment_for, instance_folder
from bench.rig.stage import ORGANISER, PASSWORD, Wanted, make_season

PORT = 8317
MAIL = {"smtp_url": "smtp://127.0.0.1:9", "mail_from": "letters@example.org"}
BEGUN = re.compile(r'name="begun"[^>]*value="([^"]+)"')
TAP = re.compile(r'value="([0-9a-f]{16}:[0-9]+:[0-9]+)"')


def put_up_a_list(folder: Path, slug: str) -> int:
    """A list that asks everything, for everybody."""
    with in_app(folder):
        from app import clock
        from app.database import SECTION, write
        from app.events.models import Event
        from app.signups.models import ASKABLE, SignUpList

        with write(SECTION) as session:
            event = session.query(Event).filter_by(slug=slug).one()
            made = SignUpList(
                event_id=event.id, purpose="guests", asks=list(ASKABLE), created_at=clock.now()
            )
            session.add(made)
            session.flush()
            return made.id


def in_app(folder: Path) -> Any:
    """The app on an instance, within this process."""
    from app import create_app
    from app.config import Settings

    return create_app(Settings.from_environ(environment_for(folder))).app_context()


class Crowd:
    """People who sign up, each from a network of their own, with a form shown 3 seconds ago."""

    def __init__(self, slug: str, list_id: int) -> None:
        self.browser, self.list_id = Browser(PORT), list_id
        self.path = f"/events/{slug}/sign-up"
        page = self.browser.get(f"{self.path}?list={list_id}").text
        self.begun = html.unescape(BEGUN.findall(page)[0])
        self.token = csrf_token_in(page)
        from app.machines import LEAST

        # The form takes nobody who is faster than a person.
        time.sleep(LEAST.total_seconds() + 0.2)
        self.links: list[str] = []

    def sign_up(self, number: int) -> bool:
        """One of them; whether they were taken."""
        stem = STEMS[number % len(STEMS)]
        said = {
            "csrf_token": self.token,
            "begun": self.begun,
            "list": self.list_id,
            "name": f"{stem} {number}",
            "email": f"{STEMS[0].lower()}{number}@example.org" if number % 2 else "",
            "access_needs": f"{stem} needs {number}",
            "note": f"{stem} says {number}",
            "party_size": 1 + number % 3,
        }
        network = f"198.{18 + number // 250}.7.{number % 250 + 1}"
        answer = self.browser.post(self.path, said, X_Forwarded_For=network)
        if answer.status == 303 and "/sign-ups/" in (answer.headers["Location"] or ""):
            self.links.append(answer.headers["Location"])
        return answer.status == 303


def break_something(crowd: Crowd) -> list[int]:
    """Requests that must be refused, with a word in each part of them; their statuses."""
    word = STEMS[0]
    return [
        crowd.browser.get(f"/sign-ups/{word}/").status,
        crowd.browser.post(crowd.path, {"name": word, "note": word * 999}).status,
        crowd.browser.get(f"/events/{word}/sign-up?list={word}").status,
    ]


def run(folder: Path, *words: str) -> None:
    """One of `./run`'s commands on an instance."""
    command = [sys.executable, str(ROOT / "run"), *words]
    done = subprocess.run(command, env=environment_for(folder), capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(
            f"./run {' '.join(words)} failed:\n{done.stdout[-900:]}{done.stderr[-900:]}"
        )


def restored(backup: Path, to: Path, keys: Path) -> Path:
    """An instance from that backup with those keys."""
    to.mkdir(mode=0o700)
    run(to, "restore", str(backup))
    shutil.copytree(keys, to / "keys")
    return to


def count_readable(folder: Path) -> tuple[int, int]:
    """How many parties' names the app can read there, and how many parties there are."""
    with in_app(folder):
        from app.signups.queries import list_parties

        parties = [party for event_id in range(1, 9) for party in list_parties(event_id)]
        return sum(party.person is not None for party in parties), len(parties)


def count_locked(folder: Path) -> int:
    """How many parties' names are still there, if only locked."""
    with in_app(folder):
        from app.database import db
        from app.signups.models import SignUp

        return db.session.query(SignUp).filter(SignUp.name.is_not(None)).count()


def delete_names(slug: str) -> None:
    """As the organiser would by the button."""
    organiser = sign_in(PORT, ORGANISER, PASSWORD)
    page = f"/desk/events/{slug}/names/delete"
    organiser.submit(page, {"is_sure": "y"})


def tick_at_the_door(organiser: Browser, slug: str, many: int) -> int:
    """Tap on names as they stand at the door; how many taps were taken."""
    door = f"/desk/events/{slug}/door"
    page = organiser.get(door).text
    token = csrf_token_in(page)
    taps = dict.fromkeys(html.unescape(tap) for tap in TAP.findall(page))
    said = [
        organiser.post(f"{door}/taps", {"csrf_token": token, "tap": tap}).status
        for tap in list(taps)[:many]
    ]
    return said.count(303)


def search(figures: Figures, name: str, place: Path, bar: int = 0) -> None:
    """Search every file of the run, and tell where anything was found."""
    found, files, size = search_folder(place)
    figures.note(f"{files} files, {size / 1e6:.1f} MB searched")
    figures.exactly(name, len(found), bar)
    for leak in found[: 0 if len(found) == bar else 10]:
        figures.note(leak)


def live(figures: Figures, home: Path, slug: str, people: int) -> None:
    """Whatever people and organisers do with names; then a backup."""
    crowd = Crowd(slug, put_up_a_list(home, slug))
    taken = sum(crowd.sign_up(number) for number in range(people))
    figures.exactly("people signed up", taken, people)
    figures.note(f"refused with a word in the request: {break_something(crowd)}")
    organiser = sign_in(PORT, ORGANISER, PASSWORD)
    figures.at_least("ticked at the door", tick_at_the_door(organiser, slug, 20), 5)
    export = f"/desk/events/{slug}/export/sign-ups"
    figures.exactly("exported as XLSX", organiser.get(f"{export}.xlsx").status, 200)
    rows = organiser.get(f"{export}.csv").body
    figures.holds("control: the search finds the words in the CSV", bool(find_leaks("", rows)))
    crowd.browser.submit(crowd.links[0], {"sure": "y"}, to=f"{crowd.links[0]}erase")
    run(home, "backup")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--people", type=int, default=500)
    people: int = options.parse_args().people
    figures = Figures(f"names: {people} sign-ups, then every file is searched")
    with instance_folder() as place:
        home, temporary = place / "home", place / "tmp"
        for folder in (home, temporary):
            folder.mkdir(mode=0o700)
        os.environ["TMPDIR"] = str(temporary)
        slug = make_season(home, Wanted("Hall")).events[0].slug
        with Server(home, PORT, proxies=1, **MAIL) as server:
            live(figures, home, slug, people)
            yesterday = max((home / "backups").glob("*.tar.gz"))
            search(figures, "words found while it runs", place)
            before = restored(yesterday, place / "before", home / "keys")
            readable, _all = count_readable(before)
            figures.exactly("control: the backup with the keys reads", readable, people - 1)
            shutil.rmtree(before)
            delete_names(slug)
            search(figures, "words found once the names are deleted", place)
            after = restored(yesterday, place / "after", home / "keys")
            readable, parties = count_readable(after)
            figures.exactly("yesterday's backup with today's keys reads", readable, 0)
            figures.exactly("and has as many parties as before", parties, people)
            run(after, "tick")
            figures.exactly("and a minute later as many locked names", count_locked(after), 0)
            with server.log.open("a") as log:
                log.write(f"{STEMS[1]}\n")
            search(figures, "control: a word in the log is found", place, 1)
    figures.end()


if __name__ == "__main__":
    main()
