"""P2: how many polls a second are answered, against a bare Flask "hello" on the same server.

Unchanged: the page shows the current version and gets 204. Changed: it shows an older one and gets
the fragment.
"""

from __future__ import annotations

import argparse
import html
import re
from itertools import repeat

from bench.rig.figures import Figures
from bench.rig.load import get
from bench.rig.people import Browser, join, new_op
from bench.rig.server import Server, instance_folder
from bench.rig.stage import Season, Wanted, make_season
from bench.rig.turns import Source, report_rates, report_ratio, take_turns

PORT, BARE_PORT = 8300, 8301
BARS = {"unchanged": 3.0, "changed": 2.0}
STATUS = {"hello": 200, "unchanged": 204, "changed": 200}
BROWSER = {"Accept_Encoding": "gzip, deflate, br", "HX_Request": "true", "Accept": "text/html"}


def poll_urls(season: Season) -> dict[str, str]:
    """The poll of a page that is up to date, as the page itself says it, and of one that is not."""
    slug = season.events[0].slug
    join(PORT, season.events[0].codes[0]).press(new_op(), case=season.cases[0])
    page = Browser(PORT).get(f"/events/{slug}/live").text
    found = re.search(rf'hx-get="(/events/{slug}/tally\?[^"]+)"', page)
    assert found, "the live page polls nothing"
    current = html.unescape(found[1])
    return {"unchanged": current, "changed": re.sub(r"v=[0-9.]+", "v=1.1", current)}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=12)
    options.add_argument("--seconds", type=float, default=1.0, help="of each round")
    options.add_argument("--at-once", type=int, default=64, help="connections that poll at once")
    chosen = options.parse_args()
    figures = Figures(f"poll: ask for a live counter, {chosen.at_once} connections at once")
    with instance_folder() as folder:
        season = make_season(folder, Wanted("Hall"))
        bare_folder = folder / "bare"
        bare_folder.mkdir()
        with Server(bare_folder, BARE_PORT, is_bare=True) as bare, Server(folder, PORT) as ours:
            sources = {"hello": Source(bare, repeat(get("/hello", **BROWSER)).__next__)}
            for name, url in poll_urls(season).items():
                sources[name] = Source(ours, repeat(get(url, **BROWSER)).__next__)
            turns, statuses = take_turns(
                sources, rounds=chosen.rounds, seconds=chosen.seconds, connections=chosen.at_once
            )
    report_rates(figures, turns)
    for name, bar in BARS.items():
        report_ratio(figures, f"polls a second, {name}, of hello", turns[name], turns["hello"], bar)
    wrong = sum(each.total() - each[STATUS[name]] for name, each in statuses.items())
    figures.exactly("answers with another status than due", wrong, 0)
    figures.end()


if __name__ == "__main__":
    main()
