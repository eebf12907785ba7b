"""Every deed of the audit, and everything it can be done to, is told in words."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from app.accounts.models import ROLES
from app.letters.deeds import WAYS
from app.upkeep.wording import THINGS, VERBS

APP = Path(__file__).resolve().parents[2] / "app"
NOTING = ("note_deed", "note_user", "note_invitation", "_note")


def _noted() -> Iterator[str]:
    for file in APP.rglob("*.py"):
        for call in ast.walk(ast.parse(file.read_text())):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") in NOTING:
                named = (word.value for word in call.keywords if word.arg in ("verb", "thing"))
                for value in (*call.args, *named):
                    for part in ast.walk(value):
                        if isinstance(part, ast.Constant) and isinstance(part.value, str):
                            yield part.value


def test_every_deed_and_thing_has_words():
    noted = set(_noted())
    # Half a name is filled in: with a role, or with what is done to letters.
    halves = {"make_", "letters_"}
    assert halves <= noted
    assert noted - halves - set(VERBS) - set(THINGS) - {"-", "_"} == set()


def test_every_role_and_every_way_to_mend_has_words():
    ways = {way.replace("-", "_") for way in (*WAYS.values(), "move", "undo")}
    wanted = {f"make_{role}" for role in ROLES} | {f"letters_{way}" for way in ways}
    assert wanted - set(VERBS) == set()
