"""The section's people: roles, access, links to a new password; and that an owner stays."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from app import clock
from app.accounts import people_actions
from app.accounts.models import PasswordLink, User
from app.accounts.passwords import is_password_of
from app.database import db
from app.exceptions import Refusal
from tests import factories
from tests.accounts.test_access import let_the_password_grow_old
from tests.conftest import sign_in
from tests.page import PageClient

NEW = "another long password"


@pytest.fixture
def tom(app):
    return factories.organiser(name="Tom", email="tom@example.org")


@pytest.fixture
def vera(app):
    """An admin who is no owner, signed in."""
    return sign_in(app, factories.organiser(name="Vera", role="admin"))


def act(admin, deed, person, **data):
    return admin.post(f"/section/people/{person.public_id}/{deed}", data)


def fresh(person):
    db.session.rollback()
    return db.session.get(User, person.id)


def test_everybody_is_listed_with_role_and_when_they_were_seen(app, admin, tom):
    factories.change(tom, last_seen_at=clock.now())
    factories.organiser(name="Gone", is_active=False)
    page = admin.get("accounts.people", status=200)
    assert len(page.select("tbody tr")) == 3
    assert "access ended" in page.words("tbody")
    assert page.words("tbody").count("not yet") == 2


@pytest.mark.parametrize(
    ("search", "found"), [("TOM", 1), ("example.org", 2), ("%", 0), ("_", 0), ("'", 0), ("", 2)]
)
def test_people_are_found_by_name_or_address(admin, tom, search, found):
    page = admin.get("accounts.people", query={"q": search}, status=200)
    assert len(page.select("tbody tr")) == found


def test_one_search_finds_who_is_here_and_who_is_asked(admin, tom):
    factories.invitation(name="Tomas Ångström", email="ta@example.org")
    factories.invitation(name="Vera", email="vera@example.org")
    both = admin.get("accounts.people", query={"q": "tom"})
    assert "Tom" in both.words("section[aria-labelledby=all]")
    assert "Tomas Ångström" in both.words("#waiting")
    asked = admin.get("accounts.people", query={"q": "angstrom"})
    assert len(asked.select("tbody tr")) == 1
    assert not asked.select(".empty")
    assert not admin.get("accounts.people").select("#waiting")


def test_a_role_is_changed(admin, tom):
    page = admin.get("accounts.person", public_id=tom.public_id, status=200)
    assert admin.submit(page, "#role-form", role="admin").status == 303
    assert fresh(tom).role == "admin"


def test_ending_access_ends_every_session_at_once_and_letting_in_again_none(app, admin, tom):
    browser = sign_in(app, tom)
    browser.get("board.desk", status=200)
    key = factories.password_link(tom)
    act(admin, "end", tom)
    browser.get("board.desk", status=303)
    PageClient(app).get(f"/new-password/{key}/", status=404)
    act(admin, "restore", tom)
    assert fresh(tom).is_active
    browser.get("board.desk", status=303)
    PageClient(app).get(f"/new-password/{key}/", status=404)


@pytest.mark.parametrize("deed", ["end", "role"])
def test_who_may_do_less_does_not_come_back_by_a_link_they_could_read(admin, nobody, deed):
    vera = factories.organiser(role="admin")
    _, own = factories.invitation(invited_by=vera.public_id)
    _, above = factories.invitation(role="admin")
    _, others = factories.invitation()
    act(admin, deed, vera, role="organiser")
    statuses = [nobody.get(f"/invitations/{token}/").status for token in (own, above, others)]
    assert statuses == [404, 404, 200]


def test_an_organiser_who_is_kept_out_takes_no_admins_invitation_along(admin, tom, nobody):
    _, own = factories.invitation(invited_by=tom.public_id)
    _, above = factories.invitation(role="admin")
    act(admin, "end", tom)
    statuses = [nobody.get(f"/invitations/{token}/").status for token in (own, above)]
    assert statuses == [404, 200]


def joined_by_a_link_of(maker):
    """Somebody new who said yes to an invitation that `maker` made."""
    page = maker.get("events.organisers", slug="lisbon", status=200)
    maker.submit(page, "#bring-in", name="Tom", email="tom@example.org")
    link = maker.get("events.organisers", slug="lisbon").one("input[readonly]").get("value")
    joining = {"name": "Tom", "password": factories.PASSWORD}
    PageClient(maker.app).post(link.removeprefix("http://localhost"), joining, status=303)
    db.session.rollback()
    return db.session.scalars(select(User).where(User.email == "tom@example.org")).one()


def test_whom_an_organiser_brought_in_is_no_admin_before_their_address_is_proven(
    admin, ana, nobody
):
    tom = joined_by_a_link_of(ana)
    page = admin.get("accounts.person", public_id=tom.public_id, status=200)
    assert "An organiser brought them in" in page.words("p.notice")
    refused = admin.submit(page, "#role-form", role="admin")
    assert refused.status == 409
    assert "new password" in refused.words("#role-error")
    nobody.post(link_for(admin, tom), {"new_password": NEW}, status=303)
    page = admin.get("accounts.person", public_id=tom.public_id, status=200)
    assert not page.select("p.notice")
    assert admin.submit(page, "#role-form", role="admin").status == 303


def test_whom_an_admin_brought_in_may_become_one(admin, lisbon):
    tom = joined_by_a_link_of(admin)
    act(admin, "role", tom, role="admin")
    assert fresh(tom).role == "admin"


def test_an_admin_has_no_power_over_an_owner(vera, admin):
    owner = db.session.scalars(select(User).where(User.role == "owner")).one()
    key = factories.password_link(owner)
    page = vera.get("accounts.person", public_id=owner.public_id, status=200)
    assert key not in page.text
    assert page.select("main form") == []
    for deed in ("role", "end", "restore", "password-link"):
        assert act(vera, deed, owner, role="organiser").status == 403
    assert (fresh(owner).role, fresh(owner).is_active) == ("owner", True)


def test_only_an_owner_makes_owners(vera, admin, tom):
    assert act(vera, "role", tom, role="owner").status == 422
    assert act(admin, "role", tom, role="owner").status == 303
    assert fresh(tom).role == "owner"


def test_the_last_owner_stays_an_owner(admin, tom):
    owner = db.session.scalars(select(User).where(User.role == "owner")).one()
    answer = act(admin, "role", owner, role="admin")
    assert answer.status == 409
    assert "needs an owner" in answer.words("#role-error")
    assert act(admin, "end", owner).status == 409
    factories.change(tom, role="owner", is_active=False)
    assert act(admin, "role", owner, role="admin").status == 409
    factories.change(tom, is_active=True)
    assert act(admin, "role", owner, role="admin").status == 303


@pytest.mark.parametrize("whom", ["each other", "themselves"])
@pytest.mark.parametrize("deed", ["change_role", "end_access"])
def test_of_the_last_two_owners_at_once_one_stays(any_app, whom, deed):
    ids = [factories.organiser(role="owner").id for _ in range(2)]

    def attempt(pair):
        with any_app.app_context(), any_app.test_request_context():
            me, other = (db.session.get(User, one) for one in pair)
            how = ("admin",) if deed == "change_role" else ()
            try:
                getattr(people_actions, deed)(other, *how, by=me, now=clock.now())
                return 1
            except Refusal:
                return 0
            finally:
                db.session.remove()

    pairs = [ids, ids[::-1]] if whom == "each other" else [[one, one] for one in ids]
    with ThreadPoolExecutor(2) as pool:
        done = sum(pool.map(attempt, pairs))
    assert done == (0 if (whom, deed) == ("themselves", "end_access") else 1)
    db.session.rollback()
    left = select(User).where(User.role == "owner", User.is_active)
    assert len(db.session.scalars(left).all()) == 2 - done


def test_nobody_ends_their_own_access(vera):
    me = db.session.scalars(select(User).where(User.name == "Vera")).one()
    assert act(vera, "end", me).status == 409


@pytest.mark.parametrize("deed", ["role", "end", "restore", "password-link"])
def test_what_gives_power_away_asks_for_a_fresh_password(admin, tom, deed):
    let_the_password_grow_old(16)
    assert admin.get("accounts.person", public_id=tom.public_id, status=303).location.startswith(
        "/account/password"
    )
    answer = act(admin, deed, tom, role="admin")
    assert answer.status == 403
    assert "password once more" in answer.words("h1")
    assert (fresh(tom).role, fresh(tom).is_active) == ("organiser", True)


# A link to a new password


def link_for(admin, person):
    act(admin, "password-link", person)
    page = admin.get("accounts.person", public_id=person.public_id, status=200)
    return page.one("#link").get("value").removeprefix("http://localhost")


def test_from_forgotten_to_new(app, admin, tom, nobody):
    elsewhere = sign_in(app, tom)
    link = link_for(admin, tom)
    page = nobody.get(link, status=200)
    answer = nobody.submit(page, "#password-form", new_password=NEW)
    assert answer.location == "/sign-in"
    elsewhere.get("board.desk", status=303)
    assert is_password_of(fresh(tom).password_hash, NEW)
    nobody.get(link, status=404)
    assert not admin.get("accounts.person", public_id=tom.public_id).select("#link")


def test_dead_links_are_one_answer(app, admin, tom, nobody):
    now = clock.now()
    first, second = link_for(admin, tom), link_for(admin, tom)
    nobody.get(second, status=200)
    keys = [
        factories.password_link(tom, expires_at=now),
        factories.password_link(tom, ended_at=now),
        factories.password_link(factories.organiser(is_active=False)),
        "0" * 64,
    ]
    said = set()
    for path in [first, *(f"/new-password/{key}/" for key in keys)]:
        for answer in (nobody.get(path), nobody.post(path, {"new_password": NEW})):
            assert answer.status == 404
            said.add(answer.words("main").rpartition("say this:")[0])
    assert len(said) == 1


def test_a_link_lives_for_a_day(admin, tom):
    link_for(admin, tom)
    made = db.session.scalars(select(PasswordLink)).one()
    assert made.expires_at - made.created_at == timedelta(hours=24)


def test_a_weak_new_password_is_told_and_the_link_stays_good(nobody, tom):
    path = f"/new-password/{factories.password_link(tom)}/"
    page = nobody.post(path, {"new_password": "short"}, status=422)
    assert page.select("#new_password-error")
    nobody.post(path, {"new_password": NEW}, status=303)


def test_no_link_for_whoever_is_kept_out(admin, tom):
    act(admin, "end", tom)
    assert act(admin, "password-link", tom).status == 409
