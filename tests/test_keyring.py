"""Names are locked: with a key outside the database, for one place, until the key is destroyed."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock
from app.config import Settings
from app.database import SECTION, db, write
from app.keyring import DataKey, Keeper, KeyGone, destroy_key, find_key, key_for

pytestmark = pytest.mark.usefixtures("app")
SCOPE = "event:7"
PLACE = "sign_up:ab:name"
NAMES = ("Noor", "نور", "မြင့်", "👩🏽‍🚀", "\u202eabc", "e\u0301", "\u00e9")


def keeper_of(scope: str = SCOPE) -> Keeper:
    with write(SECTION) as session:
        return key_for(session, scope, now=clock.now())


def key_files(app: Flask) -> list:
    settings: Settings = app.config["LETTERTALLY"]
    return sorted((settings.instance / "keys").glob("*.key"))


@pytest.mark.parametrize("text", NAMES, ids=ascii)
def test_a_text_comes_back_byte_for_byte(text):
    sealed = keeper_of().seal(text, at=PLACE)
    assert text.encode() not in sealed
    assert find_key(db.session(), SCOPE).unseal(sealed, at=PLACE) == text


def test_the_same_text_is_never_locked_alike():
    keeper = keeper_of()
    assert keeper.seal("Noor", at=PLACE) != keeper.seal("Noor", at=PLACE)


@pytest.mark.parametrize("at", ["sign_up:cd:name", "sign_up:ab:note"])
def test_a_locked_text_opens_at_its_own_place_alone(at):
    keeper = keeper_of()
    with pytest.raises(KeyGone):
        keeper.unseal(keeper.seal("Noor", at=PLACE), at=at)


@pytest.mark.parametrize("spoil", ["cut", "longer", "empty", "zeros"])
def test_a_text_that_was_tampered_with_opens_no_more(spoil):
    keeper = keeper_of()
    sealed = keeper.seal("Noor", at=PLACE)
    ways = {"cut": sealed[:-1], "longer": sealed + b"x", "empty": b"", "zeros": bytes(len(sealed))}
    spoiled = ways[spoil]
    with pytest.raises(KeyGone):
        keeper.unseal(spoiled, at=PLACE)


def test_each_scope_has_a_key_of_its_own():
    sealed = keeper_of("event:7").seal("Noor", at=PLACE)
    with pytest.raises(KeyGone):
        keeper_of("event:8").unseal(sealed, at=PLACE)


def test_what_a_person_calls_the_same_is_alike_and_nothing_else_is():
    keeper = keeper_of()
    assert keeper.likeness(" NOOR  al-Din") == keeper.likeness("noor al-din ")
    assert keeper.likeness("é") == keeper.likeness("e\u0301")
    assert keeper.likeness("Noor") != keeper.likeness("Noora")
    assert keeper.likeness("Noor") != keeper_of("event:8").likeness("Noor")


def test_the_key_is_a_file_for_its_owner_alone_and_never_in_the_database(app):
    keeper_of()
    (file,) = key_files(app)
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    row = db.session.execute(select(DataKey)).scalar_one()
    assert file.read_bytes().hex() not in repr(vars(row))


def test_a_destroyed_key_is_gone_for_good(app):
    keeper_of()
    for _time in range(2):
        with write(SECTION) as session:
            destroy_key(session, SCOPE, now=clock.now())
    assert key_files(app) == []
    assert find_key(db.session(), SCOPE) is None
    with pytest.raises(KeyGone):
        keeper_of()


def test_a_key_destroyed_half_way_is_destroyed_when_done_again(app):
    keeper_of()
    with pytest.raises(RuntimeError), write(SECTION) as session:
        destroy_key(session, SCOPE, now=clock.now())
        raise RuntimeError("the power went")
    assert find_key(db.session(), SCOPE) is None
    with write(SECTION) as session:
        destroy_key(session, SCOPE, now=clock.now())
    assert db.session.execute(select(DataKey)).scalar_one().destroyed_at is not None


@pytest.mark.parametrize("content", [None, b"", b"short"], ids=("lost", "empty", "short"))
def test_a_lost_or_damaged_file_is_never_replaced_by_another_key(app, content):
    keeper_of()
    (file,) = key_files(app)
    file.unlink() if content is None else file.write_bytes(content)
    assert find_key(db.session(), SCOPE) is None
    with pytest.raises(KeyGone):
        keeper_of()
    assert len(key_files(app)) == (0 if content is None else 1)
