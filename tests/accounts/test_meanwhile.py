"""While a password is looked at, which takes a while: another is chosen, access or sessions end."""

from __future__ import annotations

from functools import partial

import pytest
from sqlalchemy import func, select

from app import clock
from app.accounts import actions, own_actions, passwords, people_actions
from app.accounts.models import Invitation, SignInSession
from app.accounts.queries import find_user_by_email
from app.database import db
from tests import factories
from tests.accounts.conftest import sign_in, token_of
from tests.conftest import sign_in as be_signed_in
from tests.page import in_clean_context

NEW = "another long password"


@pytest.fixture
def meanwhile(app, monkeypatch):
    """Let something happen while the next password is looked at, in a request of its own."""
    deeds = []

    def check(_hash, password):
        while deeds:
            in_clean_context(partial(run, deeds.pop()))
        return password == factories.PASSWORD

    def run(deed):
        with app.test_request_context():
            deed()

    monkeypatch.setattr(passwords, "check_password_hash", check)
    return deeds.append


def choose_another(email="ines@example.org"):
    def deed():
        link = factories.password_link(find_user_by_email(email))
        own_actions.choose_new_password(link, new_password=NEW, now=clock.now())

    return deed


def end_access(email="ines@example.org"):
    def deed():
        owner = factories.organiser(role="owner")
        people_actions.end_access(find_user_by_email(email), by=owner, now=clock.now())

    return deed


def nothing():
    return lambda: None


def live_sessions():
    db.session.rollback()
    live = select(func.count()).select_from(SignInSession).where(SignInSession.revoked_at.is_(None))
    return db.session.scalar(live)


@pytest.mark.parametrize(
    ("deed", "status"), [(choose_another, 422), (end_access, 422), (nothing, 303)]
)
def test_a_sign_in_does_not_outlive_its_password_or_its_access(
    nobody, ines, meanwhile, deed, status
):
    meanwhile(deed())
    answer = sign_in(nobody, status=status)
    assert (live_sessions(), bool(token_of(nobody))) == ((1, True) if status == 303 else (0, False))
    if status == 422:
        assert answer.words("main") == sign_in(nobody, password="wrong word").words("main")


@pytest.mark.parametrize(
    ("deed", "status"), [(choose_another, 422), (end_access, 422), (nothing, 303)]
)
def test_an_invitation_is_not_taken_up_by_a_password_that_holds_no_more(
    nobody, ines, meanwhile, deed, status
):
    invited, token = factories.invitation(email="ines@example.org")
    meanwhile(deed())
    said = {"name": "Ines", "password": factories.PASSWORD}
    nobody.post(f"/invitations/{token}/", said, status=status)
    is_taken_up = db.session.scalar(select(Invitation.accepted_at)) is not None
    assert (live_sessions(), is_taken_up) == ((1, True) if status == 303 else (0, False))


@pytest.mark.parametrize(("deed", "status"), [(choose_another, 422), (nothing, 303)])
def test_a_password_typed_again_has_to_hold_still(app, ines, meanwhile, deed, status):
    browser = be_signed_in(app, ines)
    before = db.session.scalar(select(SignInSession.password_checked_at))
    meanwhile(deed())
    browser.post("accounts.confirm_password", {"password": factories.PASSWORD}, status=status)
    db.session.rollback()
    is_fresh = db.session.scalar(select(SignInSession.password_checked_at)) > before
    assert is_fresh == (status == 303)


@pytest.mark.parametrize("is_ended", [True, False])
def test_a_session_that_was_ended_changes_no_password(app, ines, meanwhile, is_ended):
    browser, before = be_signed_in(app, ines), ines.password_hash

    def sign_out_everywhere():
        actions.sign_out_everywhere(find_user_by_email("ines@example.org"), now=clock.now())

    meanwhile(sign_out_everywhere if is_ended else nothing())
    browser.post("accounts.change_password", {"password": factories.PASSWORD, "new_password": NEW})
    db.session.rollback()
    assert (ines.password_hash == before) == is_ended
