"""Truth 3: the same press sent many times is one row; other content under its op is refused.

First 10,000 posts of 200 ops, 50 in parallel. Then every op again with something changed: 409,
always. Then clients behind a proxy that swallows 30 % of the answers after the commit: as many rows
as taps. Controls: the bare route, which knows no op, and clients that mint a new op with each try.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from itertools import cycle
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

from bench.rig.cutting_proxy import CuttingProxy
from bench.rig.figures import Figures
from bench.rig.ledger import ask, count_rows, verify
from bench.rig.load import load, post
from bench.rig.people import Device, join
from bench.rig.presser import Presser, together
from bench.rig.server import Server, disk_of, instance_folder
from bench.rig.stage import Season, Wanted, make_season

PORT, BARE_PORT, PROXY_PORT = 8309, 8310, 8311
OPS, POSTS, AT_ONCE = 200, 10_000, 50
CUT = 0.3
CLIENTS, TAPS_EACH = 16, 60
KINDS = ("handwritten_letter", "postcard", "email")


class Tap(NamedTuple):
    """A press that may be sent more than once."""

    device: Device
    op: str
    case: str
    kind: str
    quantity: int

    def request(self) -> bytes:
        """The post as bytes."""
        cookie, token = self.device.browser.cookie_header(), self.device.csrf_token
        headers = {"Cookie": cookie, "X_CSRFToken": token, "Accept": "application/json"}
        return post("/table/letters", self.body(), **headers)

    def body(self) -> str:
        """Its fields."""
        what = f"case={self.case}&kind={self.kind}&quantity={self.quantity}"
        return f"op={self.op}&{what}"


def send(port: int, requests: list[bytes]) -> Counter[int]:
    """Send them all, fifty at once; answers by status."""
    left = iter(requests)
    return load(port, lambda: next(left, None), connections=AT_ONCE, seconds=600).statuses


def make_taps(season: Season) -> list[Tap]:
    """Two hundred taps of different content, at devices of two tables."""
    codes = cycle(season.events[0].codes)
    devices = [join(PORT, next(codes)) for _ in range(OPS // 10)]
    parts = zip(cycle(devices), cycle(season.cases), cycle(KINDS), range(OPS), strict=False)
    return [
        Tap(device, str(uuid4()), case, kind, 1 + number % 5)
        for device, case, kind, number in parts
    ]


def with_changes(tap: Tap, taps: list[Tap], cases: list[str]) -> list[bytes]:
    """The tap's op with another case, kind, quantity, and from another table."""
    other_case = cases[(cases.index(tap.case) + 1) % len(cases)]
    other_kind = KINDS[(KINDS.index(tap.kind) + 1) % len(KINDS)]
    # Devices take turns at the two tables.
    neighbour = taps[(taps.index(tap) + 1) % len(taps)].device
    changed = [
        tap._replace(case=other_case),
        tap._replace(kind=other_kind),
        tap._replace(quantity=tap.quantity + 1),
        tap._replace(device=neighbour),
    ]
    return [each.request() for each in changed]


def send_often(figures: Figures, folder: Path, season: Season) -> None:
    """The first two parts, and the control that knows no op."""
    bare_folder = folder / "bare"
    bare_folder.mkdir()
    with Server(folder, PORT), Server(bare_folder, BARE_PORT, is_bare=True):
        taps = make_taps(season)
        posts = taps * (POSTS // OPS)
        random.shuffle(posts)
        statuses = send(PORT, [tap.request() for tap in posts])
        changed = [each for tap in taps for each in with_changes(tap, taps, season.cases)]
        refused = send(PORT, changed)
        again = send(PORT, [tap.request() for tap in taps])
        bare = send(BARE_PORT, [post("/insert", tap.body()) for tap in posts[: OPS * 5]])
    figures.note(f"posts by status {dict(statuses)}, changed ones {dict(refused)}")
    figures.exactly(f"{POSTS:,} posts of {OPS} ops: rows", count_rows(folder), OPS)
    figures.exactly("posts that were not acknowledged", POSTS - statuses[200], 0)
    counted = ask(folder, "SELECT sum(counted) FROM tally")[0][0]
    figures.exactly("counted", counted, sum(tap.quantity for tap in taps))
    figures.exactly("changed content that was not refused", len(changed) - refused[409], 0)
    figures.exactly("unchanged content refused afterwards", OPS - again[200], 0)
    rows = ask(bare_folder, "SELECT count(DISTINCT op), count(*) FROM letter", file="bare.db")[0]
    figures.note(f"control: the bare route made {rows[1]:,} rows of {rows[0]} ops, {dict(bare)}")
    figures.holds("the control counts twice", rows[1] > rows[0])


def lose_answers(figures: Figures, *, keep_op: bool) -> None:
    """Clients behind the proxy; afterwards as many rows as taps, but in the control."""
    with instance_folder() as folder:
        season = make_season(folder, Wanted("Hall", tables=2, seats=200))
        with Server(folder, PORT), CuttingProxy(PROXY_PORT, PORT, share=CUT) as proxy:
            pressers = [
                Presser(
                    [behind_proxy(join(PORT, code)) for code in season.events[0].codes * 2],
                    season.cases[0],
                    taps=TAPS_EACH,
                    keep_op=keep_op,
                )
                for _ in range(CLIENTS)
            ]
            for presser in pressers:
                presser.start()
            for presser in pressers:
                presser.join(300)
        taps, rows = CLIENTS * TAPS_EACH, count_rows(folder)
        _sent, acknowledged, unexpected = together(pressers)
        cut = proxy.cut / max(1, proxy.answers)
        if keep_op:
            figures.note(f"{taps:,} taps, {proxy.answers:,} answers, {cut:.0%} of them cut")
            figures.exactly("taps acknowledged", len(acknowledged), taps)
            figures.exactly("rows - taps", rows - taps, 0)
            figures.exactly("answers nobody expected", len(unexpected), 0)
            figures.holds("./run verify proves the ledger", verify(folder)[0])
        else:
            figures.note(f"control: with a new op for each try {taps:,} taps became {rows:,} rows")
            figures.holds("the control counts twice", rows > taps)


def behind_proxy(device: Device) -> Device:
    """From now on the device reaches the server through the proxy."""
    device.browser.connection.close()
    device.browser.connection.port = PROXY_PORT
    return device


def main() -> None:
    argparse.ArgumentParser(description=__doc__).parse_args()
    figures = Figures("retries: one press is one row")
    with instance_folder() as folder:
        figures.note(f"database on {disk_of(folder)}")
        season = make_season(folder, Wanted("Hall", tables=2, seats=200))
        send_often(figures, folder, season)
    lose_answers(figures, keep_op=True)
    lose_answers(figures, keep_op=False)
    figures.end()


if __name__ == "__main__":
    main()
