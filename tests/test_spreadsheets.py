"""Lists as people keep them: any encoding, separator and heading; and never a formula back."""

from __future__ import annotations

import csv
import io

import pytest
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.exceptions import RuleBroken
from app.spreadsheets import BadRows, Column, decode, read_rows, write_rows

COLUMNS = (
    Column("email", ("e-mail", "mail", _l("E-mail"))),
    Column("name", ("name", "full name", _l("Name")), is_required=False),
)
pytestmark = pytest.mark.usefixtures("request_for_words")


@pytest.fixture
def request_for_words(app):
    with app.test_request_context():
        yield


def read(text, encoding="utf-8", most=100):
    return [(row.number, *row.cells.values()) for row in read_bytes(text.encode(encoding), most)]


def read_bytes(data, most=100):
    return read_rows(data, COLUMNS, most=most)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "latin-1"]
)
def test_every_usual_encoding_is_read(encoding):
    assert read("mail,name\na@b.org,Märta Ærø\n", encoding) == [(2, "a@b.org", "Märta Ærø")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_scripts_beyond_latin_are_read(encoding):
    assert read("mail,name\na@b.org,ليلى 🕯\n", encoding) == [(2, "a@b.org", "ليلى 🕯")]


@pytest.mark.parametrize(
    ("language", "encoding", "name"),
    [("pl", "cp1250", "Łucja Żak"), ("ar", "cp1256", "أحمد"), ("fr", "cp1252", "Noëlle Œuf")],
)
def test_a_plain_file_is_read_as_a_spreadsheet_in_that_language_writes_it(language, encoding, name):
    with force_locale(language):
        assert read(f"mail,name\na@b.org,{name}\n", encoding) == [(2, "a@b.org", name)]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_every_usual_separator_and_line_end_is_read(separator, line_end):
    rows = [["Mail", "Name"], ["a@b.org", "A"], ["c@d.org", "C"]]
    text = line_end.join(separator.join(row) for row in rows)
    assert read(text) == [(2, "a@b.org", "A"), (3, "c@d.org", "C")]


def test_a_quoted_cell_may_hold_the_separator_and_a_line_end():
    assert read('name;mail\n"Lund; Marta\nÄrla";m@l.org') == [(2, "m@l.org", "Lund; Marta\nÄrla")]


@pytest.mark.parametrize("heading", ["E-Mail", " e mail ", "EMAIL", "E‑mail:", "MAIL"])
def test_headings_are_known_in_any_spelling_and_order(heading):
    assert read(f"Other,Full  Name,{heading}\nx,A,a@b.org") == [(2, "a@b.org", "A")]


def test_headings_are_known_as_our_own_lists_head_them_in_the_readers_language(app):
    with app.test_request_context(headers={"Accept-Language": "ar-XB"}):
        headings = _("E-mail"), _("Name")
        assert headings[1] != "Name"
        rows = read_bytes(write_rows(headings, [["a@b.org", "A"]]))
    assert [tuple(row.cells.values()) for row in rows] == [("a@b.org", "A")]


def test_of_two_columns_of_one_name_the_first_counts():
    assert read("mail,mail\nfirst@b.org,second@b.org") == [(2, "first@b.org", "")]


def test_a_column_that_may_be_missing_is_empty_and_short_rows_too():
    assert read("mail,name\na@b.org\n") == [(2, "a@b.org", "")]
    assert read("mail\na@b.org\n") == [(2, "a@b.org", "")]


def test_empty_rows_are_passed_over_and_still_counted():
    assert read("mail\n\n , \na@b.org\n\n")[0][0] == 4


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "No column is called"),
        (b"name\nA", "No column is called “e-mail”"),
        (b"mail\n", "no row below"),
        (b"\n\nmail\na@b.org", "first row"),
        (b"PK\x03\x04" + b"x" * 50, "no CSV"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 50, "no CSV"),
        (b"%PDF-1.7", "no CSV"),
        (bytes(range(256)) * 4, "no text"),
        (b"mail\na@b.org\n\x01", "no text"),
        (b"mail\n" + b"a@b.org\n" * 101, "more than 100 rows"),
        (b"\xff\xfe\x00", "no text"),
    ],
)
def test_what_is_no_list_is_told_why(data, words):
    with pytest.raises(RuleBroken) as caught:
        read_bytes(data)
    assert words in caught.value.message
    assert caught.value.field == "file"


def test_a_cell_far_too_long_is_named_by_its_row():
    with pytest.raises(BadRows) as caught:
        read("mail\na@b.org\n" + "x" * 20_001)
    assert [fault.number for fault in caught.value.faults] == [3]


SHORT = (*COLUMNS[:1], Column("name", ("name",), is_required=False, is_one_line=True))


@pytest.mark.parametrize(
    ("data", "row"),
    [
        ('mail,name\na@x.org,Ana\nb@x.org,"Bo\nc@x.org,Cy\n', 3),
        ('mail,name\n"x@y.org,Ana\n', 2),
        ('mail,name\na@x.org,"Bo\nb@x.org,"Cy"\n', 2),
        ('mail,name\na@x.org,"Bo" Ek\nb@x.org,Cy\n', 2),
        ('mail,name\na@x.org,Ana\n"b@x.org\nc@x.org,Cy"\nd@x.org,Di\n', 3),
        ('mail,name,x\r\na@x.org,Ana,"y\r\nb@x.org,Bo,z"\r\n', 2),
        ('mail\n"' + "x" * 200_000, 2),
        ('"mail,name\na@x.org,Ana\n', 1),
    ],
)
def test_a_row_that_a_quotation_mark_would_hide_is_named(data, row):
    with pytest.raises(BadRows) as caught:
        read(data)
    [fault] = caught.value.faults
    assert fault.number == row
    assert "quotation mark" in fault.mend


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_a_cell_that_is_one_line_swallows_no_other(line_end):
    data = line_end.join(["mail;name", 'b@x.org;"Bo', 'Ek"', "c@x.org;Cy"])
    with pytest.raises(BadRows) as caught:
        read_rows(data.encode(), SHORT, most=9)
    assert [fault.number for fault in caught.value.faults] == [2]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize(
    "cell",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "＝1", "\r=1", "\n=1", "Bea; =1+2", "Bea\t=1"],
)
def test_no_cell_is_written_as_a_formula_by_whatever_a_spreadsheet_parts_cells(cell, separator):
    written = decode(write_rows(["A", "B"], [["Ana", cell]]))
    cells = [*csv.reader(io.StringIO(written, newline=""), delimiter=separator)]
    assert not [each for row in cells for each in row if each.lstrip(" ")[:1] in (*"=+-@＝",)]


@pytest.mark.parametrize("name", ["Ana; Bea", "Jean-Luc", "a=b", "Ana -"])
def test_a_name_that_is_no_formula_stays_as_it_is(name):
    data = write_rows(["mail", "name"], [["a@b.org", name]])
    assert next(iter(read_bytes(data))).cells["name"] == name


def test_what_is_written_is_read_again_by_spreadsheets_and_by_us():
    data = write_rows(["mail", "name"], [["a@b.org", 'Ærø, "the" ليلى']])
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.count(b"\r\n") == 2
    assert [tuple(row.cells.values()) for row in read_bytes(data)] == [
        ("a@b.org", 'Ærø, "the" ليلى')
    ]
