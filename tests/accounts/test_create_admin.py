"""`./run create-admin`: the first person, and clear words when it cannot be."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.accounts.models import User
from app.accounts.passwords import METHOD, is_password_of
from app.audit import AuditRow
from app.database import db
from tests import factories

PASSWORD = "correct horse battery"


@pytest.fixture
def create(app):
    """Run the command and say how it went."""

    def run(*arguments, typed=""):
        return app.test_cli_runner().invoke(args=["create-admin", *arguments], input=typed)

    return run


def given(email="nora@example.org", name="Nora"):
    return ["--email", email, "--name", name, "--password-stdin"]


def test_the_first_admin_is_the_owner_and_the_next_an_admin(create):
    assert "nora@example.org (owner)" in create(*given(), typed=f"{PASSWORD}\n").output
    second = create(*given("tom@example.org", "Tom"), typed=PASSWORD)
    assert (second.exit_code, "tom@example.org (admin)" in second.output) == (0, True)


def test_whatever_is_not_given_is_asked_for(create):
    result = create(typed=f"nora@example.org\nNora\n{PASSWORD}\n{PASSWORD}\n")
    assert result.exit_code == 0
    assert PASSWORD not in result.output


def test_the_password_is_kept_as_scrypt_alone(create):
    create(*given(), typed=PASSWORD)
    user = db.session.scalars(select(User)).one()
    assert user.password_hash.startswith(f"{METHOD}$")
    assert is_password_of(user.password_hash, PASSWORD)
    assert not is_password_of(user.password_hash, f"{PASSWORD}.")


def test_the_address_is_kept_in_one_spelling(create):
    create(*given(email=" Nora@Example.ORG"), typed=PASSWORD)
    assert db.session.scalars(select(User.email)).one() == "nora@example.org"


def test_the_deed_is_noted_without_a_name(create):
    create(*given(), typed=PASSWORD)
    user, row = db.session.scalars(select(User)).one(), db.session.scalars(select(AuditRow)).one()
    assert (row.actor, row.verb, row.thing, row.thing_id) == (
        None,
        "create",
        "user",
        user.public_id,
    )


@pytest.mark.parametrize(
    ("arguments", "password", "words"),
    [
        (given(), "too short", "at least 10 characters"),
        (given(), "", "at least 10 characters"),
        (given(), "x" * 201, "200 characters at the most"),
        (given(email="nora"), PASSWORD, "needs an @"),
        (given(email="no ra@example.org"), PASSWORD, "no spaces"),
        (given(email="x" * 250 + "@example.org"), PASSWORD, "no e-mail address"),
        (given(name="  "), PASSWORD, "1 to 80 characters"),
        (given(name="x" * 81), PASSWORD, "1 to 80 characters"),
        (given(email="INES@example.org"), PASSWORD, "is here already"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(create, arguments, password, words):
    factories.organiser(email="ines@example.org")
    result = create(*arguments, typed=f"{password}\n")
    assert result.exit_code == 1
    assert words in result.output
    assert "Traceback" not in result.output
    assert len(db.session.scalars(select(User)).all()) == 1
