"""Where mail is on: the private link is mailed, and what is said is the same for everybody."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from app.database import db
from app.outbox.models import OwedMail
from tests import lists
from tests.browser.conftest import PHONE
from tests.browser.people import Guest


@pytest.fixture
def server(mailing_server):
    """One that may send mail."""
    return mailing_server


@pytest.fixture
def office(mailing_office):
    """On that server's database."""
    with mailing_office.app_context():
        yield mailing_office
        db.session.remove()


@pytest.mark.parametrize("has_script", [True, False], ids=["with scripts", "without"])
def test_a_guest_with_an_address_is_mailed_their_link_and_a_repeat_sees_the_same(
    marathon, visit, sign_in, has_script
):
    guests = lists.sign_up_list(marathon.event)
    ana = sign_in(marathon.organiser).opens(f"{marathon.desk}sign-ups")
    # Each time another one: to a stranger's address goes one mail a day.
    address, said = f"{marathon.slug}@example.org", []
    for _time in range(2):
        guest = Guest(visit(**PHONE, java_script_enabled=has_script))
        guest.opens(f"/events/{marathon.slug}/sign-up")
        guest.page.get_by_role("textbox", name="E-mail").fill(address)
        guest.fills_in("Zoë", people=2).button("Sign up").click()
        expect(guest.at("h1#mailed-title")).to_have_text("Look into your mail")
        expect(ana.at("#sign-ups tbody tr")).to_have_count(1)
        said.append(guest.at("#sign-up").inner_html())
    assert said[0] == said[1]
    assert "/sign-ups/" not in said[0], "the link is in the mail alone"
    db.session.rollback()
    assert [one.party_size for one in guests.sign_ups] == [2]
    # A repeat in another minute takes the place of the one before, which is dropped.
    owed = select(OwedMail.state).where(OwedMail.scope == f"event:{marathon.event.id}")
    states = list(db.session.execute(owed).scalars())
    assert [state for state in states if state != "dropped"] == ["waiting"]
