"""Where mail is on, links go out by mail, once, with their cause; where it is off, on screen."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import event

from app import clock
from app.accounts.password_wishes import fulfil_wishes
from app.database import db
from app.outbox.sending import send_due
from tests import factories
from tests.accounts.test_invitation_lists import send_list
from tests.outbox.conftest import all_owed, mail_on, office, states
from tests.page import PageClient

__all__ = ["mail_on", "office"]

MINUTE = timedelta(minutes=1)


def round_of_the_ticker(later=MINUTE):
    """What happens by itself within a minute."""
    fulfil_wishes(clock.now() + later)
    send_due(clock.now() + later)


def link_in(mail) -> str:
    """The path of the one link that a mail is about."""
    text = mail.get_body(("plain",)).get_content()
    html = mail.get_body(("html",)).get_content()
    [link] = set(re.findall(r"https?://\S+", text))
    assert html.count(link) == 3
    return re.sub(r"^https?://[^/]+", "", link)


def invite(admin, email="marta@example.org", **data):
    values = {"email": email, "name": "Marta Cheap Pills", "role": "organiser"}
    return admin.post("accounts.invite", values | data, status=303)


def test_an_invitation_comes_by_mail_and_lets_somebody_in(app, mail_on, admin, office):
    page = admin.get(invite(admin).location)
    assert "by mail" in page.words("h2")
    round_of_the_ticker()
    assert office.addresses == ["marta@example.org"]
    [mail] = office.mails()
    assert "Letters of Lusitania" in str(mail["From"])
    assert "Marta" not in mail.as_string()
    PageClient(app).get(link_in(mail), status=200)
    round_of_the_ticker(2 * MINUTE)
    assert len(office.taken) == 1


def test_without_mail_the_link_is_shown_and_nothing_is_owed(app, admin):
    page = admin.get(invite(admin).location)
    assert "Send them this link" in page.words("h2")
    assert states() == []


def test_a_new_link_takes_the_place_of_the_old_mail(app, mail_on, admin, office):
    where = invite(admin).location
    admin.post(f"{where}/renew", status=303)
    assert states() == ["dropped", "waiting"]
    round_of_the_ticker()
    [mail] = office.mails()
    PageClient(app).get(link_in(mail), status=200)


def test_an_invitation_that_is_taken_back_is_not_sent(mail_on, admin, office):
    where = invite(admin).location
    admin.post(f"{where}/revoke", status=303)
    round_of_the_ticker()
    assert (office.taken, states()) == ([], ["dropped"])


def test_a_whole_list_is_invited_by_mail(mail_on, admin, office):
    rows = "e-mail,name\n" + "".join(f"p{n}@example.org,P {n}\n" for n in range(40))
    send_list(admin, rows.encode())
    assert states() == ["waiting"] * 40
    round_of_the_ticker()
    assert len(set(office.addresses)) == 40


def test_an_offer_that_is_approved_invites_by_mail(mail_on, admin, office):
    offer = factories.offer(name="Call 0900 NOW", email="marta@example.org")
    admin.post("hosts.approve", {"offer": str(offer.id)}, status=303)
    round_of_the_ticker()
    [mail] = office.mails()
    assert mail["To"] == "marta@example.org"
    assert "0900" not in mail.as_string()


def test_the_link_of_an_admin_comes_by_mail_in_the_persons_language(app, mail_on, admin, office):
    tom = factories.organiser(email="tom@example.org", language="ar-XB")
    for _ in range(2):
        admin.post(f"/section/people/{tom.public_id}/password-link", status=303)
    assert states() == ["dropped", "waiting"]
    round_of_the_ticker()
    [mail] = office.mails()
    assert 'dir="rtl"' in mail.get_body(("html",)).get_content()
    PageClient(app).get(link_in(mail), status=200)
    admin.post(f"/section/people/{tom.public_id}/password-link", status=303)
    admin.post(f"/section/people/{tom.public_id}/end", status=303)
    assert states() == ["dropped", "sent", "dropped"]


# I forgot my password


def forget(nobody, email, **how):
    return nobody.post("accounts.forgot_password", {"email": email}, **how)


@pytest.fixture
def tom(app):
    return factories.organiser(email="tom@example.org")


def test_who_forgot_their_password_chooses_a_new_one(mail_on, nobody, tom, office):
    page = nobody.get("accounts.sign_in").one("main a")
    page = nobody.get(page.get("href"), status=200)
    answer = nobody.submit(page, "#forgot-form", email=" Tom@Example.org")
    assert "within minutes" in nobody.get(answer.location).words("#flashes")
    round_of_the_ticker()
    [mail] = office.mails()
    page = nobody.get(link_in(mail), status=200)
    nobody.submit(page, "#password-form", new_password="another long password")
    nobody.get(link_in(mail), status=404)


def test_known_and_unknown_addresses_are_answered_by_the_same_work(mail_on, nobody, tom, office):
    # The very first wish of all makes the section's key.
    forget(nobody, "first@example.org")
    nobody.get("accounts.sign_in")
    said, asked = [], []
    event.listen(db.engine, "before_cursor_execute", lambda *how: asked[-1].append(how[2]))
    for email in ("tom@example.org", "none@example.org"):
        asked.append([])
        answer = forget(nobody, email)
        said.append((answer.status, answer.location, answer.text))
        asked.append([])
        nobody.get("accounts.sign_in")
    assert said[0] == said[1]
    assert asked[0] == asked[2]
    assert states() == []
    round_of_the_ticker()
    assert office.addresses == ["tom@example.org"]


def test_nobodys_mailbox_is_filled(app, mail_on, nobody, tom, office):
    for _ in range(6):
        assert forget(nobody, "tom@example.org").status == 303
    round_of_the_ticker()
    assert len(office.taken) == 2


def test_one_network_asks_so_often_and_no_more(mail_on, nobody):
    answers = [forget(nobody, f"{n}@example.org").status for n in range(24)]
    assert answers.count(429) == 4


def test_whose_access_was_ended_gets_no_link(mail_on, nobody, tom, office):
    factories.change(tom, is_active=False)
    forget(nobody, "tom@example.org")
    round_of_the_ticker()
    assert (office.taken, all_owed()) == ([], [])


def test_asking_for_somebody_else_takes_no_link_away(app, mail_on, nobody, tom):
    key = factories.password_link(tom)
    forget(nobody, "tom@example.org")
    round_of_the_ticker()
    nobody.get(f"/new-password/{key}/", status=200)


def test_a_wish_that_could_not_be_fulfilled_for_an_hour_is_forgotten(mail_on, nobody, tom, office):
    forget(nobody, "tom@example.org")
    round_of_the_ticker(timedelta(hours=2))
    round_of_the_ticker(timedelta(hours=3))
    assert (office.taken, states()) == ([], [])


def test_while_mail_is_off_the_page_says_whom_to_ask(app, nobody, tom):
    assert "Ask an admin" in nobody.get("accounts.forgot_password", status=200).text
    assert "Ask an admin" in forget(nobody, "tom@example.org", status=200).text
    assert states() == []


@pytest.mark.parametrize("email", ["", "x" * 300, "\u202e@x", "' OR 1=1"])
def test_odd_addresses_are_answered_kindly(mail_on, nobody, email):
    assert forget(nobody, email).status in (303, 422)
    round_of_the_ticker()
    assert states() == []
