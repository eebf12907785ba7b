"""Several run one event: brought in by a link, let go, never the last."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app import clock
from app.accounts.models import Invitation, User
from app.database import db
from app.events import organiser_actions
from app.events.models import Event, event_invitation
from app.exceptions import Refusal
from tests import factories
from tests.conftest import sign_in
from tests.page import PageClient


def bring_in(browser, email="tom@example.org", name="Tom"):
    page = browser.get("events.organisers", slug="lisbon", status=200)
    return browser.submit(page, "#bring-in", email=email, name=name)


def link_on(browser):
    page = browser.get("events.organisers", slug="lisbon", status=200)
    [field] = page.select("input[readonly]")
    return field.get("value").removeprefix("http://localhost")


def names():
    db.session.rollback()
    event = db.session.scalars(select(Event).where(Event.slug == "lisbon")).one()
    return {person.name for person in event.organisers}


def test_somebody_new_joins_by_the_link_and_runs_the_event(ana, nobody):
    bring_in(ana)
    link = link_on(ana)
    page = nobody.get(link, status=200)
    assert nobody.submit(page, "#accept-form", password=factories.PASSWORD).status == 303
    nobody.get("board.desk_event", slug="lisbon", status=200)
    assert names() == {"Ana", "Tom"}
    assert not ana.get("events.organisers", slug="lisbon").select("input[readonly]")


def test_an_organiser_of_another_event_joins_by_the_same_way(ana, carlos, porto, nobody, hashings):
    bring_in(ana, "carlos@example.org", "Carlos")
    carlos.get("board.desk_event", slug="lisbon", status=404)
    page = nobody.get(link_on(ana), status=200)
    nobody.submit(page, "#accept-form", password=factories.PASSWORD).response.close()
    carlos.get("board.desk_event", slug="lisbon", status=200)
    carlos.get("board.desk_event", slug="porto", status=200)


@pytest.fixture
def hashings(monkeypatch):
    """A password is right at once."""
    from app.accounts import passwords

    monkeypatch.setattr(passwords, "check_password_hash", lambda _, typed: typed != "wrong")


def test_an_organiser_is_told_the_same_of_whoever_is_here_or_not(app, ana):
    factories.organiser(email="known@example.org")
    factories.organiser(email="gone@example.org", is_active=False)
    answers = set()
    for email in ("known@example.org", "gone@example.org", "unknown@example.org"):
        answer = bring_in(ana, email, "Somebody")
        page = ana.get(answer.location)
        [form] = page.select("form.inline-form button.button--small")
        answers.add((answer.status, page.words("main").replace(email, ""), form.get("class")))
        [invitation] = db.session.scalars(select(Invitation).where(Invitation.email == email))
        ana.post("events.revoke_organiser_invitation", slug="lisbon", invitation_id=invitation.id)
        ana.get("board.desk")
    assert len(answers) == 1


def test_the_same_questions_are_asked_for_known_and_unknown(app, ana):
    from tests.board import asking

    factories.organiser(email="known@example.org")
    counts = []
    # Now and then a request asks what the section offers.
    ana.get("events.organisers", slug="lisbon")
    for email in ("known@example.org", "unknown@example.org"):
        with asking.queries() as asked:
            ana.post("events.organisers", {"name": "X", "email": email}, slug="lisbon", status=303)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_nobody_runs_an_event_for_their_address_alone(admin, lisbon):
    factories.organiser(name="Tom", email="tom@example.org")
    bring_in(admin, " TOM@example.org")
    assert names() == {"Ana"}
    assert link_on(admin)


def test_a_link_is_read_by_whoever_made_it_and_by_admins(app, admin, ana, lisbon):
    other = factories.organiser()
    factories.change(lisbon, organisers=[*lisbon.organisers, other])
    bring_in(ana)
    link = link_on(ana)
    page = sign_in(app, other).get("events.organisers", slug="lisbon", status=200)
    assert "Tom" in page.text
    assert link.split("/")[2] not in page.text
    assert link_on(admin) == link


def test_a_link_that_makes_an_admin_is_on_no_events_page(admin, ana, lisbon):
    me = lisbon.organisers[0].public_id
    _, token = factories.invitation(event=lisbon, role="admin", invited_by=me)
    for browser in (admin, ana):
        assert token not in browser.get("events.organisers", slug="lisbon", status=200).text


def test_a_link_that_an_admin_made_anew_is_the_admins(admin, ana):
    bring_in(ana)
    invitation = db.session.scalars(select(Invitation)).one()
    admin.post("accounts.renew_invitation", invitation_id=invitation.id, status=303)
    assert not ana.get("events.organisers", slug="lisbon").select("input[readonly]")


def test_whoever_is_let_go_does_not_come_back_by_a_link_of_theirs(app, ana, lisbon, nobody):
    tom = factories.organiser()
    factories.change(lisbon, organisers=[*lisbon.organisers, tom])
    browser = sign_in(app, tom)
    bring_in(browser)
    link = link_on(browser)
    bring_in(ana, "ines@example.org")
    ana.post("events.remove_organiser", slug="lisbon", public_id=tom.public_id, status=303)
    nobody.get(link, status=404)
    nobody.get(link_on(ana), status=200)


@pytest.mark.parametrize(
    ("email", "name", "field"),
    [
        ("nobody", "X", "email"),
        ("", "X", "email"),
        ("x@example.org", "", "name"),
        ("x@example.org", "x" * 81, "name"),
        ("ANA@example.org", "Ana", "email"),
    ],
)
def test_what_cannot_be_names_its_field(ana, email, name, field):
    page = bring_in(ana, email, name)
    assert page.status == 422
    assert page.select(f"#{field}-error")
    assert db.session.scalar(select(func.count()).select_from(Invitation)) == 0


def test_the_same_person_is_invited_once(ana):
    bring_in(ana)
    assert "invited already" in bring_in(ana).words("#email-error")


def test_nobody_invites_the_whole_world(ana):
    statuses = [bring_in(ana, f"p{n}@example.org").status for n in range(21)]
    assert statuses == [303] * 20 + [409]


def test_one_that_is_taken_back_opens_nothing(ana, nobody):
    bring_in(ana)
    link = link_on(ana)
    invitation = db.session.scalars(select(Invitation)).one()
    ana.post(
        "events.revoke_organiser_invitation",
        slug="lisbon",
        invitation_id=invitation.id,
        status=303,
    )
    nobody.get(link, status=404)


def test_anothers_invitation_is_not_found(ana, admin, carlos, porto):
    data = {"name": "T", "email": "t@example.org"}
    carlos.post("events.organisers", data, slug="porto", status=303)
    invitation = db.session.scalars(select(Invitation)).one()
    for slug in ("lisbon", "porto"):
        ana.post(
            "events.revoke_organiser_invitation",
            slug=slug,
            invitation_id=invitation.id,
            status=404,
        )


def test_letting_go_closes_the_event_to_them_at_once(app, ana, lisbon):
    tom = factories.organiser(name="Tom")
    factories.change(lisbon, organisers=[*lisbon.organisers, tom])
    browser = sign_in(app, tom)
    browser.get("board.desk_event", slug="lisbon", status=200)
    ana.post("events.remove_organiser", slug="lisbon", public_id=tom.public_id, status=303)
    browser.get("board.desk_event", slug="lisbon", status=404)
    assert names() == {"Ana"}


def test_whoever_goes_by_themselves_is_back_at_their_desk(app, ana, lisbon):
    tom = factories.organiser(name="Tom")
    factories.change(lisbon, organisers=[*lisbon.organisers, tom])
    answer = sign_in(app, tom).post(
        "events.remove_organiser", slug="lisbon", public_id=tom.public_id, status=303
    )
    assert answer.location == "/desk/"


def test_the_last_stays_and_one_who_is_kept_out_does_not_count(ana, lisbon):
    me = lisbon.organisers[0]
    path = {"slug": "lisbon", "public_id": me.public_id}
    ana.post("events.remove_organiser", **path, status=409)
    gone = factories.organiser(is_active=False)
    factories.change(lisbon, organisers=[me, gone])
    ana.post("events.remove_organiser", **path, status=409)
    ana.post("events.remove_organiser", slug="lisbon", public_id=gone.public_id, status=303)


def test_of_the_last_two_who_go_at_once_one_stays(any_app):
    people = [factories.organiser() for _ in range(2)]
    event_id = factories.event(organisers=people).id
    ids = [person.public_id for person in people]

    def leave(public_id):
        with any_app.app_context(), any_app.test_request_context():
            event = db.session.get(Event, event_id)
            me = db.session.scalars(select(User).where(User.public_id == public_id)).one()
            try:
                organiser_actions.remove_organiser(event, public_id, by=me, now=clock.now())
                return 1
            except Refusal:
                return 0
            finally:
                db.session.remove()

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(leave, ids)) == 1


def test_an_invited_person_sees_no_other_event(app, ana, porto):
    bring_in(ana)
    tom = PageClient(app)
    tom.submit(tom.get(link_on(ana)), "#accept-form", password=factories.PASSWORD).response.close()
    tom.get("board.desk_event", slug="porto", status=404)


def test_invitations_are_forgotten_thirty_days_after_they_opened_anything(any_app):
    now, event = clock.now(), factories.event()
    long_ago, lately = now - timedelta(days=31), now - timedelta(days=29)
    for ended in ("expires_at", "accepted_at", "revoked_at"):
        factories.invitation(name="Gone", event=event, **{ended: long_ago})
        factories.invitation(name="Kept", event=event, **{ended: lately})
    factories.invitation(name="Open")
    organiser_actions.forget_old_invitations(now=now)
    names = db.session.scalars(select(Invitation.name).order_by(Invitation.id)).all()
    assert names == ["Kept", "Kept", "Kept", "Open"]
    assert db.session.scalar(select(func.count()).select_from(event_invitation)) == 3
