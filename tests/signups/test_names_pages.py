"""Names on the desk: until when they stay, taken along by those who may, deleted before time."""

from __future__ import annotations

import csv
import io
import sys
import zipfile
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from markupsafe import escape
from sqlalchemy import select

from app import clock
from app.accounts.models import SignInSession
from app.audit import AuditRow
from app.database import SECTION, db, write
from app.signups.erasing import erase_sign_up
from app.signups.purging import delete_names
from tests import factories, lists
from tests.signups.test_erasing import SAID

DAY = timedelta(days=1)
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
NAMES = {
    "arabic": "نور الدين عبد الرحمٰن",
    "burmese": "မြင့်မြတ်",
    "emoji": "👩🏽‍🚀 Ada 👨‍👩‍👧‍👦",
    "override": "Noor \u202eroon\u202c ok",
    "nfc": "Zo\u00eb \u00c5se",
    "nfd": "Zoe\u0308 A\u030ase",
    "joiners": "می\u200cخواهم क्\u200dष",
    "markup": "<b>&amp;\"'</b> _x0041_",
}
"""Each of these must come out byte for byte as it went in, wherever a name goes."""


@pytest.fixture
def guests(porto):
    """Porto's list of guests."""
    return lists.sign_up_list(porto)


def read_csv(answer) -> list[dict[str, str]]:
    data = answer.response.get_data()
    assert data.startswith("\ufeff".encode())
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def read_xlsx(answer) -> list[dict[str, object]]:
    with zipfile.ZipFile(io.BytesIO(answer.response.get_data())) as book:
        assert not [name for name in book.namelist() if "external" in name.lower()]
        texts = [
            "".join(part.text or "" for part in item.iter(f"{SHEET}t"))
            for item in ElementTree.fromstring(book.read("xl/sharedStrings.xml"))
        ]
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    assert not list(sheet.iter(f"{SHEET}f"))
    assert not list(sheet.iter(f"{SHEET}hyperlink"))
    rows = []
    for row in sheet.iter(f"{SHEET}row"):
        cells = {}
        for cell in row:
            value = cell.findtext(f"{SHEET}v") or ""
            column = cell.get("r").rstrip("0123456789")
            cells[column] = texts[int(value)] if cell.get("t") == "s" else int(value)
        rows.append(cells)
    headings = rows[0]
    return [{headings[at]: value for at, value in row.items()} for row in rows[1:]]


READ = {"csv": read_csv, "xlsx": read_xlsx}


def export(client, kind: str, slug: str = "porto") -> list:
    return READ[kind](client.get(f"signups.export_{kind}", slug=slug, status=200))


@pytest.mark.parametrize("kind", READ)
@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_taken_along_byte_for_byte(carlos, guests, kind, name):
    written = NAMES[name].replace("_x0041_", "_x005F_x0041_") if kind == "xlsx" else NAMES[name]
    lists.sign_up(guests, NAMES[name], note=NAMES[name])
    (row,) = export(carlos, kind)
    assert (row["Name"], row["Note"]) == (written, written)


@pytest.mark.parametrize("kind", READ)
def test_the_table_says_all_that_the_lists_know(carlos, porto, guests, kind):
    noor = lists.sign_up(guests, party_size=3, language="ar", wants_news=True, **SAID)
    factories.change(noor, arrived=2, created_at=porto.starts_at.replace(hour=9, minute=5))
    lists.sign_up(lists.sign_up_list(porto, purpose="helpers", title="Counter"), "Ada")
    lists.sign_up(lists.sign_up_list(porto, purpose="home"), "Bo")
    first, second, third = export(carlos, kind)
    assert {key: str(value) for key, value in first.items()} == {
        "List": "Come and write",
        "Name": "Noor",
        "People": "3",
        "Arrived": "2",
        "State": "has a seat",
        "E-mail": "noor@example.org",
        "Language": "ar",
        "Access needs": "step-free",
        "Note": "with my aunt",
        "Wants news": "yes",
        "Signed up": f"{noor.created_at.astimezone(porto.zone):%Y-%m-%d %H:%M}",
    }
    assert (second["List"], second["Name"]) == ("Counter", "Ada")
    assert (third["Name"], third["State"]) == ("Bo", "promised to write")


@pytest.mark.parametrize("kind", READ)
@pytest.mark.parametrize(
    "name", ["=1+1", "+4915", "@SUM(A1)", "-2", "＝1", "https://example.org", "007", "\u00a0=1"]
)
def test_what_somebody_typed_is_never_a_formula_a_link_or_a_number(carlos, guests, kind, name):
    lists.sign_up(guests, name)
    (row,) = export(carlos, kind)
    is_risky = kind == "csv" and name[0] in "=+@-＝"
    assert row["Name"] == (f"'{name}" if is_risky else name)


def test_the_file_has_a_safe_name_and_is_kept_nowhere(carlos, porto, guests):
    factories.change(porto, title='"; filename="evil.exe', slug="porto")
    for kind in READ:
        headers = carlos.get(f"signups.export_{kind}", slug="porto", status=200).headers
        name = f"lettertally-sign-ups-{porto.id}.{kind}"
        assert headers["Content-Disposition"] == f'attachment; filename="{name}"'
        assert headers["Cache-Control"] == "no-store"


WRITTEN: list[str] = []


def note_files_written(what: str, arguments: tuple) -> None:
    if what == "open" and isinstance(arguments[0], str) and set(str(arguments[1])) & set("wax+"):
        WRITTEN.append(arguments[0])


def test_nothing_is_written_to_the_disk_but_the_audit(carlos, guests):
    """With the control: a temporary file would have been seen."""
    for number in range(50):
        lists.sign_up(guests, f"Guest {number}", network=f"192.0.2.{number}")
    export(carlos, "xlsx")
    sys.addaudithook(note_files_written)
    WRITTEN.clear()
    for kind in READ:
        assert len(export(carlos, kind)) == 50
    assert WRITTEN == []
    with open("/dev/null", "w"):
        assert WRITTEN == ["/dev/null"]


@pytest.mark.parametrize("path", ["signups.export_csv", "signups.export_xlsx"])
def test_names_go_along_only_with_a_fresh_password_and_the_audit_notes_who(carlos, guests, path):
    lists.sign_up(guests)
    carlos.get(path, slug="porto", status=200)
    with write(SECTION) as session:
        for one in session.execute(select(SignInSession)).scalars():
            one.password_checked_at -= timedelta(minutes=16)
    answer = carlos.get(path, slug="porto", status=303)
    assert "/account/password" in answer.location
    noted = db.session.execute(select(AuditRow).where(AuditRow.verb == "names_exported")).scalars()
    assert [(row.thing, row.thing_id, bool(row.actor)) for row in noted] == [
        ("event", str(guests.event_id), True)
    ]


@pytest.mark.parametrize("kind", READ)
def test_of_who_was_erased_the_party_alone_is_left(carlos, guests, kind):
    erase_sign_up(lists.sign_up(guests, party_size=2, **SAID), by="", now=clock.now())
    (row,) = export(carlos, kind)
    assert (row["Name"], str(row["People"])) == ("name deleted", "2")
    assert not row.get("E-mail")


def test_the_desk_counts_the_days(carlos, porto, guests):
    lists.sign_up(guests)
    factories.change(porto, ends_at=clock.now() + 2 * DAY, keeps_names_days=10)
    said = carlos.get("board.desk_event", slug="porto").words("#names-kept")
    assert said.startswith("The names on its lists are deleted in 12 days, on ")
    assert carlos.get("signups.names", slug="porto").words("#names-kept") == said


def test_an_event_without_lists_says_nothing_of_names(carlos, porto):
    assert carlos.get("board.desk_event", slug="porto").select("#names-kept") == []


def test_an_organiser_deletes_the_names_before_their_time(carlos, porto, guests):
    lists.sign_up(guests)
    page = carlos.get("signups.delete_names", slug="porto", status=200)
    refused = carlos.submit(page, "#delete-names-form")
    assert refused.status == 422
    assert "Tick the box" in refused.words("#form-errors")
    carlos.submit(page, "#delete-names-form", is_sure="y")
    db.session.rollback()
    assert porto.names_deleted_at is not None
    page = carlos.get("signups.names", slug="porto", status=200)
    assert page.words("#names-kept").startswith("The names were deleted on ")
    assert [row["Name"] for row in export(carlos, "csv")] == ["name deleted"]


def test_deleting_asks_for_a_fresh_password(carlos, guests):
    with write(SECTION) as session:
        for one in session.execute(select(SignInSession)).scalars():
            one.password_checked_at -= timedelta(minutes=16)
    assert "/account/password" in carlos.get("signups.delete_names", slug="porto").location
    carlos.post("signups.delete_names", {"is_sure": "y"}, slug="porto", status=403)
    db.session.rollback()
    assert guests.event.names_deleted_at is None


def test_the_form_of_an_event_says_how_many_days_and_a_copy_keeps_them(carlos, porto):
    page = carlos.get("events.edit_event", slug="porto")
    assert page.fields("#event-form")["keeps_names_days"] == "30"
    many = {"cases": [case.slug for case in porto.cases], "kinds_in_front": porto.kinds_in_front}
    for said, kept in (("0", 0), ("180", 180), ("", 30)):
        page = carlos.get("events.edit_event", slug="porto")
        answer = carlos.submit(page, "#event-form", **many, keeps_names_days=said)
        assert answer.status == 303, answer.words("#form-errors")
        db.session.rollback()
        assert porto.keeps_names_days == kept
    page = carlos.get("events.edit_event", slug="porto")
    assert carlos.submit(page, "#event-form", **many, keeps_names_days="181").status == 422
    factories.change(porto, keeps_names_days=3)
    page = carlos.get("events.copy_event", slug="porto")
    copied = carlos.submit(page, "#copy-form").location.split("/")[3]
    assert (
        carlos.get("events.edit_event", slug=copied).fields("#event-form")["keeps_names_days"]
        == "3"
    )


def test_names_that_are_deleted_are_so_for_their_organiser(carlos, porto, guests):
    lists.sign_up(guests, "Noor")
    delete_names(porto, by="", now=clock.now())
    for endpoint in ("board.desk_event", "signups.names"):
        assert "Noor" not in carlos.get(endpoint, slug="porto", status=200).text


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_the_same_bytes_from_the_form_to_every_page_and_file(
    nobody, carlos, guests, name
):
    said = NAMES[name]
    page = nobody.get("signups.choose_list", slug="porto", status=200)
    own = nobody.submit(page, "#sign-up-form", name=said, note=said).location
    assert nobody.get(f"{own}data.json", status=200).json["name"] == said
    for client, where in (
        (nobody, own),
        (carlos, "/desk/events/porto/sign-ups"),
        (carlos, "/desk/events/porto/door"),
    ):
        assert str(escape(said)) in client.get(where, status=200).text
    assert [row["Name"] for row in export(carlos, "csv")] == [said]


def test_names_stay_no_longer_than_whoever_is_on_a_list_was_told(carlos, porto, guests):
    noor = lists.sign_up(guests)

    def save(days):
        page = carlos.get("events.edit_event", slug="porto")
        many = {
            "cases": [each.slug for each in porto.cases],
            "kinds_in_front": porto.kinds_in_front,
        }
        answer = carlos.submit(page, "#event-form", **many, keeps_names_days=days)
        db.session.rollback()
        return answer

    for more in ("31", "180"):
        refused = save(more)
        assert refused.status == 422
        assert "told that names are deleted 30 days after" in refused.words("#form-errors")
        assert refused.select("#keeps_names_days[aria-invalid]")
        assert porto.keeps_names_days == 30
    assert (save("7").status, porto.keeps_names_days) == (303, 7)
    assert (save("").status, porto.keeps_names_days) == (422, 7)
    erase_sign_up(noor, by="", now=clock.now())
    assert (save("31").status, porto.keeps_names_days) == (303, 31)
