"""The page Mail: admins see how mail stands, and not a word or an address of it."""

from __future__ import annotations

import pytest

from app.upkeep import checks
from tests.outbox.conftest import NOON, all_owed, states
from tests.outbox.test_sending import send_for


@pytest.fixture
def ctx(app):
    """Words need a language, and so a request."""
    with app.test_request_context():
        yield


def check(now=NOON):
    return checks.check_mail(now=now)


def test_without_a_server_it_is_told_kindly(app, admin, ctx):
    page = admin.get("upkeep.outbox", status=200)
    assert "Mail is off" in page.words("#outbox h2")
    assert page.select("#outbox form") == []
    assert check().state == "good"
    admin.post("upkeep.send_test_mail", status=303)


def test_what_waits_was_sent_and_was_given_back_is_told_without_a_word_of_it(owing, office, admin):
    office.at_rcpt = lambda to: "550 no" if to.startswith("gone") else "250 OK"
    owing("gone@example.org")
    owing("ana.secret@example.org")
    owing("bea.secret@example.org", key="x", kind="invitation", not_before=NOON.replace(year=2099))
    send_for(1)
    page = admin.get("upkeep.outbox", status=200)
    rows = [" ".join(" ".join(row.itertext()).split()) for row in page.select("#outbox tbody tr")]
    assert any("did not take the address" in row and "(550)" in row for row in rows)
    assert any(row.startswith("invitation 0 1 0 0") for row in rows)
    assert "secret" not in page.text
    assert "Your seat" not in page.text
    assert page.text.count("example.org") == page.text.count("ines@example.org")


def test_what_was_given_back_is_sent_again_or_given_up(owing, office, admin):
    office.at_rcpt = lambda _to: "550 no"
    for name in "abc":
        owing(f"{name}@example.org")
    send_for(1)
    page = admin.get("upkeep.outbox")
    assert len(page.select("#parked-form input[name=mail]")) == 3
    first, second, _third = all_owed()
    admin.post("upkeep.settle_parked", {"mail": str(first.id), "deed": "again"}, status=303)
    admin.post("upkeep.settle_parked", {"mail": str(second.id), "deed": "drop"}, status=303)
    assert states() == ["waiting", "dropped", "parked"]
    assert all_owed()[1].sealed_content is None
    admin.post("upkeep.settle_parked", {"which": "all", "deed": "again"}, status=303)
    assert states() == ["waiting", "dropped", "waiting"]
    assert {owed.tries for owed in all_owed()} == {0, 1}


@pytest.mark.parametrize("mail", ["", "x", "-1", "9" * 40, "٣"])
def test_nothing_ticked_or_nonsense_touches_nothing(owing, office, admin, mail):
    office.at_rcpt = lambda _to: "550 no"
    owing()
    send_for(1)
    admin.post("upkeep.settle_parked", {"mail": mail, "deed": "drop"}, status=303)
    assert states() == ["parked"]


def test_a_test_mail_arrives_and_says_so(mail_on, office, admin):
    admin.post("upkeep.send_test_mail", status=303)
    page = admin.get("upkeep.outbox")
    assert "took it" in page.words("#flashes")
    assert office.addresses == ["ines@example.org"]
    assert "test mail" in office.mails()[0]["Subject"]
    assert states() == []


def test_a_test_mail_that_is_refused_says_what_the_server_said_and_what_to_do(
    mail_on, office, admin
):
    office.at_mail = lambda _from: "553 we do <not> know you"
    admin.post("upkeep.send_test_mail", status=303)
    said = admin.get("upkeep.outbox").words("#flashes")
    assert "553 we do <not> know you" in said
    assert "LETTERTALLY_MAIL_FROM" in said
    office.close()
    admin.post("upkeep.send_test_mail", status=303)
    assert "cannot be reached" in admin.get("upkeep.outbox").words("#flashes")


def test_nobody_can_be_flooded_with_test_mails(mail_on, office, admin):
    answers = [admin.post("upkeep.send_test_mail").status for _ in range(7)]
    assert answers == [303] * 5 + [429] * 2
    assert len(office.taken) == 5


def test_everything_all_right_tells_of_mail_that_does_not_go_out(owing, office, ctx):
    assert check().state == "good"
    office.close()
    owing()
    send_for(2)
    assert (check().state, check(NOON.replace(hour=15)).state) == ("look", "bad")
    assert "cannot be reached" in check().said
    office.open()
    office.at_rcpt = lambda _to: "550 no"
    send_for(1, since=NOON.replace(hour=13))
    assert "given back" in check(NOON.replace(hour=13)).said


def test_mail_that_nobody_sends_is_noticed(owing, ctx):
    owing()
    assert check(NOON.replace(hour=13, minute=30)).state == "look"
    assert check(NOON.replace(minute=30)).state == "good"
