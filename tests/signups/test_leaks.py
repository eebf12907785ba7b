"""What people say of themselves is in no file, no log and no answer to whoever may not know."""

from __future__ import annotations

import pytest
from flask import request

from app import clock
from app.database import event_scope, write
from app.signups.erasing import erase_sign_up
from app.signups.purging import delete_names
from app.upkeep.backups import back_up
from bench.rig.leaks import PATTERNS, STEMS, find_leaks, search_folder
from tests import lists
from tests.html_rules import ORIGIN
from tests.outbox.conftest import turn_on
from tests.signups.test_erasing import owe_confirmation
from tests.signups.test_names_pages import export


@pytest.fixture
def crowd(porto):
    """A list of people who said something in every script."""
    guests = lists.sign_up_list(porto)
    for stem in STEMS:
        said = {"email": f"{STEMS[0]}@example.org", "access_needs": stem, "note": f"{stem}!"}
        lists.sign_up(guests, f"{stem} Ada", **said)
    return guests


@pytest.mark.parametrize(("stem", "guise", "piece"), PATTERNS, ids=ascii)
def test_the_search_knows_every_guise(stem, guise, piece):
    assert f"{stem!a} as {guise} in x" in find_leaks("x", b"a" + piece + b"z")
    assert find_leaks("x", b"an innocent file") == []


@pytest.mark.sqlite
def test_no_word_of_anybody_is_on_the_disk(app, carlos, crowd):
    """And the control: a word in a log is found."""
    turn_on(app, "smtp://127.0.0.1:1")
    with write(event_scope(crowd.event_id)) as session:
        owe_confirmation(session, crowd.sign_ups[0])
    for kind in ("csv", "xlsx"):
        assert len(export(carlos, kind)) == len(STEMS)
    back_up(None, now=clock.now())
    erase_sign_up(crowd.sign_ups[0], by="", now=clock.now())
    instance = app.config["LETTERTALLY"].instance
    found, files, _size = search_folder(instance)
    assert found == []
    assert files > 3
    delete_names(crowd.event, by="", now=clock.now())
    assert search_folder(instance)[0] == []
    (instance / "server.log").write_text(f"signed up: {STEMS[1]}")
    assert len(search_folder(instance)[0]) == 1


def test_a_handler_that_breaks_tells_the_log_nothing_of_what_was_sent(
    app, crowd, capfd, monkeypatch
):
    app.config["TESTING"] = False
    monkeypatch.setitem(app.view_functions, "signups.choose_list", _break)
    address = f"/events/porto/sign-up?name={STEMS[0]}&note={STEMS[1]}"
    answer = app.test_client().get(address, base_url=ORIGIN)
    assert answer.status_code == 500
    told = "".join(capfd.readouterr())
    assert "ZeroDivisionError" in told
    assert find_leaks("log", told.encode() + answer.data) == []


def _break(slug: str) -> None:
    raise ZeroDivisionError(f"{request.args['name']} {slug}")


def test_a_requests_log_holds_no_word_of_it(nobody, crowd, capfd):
    nobody.get(f"/sign-ups/{STEMS[0]}/")
    nobody.get(f"/events/porto/sign-up?list={STEMS[0]}")
    nobody.post("signups.sign_up", {"name": STEMS[0], "list": STEMS[0]}, slug="porto")
    told = "".join(capfd.readouterr())
    assert '"message": "request"' in told
    assert find_leaks("log", told.encode()) == []
