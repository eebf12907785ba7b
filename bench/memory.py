"""P5: what the whole server holds in memory, idle, after a visit to each main page."""

from __future__ import annotations

import time

from bench.rig.figures import Figures
from bench.rig.people import Browser, join, new_op, sign_in
from bench.rig.server import Server, instance_folder
from bench.rig.stage import ADMIN, PASSWORD, Season, Wanted, make_season

PORT = 8305
BAR_MB = 90
SETTLE = 5.0
"""Seconds in which what was only needed for answering may be let go."""


def visit_everything(season: Season) -> None:
    """One visit to every main page, signed out, at a table, and signed in as an admin."""
    event = season.events[0]
    device = join(PORT, event.codes[0])
    device.press(new_op(), case=season.cases[0])
    public = ["/", "/cases/", f"/cases/{season.cases[0]}/", "/events/", f"/events/{event.slug}/"]
    live = [f"/events/{event.slug}/{page}" for page in ("live", "hall", "tally.json")]
    desk = [f"/desk/events/{event.slug}/{page}" for page in ("", "edit", "tables", "letters")]
    section = ["/section/", "/section/campaign", "/section/cases", "/account/"]
    visits = (
        (device.browser, ["/table/"]),
        (Browser(PORT), [*public, *live, "/totals.json", "/healthz"]),
        (sign_in(PORT, ADMIN, PASSWORD), ["/desk/", *desk, *section]),
    )
    for browser, paths in visits:
        for path in paths:
            answer = browser.get(path, Accept_Encoding="br")
            if answer.status != 200:
                raise ValueError(f"{path} answered {answer.status}")


def main() -> None:
    figures = Figures("memory: the shipped server, idle")
    with instance_folder() as folder:
        season = make_season(folder, Wanted("Hall", tables=4))
        with Server(folder, PORT) as server:
            fresh = server.shared_memory_mb()
            visit_everything(season)
            time.sleep(SETTLE)
            memory, resident = server.shared_memory_mb(), server.memory_by_process()
            figures.note(f"just started {fresh:.0f} MB; {server.thread_count()} threads")
    figures.note(
        f"resident, each process by itself: {' + '.join(f'{mb:.0f}' for mb in resident)} MB"
    )
    figures.at_most("memory of all processes, shared pages once (PSS)", memory, BAR_MB, " MB")
    figures.end()


if __name__ == "__main__":
    main()
