"""Targets, order, portraits, and what comes over from the season before."""

from __future__ import annotations

import io

import pytest
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from app import pictures
from app.audit import AuditRow
from app.campaigns.models import CaseText
from app.campaigns.queries import get_case, list_cases
from app.database import db
from app.exceptions import NotFound
from tests import factories

TARGET = {
    "targets-0-name": "Ms Darwan",
    "targets-0-role": "Minister",
    "targets-0-postal_address": "Ministry\r\n1 Example Street",
    "targets-0-salutation": "Dear Minister",
}


def edit(admin, slug="amina"):
    return admin.get("campaigns.edit_case", slug=slug, status=200)


def reload(case):
    db.session.rollback()
    return get_case(case.slug)


def test_a_target_is_added_kept_and_taken_out(admin, campaign, amina):
    assert admin.submit(edit(admin), "form.form", **TARGET).status == 303
    [target] = reload(amina).targets
    assert target["postal_address"] == "Ministry\n1 Example Street"
    admin.submit(edit(admin), "form.form", **{"targets-1-role": "The Prosecutor"})
    first, second = reload(amina).targets
    assert (first["key"], second["role"]) == (target["key"], "The Prosecutor")
    gone = dict.fromkeys(TARGET, "")
    admin.submit(edit(admin), "form.form", **gone)
    assert [one["role"] for one in reload(amina).targets] == ["The Prosecutor"]


@pytest.mark.parametrize(
    ("field", "value", "mend"),
    [
        ("targets-0-postal_address", "A street", "Give target 1 a name or a role."),
        ("targets-0-name", "x" * 121, "Look at target 1: use at most 120"),
        ("targets-0-name", "a\x07b", "Look at target 1"),
        ("languages", "tlh", "Choose from the list"),
        ("language", "tlh", "Choose one from the list."),
        ("sources", "x" * 4_001, "Use at most 4000 characters."),
    ],
)
def test_bad_input_unfolds_the_part_that_holds_it(admin, campaign, amina, field, value, mend):
    page = admin.submit(edit(admin), "form.form", **{field: value})
    assert page.status == 422
    name = field.partition("-")[0]
    assert mend in page.words(f"#{name}-error")
    assert page.select("details.part[open]")
    assert reload(amina).targets == []


def test_two_editors_see_each_others_targets(admin, campaign, amina):
    page = edit(admin)
    admin.submit(page, "form.form", **TARGET)
    answer = admin.submit(page, "form.form", **{"targets-0-name": "Mr Sollas"})
    assert answer.status == 409
    assert "Ms Darwan, Minister" in answer.words("#clash")
    assert "Mr Sollas" in answer.words("#clash")


def test_cases_change_places_one_by_one(admin, campaign, amina, ilyas):
    third = factories.case(campaign, slug="third")
    before = campaign.live_version
    admin.post("campaigns.move_case", slug="third", way="up", status=303)
    assert [case.slug for case in list_cases(campaign.id)] == ["amina", "third", "ilyas"]
    admin.post("campaigns.move_case", slug="amina", way="up", status=303)
    admin.post("campaigns.move_case", slug="amina", way="down", status=303)
    db.session.rollback()
    assert [case.slug for case in list_cases(campaign.id)] == ["third", "amina", "ilyas"]
    db.session.refresh(campaign)
    assert campaign.live_version == before + 3
    assert third.edit_version == 1


def test_a_case_of_the_season_before_comes_over_whole_as_a_draft(admin, campaign, amina):
    factories.change(amina, story="A story", file_slug="amina", state="paused")
    key = factories.portrait(amina)
    factories.saved(CaseText(case_id=amina.id, language="fr", story="Une histoire"))
    factories.change(campaign, locked_at=campaign.created_at)
    season = factories.campaign(slug="2027")
    page = admin.get("campaigns.section_cases", status=200)
    assert "Amina Farsi" in page.words("section[aria-labelledby=earlier-title]")
    admin.post("campaigns.bring_case_over", slug="amina", status=303)
    db.session.rollback()
    [copy] = list_cases(season.id)
    assert (copy.slug, copy.state, copy.story, copy.file_slug) == (
        "amina-farsi",
        "draft",
        "A story",
        "",
    )
    assert key.startswith(copy.portrait)
    assert [text.story for text in copy.translations] == ["Une histoire"]
    assert "Amina" not in admin.get("campaigns.section_cases").text.partition("earlier-title")[2]
    admin.post("campaigns.bring_case_over", slug="amina-farsi", status=409)


def send(admin, data, name="face.png", **how):
    # As bytes: a body that the test's own client keeps in a file stays open.
    limit, body = encode_multipart({"picture": FileStorage(io.BytesIO(data), name)})
    headers = {"Content-Type": f"multipart/form-data; boundary={limit}"}
    return admin.post("campaigns.put_portrait", body, slug="amina", headers=headers, **how)


def test_a_portrait_is_put_replaced_and_taken_away(admin, campaign, amina):
    first_version = amina.edit_version
    assert send(admin, factories.picture()).location == "/section/cases/amina/edit#portrait"
    first = reload(amina).portrait
    send(admin, factories.picture("JPEG", (600, 600)), "a.jpg", status=303)
    second = reload(amina).portrait
    assert pictures.find_file(f"{second}-640.webp").is_file()
    with pytest.raises(NotFound):
        pictures.find_file(f"{first}-640.webp")
    admin.post("campaigns.remove_portrait", slug="amina", status=303)
    assert reload(amina).portrait == ""
    with pytest.raises(NotFound):
        pictures.find_file(f"{second}-640.webp")
    # Whoever edits the words meanwhile is not told of a clash.
    assert amina.edit_version == first_version
    deeds = db.session.execute(select(AuditRow.verb).order_by(AuditRow.id)).scalars().all()
    assert deeds == ["portrait_set", "portrait_set", "portrait_removed"]


def test_two_cases_may_share_a_picture_and_one_let_it_go(admin, campaign, amina, ilyas):
    name = factories.portrait(amina)
    factories.portrait(ilyas)
    admin.post("campaigns.remove_portrait", slug="amina", status=303)
    assert pictures.find_file(name).is_file()


@pytest.mark.parametrize(
    ("data", "name", "mend"),
    [
        (b"<svg onload=alert(1)>", "a.svg", "Send a picture as PNG, JPEG or WebP."),
        (b"", "", "Choose a picture first."),
        (factories.picture() + b"\0" * 5_300_000, "a.png", "at most 5 MB"),
    ],
)
def test_what_is_no_picture_is_told_beside_the_field(admin, campaign, amina, data, name, mend):
    for htmx in (False, True):
        answer = send(admin, data, name, htmx=htmx, status=422)
        assert mend in answer.words("#picture-error")
    assert reload(amina).portrait == ""


def test_far_too_much_is_not_even_read(admin, nobody, campaign):
    send(admin, b"\0" * 7_000_000, status=413)
    # Who is not signed in may send no more than a form.
    send(nobody, b"\0" * 600_000, status=413)


def test_a_form_without_a_file_asks_for_one(admin, campaign):
    answer = admin.post("campaigns.put_portrait", {"picture": "text"}, slug="amina", status=422)
    assert "Choose a picture first." in answer.words("#picture-error")
