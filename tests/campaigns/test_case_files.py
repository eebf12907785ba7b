"""Cases as a file: out and in again the same, and never over what was edited here."""

from __future__ import annotations

import hashlib
import io
import os
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from app import clock, pictures
from app.audit import AuditRow
from app.campaigns.actions import pause_case
from app.campaigns.case_files import read_zip, write_zip
from app.campaigns.case_records import read_cases, record_of
from app.campaigns.models import CaseText
from app.campaigns.queries import get_case, list_cases
from app.database import db
from tests import factories

WHOLE = {
    "slug": "nour-haddad",
    "name": "Nour Haddad",
    "country": "Velsaria",
    "summary": "a teacher",
    "story": "One.\n\n“Two” \u0639\u0631\u0628\u064a e\u0301.",
    "key_points": "a\n\nb",
    "targets": [
        {
            "key": "abc",
            "name": "Ms Darwan",
            "role": "",
            "postal_address": "Street 1\nTown",
            "salutation": "Dear",
        }
    ],
    "languages": ["en", "fr"],
    "sources": "A: https://example.org",
    "from_age": 12,
    "mention_charges": "no",
}


@pytest.fixture
def nour(campaign):
    case = factories.case(campaign, **WHOLE)
    factories.portrait(case)
    said = {"country": "Velsarie", "story": "Une histoire"}
    of_targets = {"roles": {"abc": "Ministre"}, "salutations": {"abc": "Chère"}}
    factories.saved(CaseText(case_id=case.id, language="fr", **said, **of_targets))
    return case


def take_out(admin) -> bytes:
    answer = admin.get("campaigns.export_cases", status=200)
    assert answer.headers["Content-Type"] == "application/zip"
    return answer.response.data


def send(admin, data, **how):
    limit, body = encode_multipart({"file": FileStorage(io.BytesIO(data), "cases.zip")})
    headers = {"Content-Type": f"multipart/form-data; boundary={limit}"}
    return admin.post("campaigns.import_file", body, headers=headers, **how)


def look(admin, data):
    return admin.get(send(admin, data, status=303).location, status=200)


def states(page) -> list[str]:
    return page.names("#preview-form tbody .badge")


def zip_of(*cases: dict, **members: bytes) -> bytes:
    return write_zip(
        [{"slug": "su", "name": "Su", "country": "Menduri"} | c for c in cases], members
    )


def everything(case) -> dict[str, object]:
    kept = {c: getattr(case, c) for c in type(case).__table__.columns.keys()}  # noqa: SIM118
    own = {"id", "slug", "campaign_id", "created_at", "position", "edit_version", "state"}
    return {n: v for n, v in kept.items() if n not in own | {"file_slug", "file_sum", "portrait"}}


def test_what_is_taken_out_comes_in_elsewhere_whole(admin, campaign, nour):
    data, before = take_out(admin), everything(nour)
    made_from = hashlib.sha256(pictures.read_picture(nour.portrait)).hexdigest()
    factories.change(campaign, locked_at=campaign.created_at)
    season = factories.campaign(slug="2027")
    page = look(admin, data)
    assert states(page) == ["new", "new", "new"]
    assert admin.submit(page, "#preview-form", is_public="y").status == 303
    db.session.rollback()
    case = next(case for case in list_cases(season.id) if case.name == "Nour Haddad")
    assert everything(case) == before | {"portrait_made_from": made_from}
    assert case.state == "public"
    [text] = case.translations
    assert (text.language, text.country, text.story) == ("fr", "Velsarie", "Une histoire")
    assert (text.roles, text.salutations) == ({"abc": "Ministre"}, {"abc": "Chère"})
    assert pictures.find_file(f"{case.portrait}-320.webp").is_file()
    assert states(look(admin, data)) == ["the same"] * 3
    assert states(look(admin, take_out(admin))) == ["the same"] * 3
    verbs = db.session.execute(select(AuditRow.verb)).scalars().all()
    assert verbs.count("cases_imported") == 1


def test_a_file_from_before_there_were_countries_and_roles_is_still_the_same_case(admin, campaign):
    text = dict.fromkeys(("summary", "story", "what_is_asked", "portrait_alt"), "")
    text |= {name: [] for name in ("key_points", "sample_lines")}
    old = zip_of({"translations": {"fr": text | {"story": "Une histoire", "salutations": {}}}})
    assert admin.submit(look(admin, old), "#preview-form").status == 303
    assert states(look(admin, old)) == ["the same"]
    [case] = [case for case in list_cases(campaign.id) if case.name == "Su"]
    # Nor would an upgrade make it look as if somebody had edited it here.
    assert record_of(case)["translations"]["fr"].keys() == text.keys() | {"salutations"}


def test_the_same_cases_make_the_same_file(admin, nour):
    assert take_out(admin) == take_out(admin)


def test_a_case_edited_here_is_never_replaced_unless_that_is_chosen(admin, campaign):
    admin.submit(look(admin, zip_of({"story": "First."})), "#preview-form")
    factories.change(get_case("su"), story="Edited here.")
    page = look(admin, zip_of({"story": "Second."}))
    assert states(page) == ["edited here"]
    assert page.fields("#preview-form")["do-su"] == "leave"
    admin.submit(page, "#preview-form")
    db.session.rollback()
    assert get_case("su").story == "Edited here."
    admin.submit(look(admin, zip_of({"story": "Second."})), "#preview-form", **{"do-su": "replace"})
    db.session.rollback()
    assert get_case("su").story == "Second."


def test_a_case_typed_here_counts_as_edited_and_may_stand_beside(admin, campaign, nour):
    page = look(admin, zip_of({"slug": "nour-haddad", "name": "Nour"}))
    assert states(page) == ["edited here"]
    admin.submit(page, "#preview-form", **{"do-nour-haddad": "add"})
    db.session.rollback()
    assert get_case("nour-haddad").name == "Nour Haddad"
    assert get_case("nour-haddad-2").name == "Nour"


def test_what_nobody_touched_here_is_brought_up_to_date(admin, campaign):
    admin.submit(
        look(admin, zip_of({"story": "First.", "translations": {"fr": {"story": "A"}}})),
        "#preview-form",
    )
    page = look(admin, zip_of({"story": "Second.", "translations": {"de": {"story": "B"}}}))
    assert states(page) == ["changed in the file"]
    admin.submit(page, "#preview-form")
    db.session.rollback()
    case = get_case("su")
    assert (case.story, [text.language for text in case.translations]) == ("Second.", ["de"])
    assert case.edit_version == 2


def test_an_edit_between_the_look_and_the_choice_is_kept(admin, campaign):
    admin.submit(look(admin, zip_of({"story": "First."})), "#preview-form")
    page = look(admin, zip_of({"story": "Second."}, {"slug": "lin", "name": "Lin"}))
    factories.change(get_case("su"), story="Edited meanwhile.")
    answer = admin.submit(page, "#preview-form", **{"do-su": "replace"})
    assert answer.status == 409
    assert "was edited meanwhile" in answer.words("#import-preview")
    db.session.rollback()
    assert get_case("su").story == "Edited meanwhile."
    assert "lin" not in [case.slug for case in list_cases(campaign.id)]


def test_a_file_waits_an_hour_and_for_its_sender_alone(admin, app, ana, campaign):
    page = send(admin, zip_of({})).location
    [file] = Path(app.instance_path, "held").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    ana.get(page, status=403)
    long_ago = (clock.now() - timedelta(minutes=61)).timestamp()
    os.utime(file, (long_ago, long_ago))
    admin.get(page, status=404)
    assert not file.exists()
    token = send(admin, zip_of({})).location.rpartition("/")[2]
    admin.post("campaigns.drop_import", held=token, status=303)
    admin.get("campaigns.import_preview", held=token, status=404)


def test_the_file_is_forgotten_once_it_was_taken_in(admin, app, campaign):
    admin.submit(look(admin, zip_of({})), "#preview-form")
    assert list(Path(app.instance_path, "held").iterdir()) == []
    db.session.rollback()
    assert get_case("su").state == "draft"


def test_the_twelve_to_practise_with_come_in_by_two_buttons(admin, campaign):
    page = admin.submit(
        admin.get("campaigns.import_file"), "section[aria-labelledby=practice-title] form"
    )
    preview = admin.get(page.location, status=200)
    assert states(preview) == ["new"] * 12
    admin.submit(preview, "#preview-form", is_public="y")
    db.session.rollback()
    nour = get_case("nour-haddad")
    assert nour.targets[0]["salutation"] == "Dear Minister"
    assert [text.language for text in nour.translations] == ["ar", "fr"]


def test_a_bad_picture_leaves_everything_as_it_was(admin, campaign):
    good = {"slug": "lin", "name": "Lin"}
    bad = {"portrait": {"file": "pictures/a.png"}}
    page = look(admin, zip_of(good, bad, **{"pictures/a.png": b"<svg onload=alert(1)>"}))
    before = len(list_cases(campaign.id))
    answer = admin.submit(page, "#preview-form")
    assert answer.status == 422
    assert "Su: Send a picture as PNG, JPEG or WebP." in answer.words("#import-preview")
    db.session.rollback()
    assert len(list_cases(campaign.id)) == before


def test_the_written_file_is_read_again(app):
    [read] = read_cases(read_zip(zip_of({"story": "One."})))
    assert (read.slug, read.fields.story) == ("su", "One.")


STOPPED = {"paused": {"reason": "She was freed.", "reasons": {"fr": "Elle est libre.", "xx": "?"}}}


def test_stop_writing_goes_with_the_file(admin, campaign, nour):
    actor = {"actor": "0123456789abcdef", "now": clock.now()}
    pause_case(nour, reason="She was freed.", reasons={"fr": "Elle est libre."}, **actor)
    data = take_out(admin)
    factories.change(campaign, locked_at=campaign.created_at)
    season = factories.campaign(slug="2027")
    page = look(admin, data)
    assert "She was freed." in page.words("#preview-form")
    assert "asks people to stop writing" in page.words("#preview-form .notice")
    admin.submit(page, "#preview-form", is_public="y")
    db.session.rollback()
    [case] = [case for case in list_cases(season.id) if case.name == "Nour Haddad"]
    assert (case.state, case.pause_reason) == ("paused", "She was freed.")
    assert case.pause_reasons == {"fr": "Elle est libre."}
    assert states(look(admin, data))[0] == "the same"


def test_a_draft_that_comes_with_stop_writing_is_paused_from_when_it_is_shown(
    admin, nobody, campaign
):
    admin.submit(look(admin, zip_of(STOPPED)), "#preview-form")
    nobody.get("campaigns.show_case", slug="su", status=404)
    assert states(look(admin, zip_of(STOPPED))) == ["the same", "stop writing"]
    page = admin.get("campaigns.edit_case", slug="su")
    assert "She was freed." in " ".join(page.names("main .notice"))
    admin.submit(page, "#case-form .form", is_public="y")
    assert "She was freed." in nobody.get("campaigns.show_case", slug="su", status=200).text


def test_a_case_here_is_stopped_by_the_file_and_never_let_go_by_one(admin, campaign):
    admin.submit(look(admin, zip_of({})), "#preview-form", is_public="y")
    page = look(admin, zip_of(STOPPED))
    assert states(page) == ["changed in the file", "stop writing"]
    before = campaign.live_version
    admin.submit(page, "#preview-form")
    db.session.rollback()
    assert (get_case("su").state, campaign.live_version > before) == ("paused", True)
    admin.submit(look(admin, zip_of({"story": "News."})), "#preview-form")
    db.session.rollback()
    assert (get_case("su").story, get_case("su").state) == ("News.", "paused")
