"""One event of every sort, and the letters of an evening."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from app import clock
from app.database import event_scope, write
from app.letters.actions import log_letters, take_back
from app.letters.facts import Press
from tests import factories
from tests.browser.scenery import AMINA, Marathon, set_up_marathon


def make_marathons(ana, cases) -> dict[str, Marathon]:
    """One event of every sort."""
    kinds = {
        "running": {"people": 143},
        "upcoming": {"state": "upcoming", "goal": None},
        "closed": {"state": "closed"},
        "forgotten": {},
        "rehearsal": {"is_rehearsal": True},
        "school": {"has_young_people": True},
        "bare": {"state": "upcoming", "cases": [], "place": "", "goal": None},
    }
    words = "Paper, pens and soup are here.\n\nCome for ten minutes, or for the night."
    usual = {"organiser": ana, "cases": cases, "description": words}
    marathons = {kind: set_up_marathon(**usual | changes) for kind, changes in kinds.items()}
    with write(event_scope(marathons["bare"].event.id)) as session:
        session.delete(marathons["bare"].table)
    return marathons


def log_an_evening(marathon: Marathon) -> str:
    """A phone that logged counted, held and taken back letters; its cookie."""
    token, now = uuid4().hex, clock.now()
    device = factories.joined(factories.device(marathon.table, token=token))
    amina = next(case.slug for case in marathon.event.cases if case.name == AMINA)
    sent = [
        ("handwritten_letter", 12, timedelta(minutes=30)),
        ("postcard", 1, timedelta(minutes=4)),
        ("email", 3, timedelta(minutes=2)),
        ("handwritten_letter", 40, timedelta(hours=2)),
    ]
    for kind, quantity, age in sent:
        press = Press(str(uuid4()), amina, kind, quantity, age_ms=age // timedelta(milliseconds=1))
        log_letters(device, press, now=now)
    wrong = Press(str(uuid4()), amina, "handwritten_letter", 1)
    log_letters(device, wrong, now=now)
    take_back(device, wrong.op, op=str(uuid4()), now=now)
    return token
