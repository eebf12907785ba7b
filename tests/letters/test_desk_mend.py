"""Mending many entries at once on the organiser's list: chosen, done once, told, undone."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import select

from app.audit import AuditRow
from app.database import db
from app.letters.queries import get_sums
from app.letters.verify import verify_ledger
from tests import factories
from tests.conftest import join

LIST = "/desk/events/lisbon/letters"


@pytest.fixture
def letters(lisbon, amina, ilyas):
    """Three entries of two letters for Amina, one of ten for Ilyas; their ops, oldest first."""
    ops = [factories.entry(lisbon, amina, quantity=2).op for _ in range(3)]
    return [*ops, factories.entry(lisbon, ilyas, quantity=10).op]


def mend(person, way, *ops, query="", slug="lisbon", op=None, htmx=False, status=None, **data):
    """Press a button below the list; `all` and `as_of` are said in data."""
    data = {"op": op or str(uuid4()), "way": way, "entry": list(ops)} | data
    path = f"/desk/events/{slug}/letters/mend{query}"
    return person.post(path, data, htmx=htmx, status=status)


def all_of(event, **data):
    """The box for all that match, on a list that is looked at now."""
    return {"all": "1", "as_of": str(event.chain_seq)} | data


def undo(person, page, **changes):
    """Press the Undo of a page."""
    return person.submit(page, "#done form", **changes)


def is_proven():
    db.session.rollback()
    return all(verdict.faults == [] for verdict in verify_ledger())


def test_what_is_ticked_is_taken_back_and_the_rest_stays(ana, lisbon, letters):
    sent = mend(ana, "take-back", *letters[:2], status=303)
    page = ana.get(sent.location, status=200)
    assert "Taken back: 2 entries (4 letters)." in page.words("#done")
    assert get_sums(lisbon.id).counted.letters == 12
    assert is_proven()


def test_all_that_match_are_meant_whatever_is_ticked(ana, lisbon, letters):
    sent = mend(ana, "take-back", letters[3], query="?case=amina", **all_of(lisbon), status=303)
    assert "case=amina" in sent.location
    assert "3 entries (6 letters)" in ana.get(sent.location).words("#done")
    assert get_sums(lisbon.id).counted.letters == 10


def test_all_are_those_that_were_seen_not_those_that_came_since(ana, bea, lisbon, letters):
    seen = all_of(lisbon, op=str(uuid4()))
    bea.press(quantity="50", status=200)
    mend(ana, "take-back", **seen, status=303)
    assert get_sums(lisbon.id).counted.letters == 50


def test_what_somebody_else_changed_meanwhile_is_told(ana, admin, lisbon, letters):
    seen = all_of(lisbon)
    mend(admin, "take-back", letters[0], status=303)
    fragment = mend(ana, "take-back", query="?state=counted", htmx=True, status=200, **seen)
    assert "3 entries (14 letters)" in fragment.words("#done")
    assert "1 of 4 had already been taken back." in fragment.words("#skipped")
    assert get_sums(lisbon.id).counted.total == 0


def test_when_nothing_is_left_to_do_nothing_is_done(ana, lisbon, letters):
    mend(ana, "take-back", *letters, status=303)
    for how in ({"htmx": True}, {}):
        page = mend(ana, "take-back", *letters, status=409, **how)
        words = page.words("#skipped")
        assert words == "Nothing was changed. 4 of 4 had already been taken back."
    db.session.rollback()
    assert lisbon.chain_seq == 8


def test_a_form_sent_twice_is_done_once(ana, lisbon, letters):
    form = {"op": str(uuid4()), **all_of(lisbon)}
    first = mend(ana, "take-back", **form, status=303)
    again = mend(ana, "take-back", **form, status=303)
    assert first.location == again.location
    assert lisbon.chain_seq == 8
    fragment = mend(ana, "take-back", **form, htmx=True, status=200)
    assert "4 entries" in fragment.words("#done")


@pytest.mark.parametrize("how", [{"way": "put-back"}, {"ops": 1}, {"way": "move"}])
def test_an_op_that_was_used_means_nothing_else(ana, lisbon, letters, how):
    op = str(uuid4())
    mend(ana, "take-back", *letters[:2], op=op, status=303)
    ops = letters[how.get("ops", 0) :]
    to = {"to_kind": "email"}
    page = mend(ana, how.get("way", "take-back"), *ops, op=op, status=409, **to)
    assert "sent before" in page.words("#entries")
    assert lisbon.chain_seq == 6


def test_the_op_of_a_press_is_no_deed(ana, lisbon, letters):
    mend(ana, "take-back", letters[1], op=letters[0], status=409)
    ana.post(
        "letters.undo_mending", {"op": str(uuid4()), "deed": letters[0]}, slug="lisbon", status=404
    )


def test_taken_back_is_undone_in_one_click_and_undone_again_once(ana, lisbon, letters):
    page = ana.get(mend(ana, "take-back", **all_of(lisbon)).location)
    for _ in range(2):
        sent = undo(ana, page)
        assert sent.status == 303
        assert "Put back: 4 entries (16 letters)." in ana.get(sent.location).words("#done")
    assert get_sums(lisbon.id).counted.letters == 16
    assert lisbon.chain_seq == 12
    assert is_proven()


def test_an_undo_leaves_alone_what_was_changed_since(ana, lisbon, letters):
    page = ana.get(mend(ana, "take-back", *letters).location)
    mend(ana, "put-back", letters[0])
    mend(ana, "take-back", letters[0])
    again = ana.get(undo(ana, page).location)
    assert "3 entries (14 letters)" in again.words("#done")
    assert "1 of 4 was changed since" in again.words("#flashes")
    assert get_sums(lisbon.id).counted.letters == 14


def test_what_waits_is_let_in_at_once_and_waits_again_when_that_is_undone(app, carlos, porto):
    phone = join(app, factories.table(porto))
    for _ in range(3):
        phone.press(quantity="2", status=200)
    page = carlos.get("/desk/events/porto/letters?state=waiting")
    assert not page.select("button[value=put-back]")
    sent = mend(carlos, "let-in", slug="porto", query="?state=waiting", **all_of(porto))
    assert get_sums(porto.id).counted.letters == 6
    done = carlos.get(sent.location)
    assert "Let in: 3 entries (6 letters)." in done.words("#done")
    assert "Nothing matches" in done.words("#entries")
    after = carlos.get(undo(carlos, done).location)
    assert after.words("#matching") == "3 entries · 6 letters"
    assert get_sums(porto.id).counted.letters == 0
    assert not after.select("#done form")
    mend(carlos, "let-in", slug="porto", **all_of(porto), status=303)
    assert get_sums(porto.id).counted.letters == 6
    assert is_proven()


def test_moved_letters_count_where_they_are_now_and_come_back(ana, lisbon, letters, ilyas):
    to = {"to_case": "ilyas", "to_kind": "postcard"}
    sent = mend(ana, "move", query="?case=amina", **all_of(lisbon), **to, status=303)
    assert get_sums(lisbon.id).kinds_of_case(ilyas.id)["postcard"] == 6
    assert get_sums(lisbon.id).counted.letters == 16
    page = ana.get(sent.location)
    assert page.words("#done").startswith("Moved: 3 entries (6 letters).")
    assert "moved" in page.words(f"#entry-{letters[0]}")
    undo(ana, page)
    assert get_sums(lisbon.id).kinds_of_case(ilyas.id)["postcard"] == 0
    assert get_sums(lisbon.id).counted.letters == 16
    assert is_proven()


def test_what_was_moved_is_not_put_back_as_well(ana, lisbon, letters):
    mend(ana, "move", letters[0], to_case="ilyas", status=303)
    mend(ana, "take-back", letters[1], status=303)
    page = mend(ana, "put-back", query="?state=taken-back", htmx=True, status=200, **all_of(lisbon))
    assert "1 entry (2 letters)" in page.words("#done")
    assert "1 of 2 had been moved" in page.words("#skipped")
    assert get_sums(lisbon.id).counted.letters == 16


def test_an_undo_of_a_move_or_of_letting_in_is_not_undone(ana, lisbon, letters):
    page = ana.get(mend(ana, "move", letters[0], to_kind="email").location)
    op = str(uuid4())
    undo(ana, page, op=op)
    again = {"op": str(uuid4()), "deed": op}
    answer = ana.post("letters.undo_mending", again, slug="lisbon", status=409)
    assert "This was an undo" in answer.words("#entries")


@pytest.mark.parametrize(
    ("asked", "mended"),
    [
        ({"op": "x"}, "Load it again"),
        ({"way": "explode"}, "Choose what to do"),
        ({"entry": []}, "Tick some entries first"),
        ({"entry": ["x"]}, "too old"),
        ({"entry": [str(uuid4())] * 1001}, "too old"),
        ({"all": "1"}, "too old"),
        ({"all": "1", "as_of": "²"}, "too old"),
        ({"all": "1", "as_of": "-1"}, "too old"),
        ({"all": "1", "as_of": "9" * 40}, "too old"),
        ({"all": "1", "as_of": "0"}, "Tick some entries first"),
        ({"way": "move"}, "Choose the case or the kind"),
        ({"way": "move", "to_case": "No Slug!"}, "Choose a case"),
        ({"way": "move", "to_case": "nobody"}, "does not write for that case"),
        ({"way": "move", "to_kind": "telegram"}, "Choose a kind"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_is_changed(ana, lisbon, letters, asked, mended):
    data = {"op": str(uuid4()), "way": "take-back", "entry": letters} | asked
    for how in ({}, {"htmx": True}):
        page = ana.post("letters.mend_letters", data, slug="lisbon", status=422, **how)
        assert mended in page.text
    db.session.rollback()
    assert lisbon.chain_seq == 4


def test_another_events_entries_are_not_there(ana, carlos, porto, amina, lisbon, letters):
    theirs = factories.entry(porto, amina).op
    mend(ana, "take-back", letters[0], theirs, status=404)
    mend(carlos, "take-back", letters[0], slug="porto", status=404)
    deed = {"op": str(uuid4()), "deed": str(uuid4())}
    ana.post("letters.undo_mending", deed, slug="lisbon", status=404)
    done = str(uuid4())
    mend(ana, "take-back", letters[0], op=done, status=303)
    carlos.post("letters.undo_mending", deed | {"deed": done}, slug="porto", status=404)
    assert not carlos.get(f"/desk/events/porto/letters?deed={done}", status=200).select("#done")


def test_a_deed_is_one_line_in_the_audit(ana, lisbon, letters):
    mend(ana, "take-back", *letters)
    mend(ana, "take-back", *letters, status=409)
    rows = db.session.execute(select(AuditRow.verb, AuditRow.thing_id)).all()
    assert ("letters_take_back", str(lisbon.id)) in rows
    assert sum(verb.startswith("letters_") for verb, _id in rows) == 1


def test_ones_last_deed_can_be_undone_from_the_list_whenever_one_comes_back(
    ana, admin, bea, lisbon, letters, ilyas
):
    mend(ana, "move", query="?case=amina", **all_of(lisbon), to_case="ilyas", status=303)
    bea.press(status=200)
    assert not admin.get(LIST).select("#last-deed"), "what another organiser did is theirs"
    page = ana.get(LIST, status=200)
    assert "Moved: 3 entries (6 letters)." in page.words("#last-deed")
    page = ana.get(ana.submit(page, "#last-deed form").location)
    assert "As before: 3 entries (6 letters)." in page.words("#done")
    assert not ana.get(LIST).select("#last-deed"), "an undo of a move has no way on"
    mend(ana, "take-back", letters[0], status=303)
    assert not ana.get(LIST).select("#last-deed"), "one entry is mended where it stands"
    assert is_proven()
