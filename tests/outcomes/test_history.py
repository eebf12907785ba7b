"""Totals of past years: how sure each is, drawn and told, typed and brought in from a file."""

from __future__ import annotations

import io
import json
from types import SimpleNamespace

import pytest

from app import clock
from app.exceptions import RuleBroken
from app.outcomes.actions import TotalFields, import_totals
from app.outcomes.chart import BASE, WIDTH, draw_chart
from app.outcomes.importing import read_totals
from app.outcomes.models import OWN, WORLD
from app.outcomes.queries import list_totals
from tests import factories

YEAR = {"whose": "section", "year": "2024", "total": "980", "precision": "more_than"}


def row(year, total, at_close=None):
    return SimpleNamespace(year=year, total=total, at_close=at_close, precision="exact")


def test_a_year_is_added_and_everybody_reads_how_sure_it_is(admin, nobody):
    nobody.get("outcomes.history", status=404)
    admin.post("outcomes.new_total", YEAR, status=303)
    page = nobody.get("outcomes.history", status=200)
    assert "more than 980" in page.words(".years-table")
    assert page.select("svg.years-chart") == []


def test_a_year_is_there_once(admin):
    factories.past_total(year=2024)
    answer = admin.post("outcomes.new_total", YEAR, status=422)
    assert "There is a total of 2024 already" in answer.words("#year-error")
    other = factories.past_total(year=2023)
    sent = YEAR | {"edit_version": "1"}
    answer = admin.post("outcomes.edit_total", sent, total_id=other.id, status=422)
    assert "There is a total of 2024 already" in answer.words("#year-error")


def test_the_second_editor_of_a_year_is_told(admin):
    total = factories.past_total()
    page = admin.get("outcomes.edit_total", total_id=total.id)
    admin.submit(page, "form.form", total="1")
    assert admin.submit(page, "form.form", total="2").status == 409
    admin.post("outcomes.remove_total", {}, total_id=total.id, status=303)
    assert list_totals(OWN) == []


def test_chart_and_table_say_the_same(nobody):
    for year, total in ((2019, 400), (2020, 100), (2022, 200)):
        factories.past_total(year=year, total=total)
    page = nobody.get("outcomes.history", status=200)
    heights = [float(bar.get("height")) for bar in page.select("svg.years-chart rect.whole")]
    assert heights[0] == 2 * heights[2] == 4 * heights[1]
    assert page.names(".years-table tbody th") == ["2022", "2020", "2019"]


def test_time_runs_the_readers_way_and_a_missing_year_leaves_a_gap():
    rows = [row(2019, 400, 100), row(2020, 100), row(2022, 200)]
    ltr, rtl = (draw_chart(rows, is_rtl=is_rtl) for is_rtl in (False, True))
    middles = [column.middle for column in ltr.columns]
    assert middles == sorted(middles)
    assert round(middles[2] - middles[1]) == round(2 * (middles[1] - middles[0]))
    assert [round(WIDTH - c.middle) for c in rtl.columns] == [round(m) for m in middles]
    assert all(c.x >= 0 and c.x + c.width <= WIDTH for c in ltr.columns + rtl.columns)
    assert ltr.columns[0].close_height * 4 == pytest.approx(ltr.columns[0].height, abs=0.3)
    assert draw_chart(rows[:1], is_rtl=False) is None


def test_labels_of_many_years_do_not_touch_and_the_last_is_named():
    chart = draw_chart([row(year, 10) for year in range(1990, 2024)], is_rtl=False)
    named = [c.middle for c in chart.columns if c.is_labelled]
    assert chart.columns[-1].is_labelled
    assert min(b - a for a, b in zip(named, named[1:], strict=False)) >= 44
    assert {line.y < BASE for line in chart.lines} == {True}


def test_what_was_known_at_the_close_is_told_as_a_share(nobody):
    factories.past_total(whose=WORLD, year=2013, total=2_000_000, at_close=1_000_000)
    factories.past_total(whose=WORLD, year=2014, total=10)
    assert "1,000,000 of 2,000,000 · 50%" in nobody.get("outcomes.history").words(".closes")


PUBLISHED = {
    "world_totals": [{"year": 2013, "actions": 2373422, "precision": "more than", "note": "80"}],
    "known_at_close": [{"year": 2013, "at_close": 1400000, "final": 2373422}],
}


@pytest.mark.parametrize(
    ("text", "total"),
    [
        (json.dumps(PUBLISHED), TotalFields(WORLD, 2013, 2373422, "more_than", 1400000, "80")),
        ('[{"year": 2020, "letters": 5}]', TotalFields(OWN, 2020, 5, "")),
        (
            json.dumps(PUBLISHED | {"known_at_close": [{"year": [2013]}, {"year": None}, 5]}),
            TotalFields(WORLD, 2013, 2373422, "more_than", None, "80"),
        ),
        ("\ufeffYear;Total;Precision\n2020;5;about", TotalFields(WORLD, 2020, 5, "about")),
        ('year,letters,note\n2020,5,"a, b"', TotalFields(OWN, 2020, 5, "", note="a, b")),
    ],
)
def test_files_are_read_as_people_keep_them(app, text, total):
    with app.test_request_context():
        [read] = read_totals(text)
    assert (read.fields, read.fault) == (total, "")


@pytest.mark.parametrize(
    ("row", "mend"),
    [
        ({"year": 2020}, "needs “year” and “total”"),
        ({"year": "MMXX", "total": 1}, "“year” is a whole number"),
        ({"year": 2020, "total": -1}, "“total” is a whole number"),
        ({"year": 2020, "total": 1.5}, "“total” is a whole number"),
        ({"year": 2020, "total": 1, "precision": "sure"}, "“precision” is one of"),
        ({"year": 2020, "total": 1, "whose": "moon"}, "“whose” is one of"),
        ({"year": 2020, "total": 1, "note": "x" * 301}, "“note” is at most 300"),
        ("2020", "no object"),
        (None, "no object"),
    ],
)
def test_a_row_says_what_to_mend_in_it(app, row, mend):
    with app.test_request_context():
        good, bad = read_totals(json.dumps([{"year": 1999, "total": 1}, row]))
    assert good.fault == ""
    assert (bad.place, bad.fields) == (2, None)
    assert mend in bad.fault


@pytest.mark.parametrize(
    "text",
    [
        *("", "hello", "[", "{}", "[]", '{"world_totals": 1}', "[" * 5000, "year\n"),
        *('[{"year": 2020, "total": 1, "note": "\\ud800"}]', '[{"year": 1%s}]' % ("0" * 5000)),
    ],
)
def test_what_is_no_list_of_years_is_refused_in_words(app, admin, text):
    with app.test_request_context(), pytest.raises(RuleBroken):
        read_totals(text)
    answer = admin.post("outcomes.import_totals", {"rows": text, "look": "1"}, status=422)
    assert answer.words("#rows-error")


def test_a_file_is_looked_at_first_and_brought_in_then(admin):
    file = (io.BytesIO(json.dumps(PUBLISHED).encode()), "history.json")
    looked = admin.post(
        "outcomes.import_totals", {"rows": "", "file": file, "look": "1"}, status=200
    )
    assert "2,373,422" in looked.words("table")
    assert list_totals(WORLD) == []
    answer = admin.submit(looked, "form.form")
    assert (answer.status, answer.location) == (303, "/section/history")
    assert [t.total for t in list_totals(WORLD)] == [2373422]


def test_what_a_row_leaves_out_of_a_year_stays_as_it_was(admin):
    doubted = {"year": 2018, "total": 5911113, "precision": "disputed", "note": "Three values."}
    admin.post("outcomes.import_totals", {"rows": json.dumps([doubted])}, status=303)
    rows = {"rows": "year,total\n2018,5911113"}
    looked = admin.post("outcomes.import_totals", rows | {"look": "1"}, status=200)
    assert "5,911,113, disputed" in looked.words("table")
    assert "there already, as it is" in looked.words("table")
    admin.post("outcomes.import_totals", {"rows": "year,total\n2018,5900000"}, status=303)
    [total] = list_totals(WORLD)
    assert (total.total, total.precision, total.note) == (5900000, "disputed", "Three values.")


def test_one_bad_row_brings_nothing_in(admin):
    sent = {"rows": "year,total\n2020,1\n2021,x"}
    answer = admin.post("outcomes.import_totals", sent, status=422)
    assert "“total” is a whole number" in answer.words("table")
    assert list_totals(WORLD) == []


def test_a_workbook_is_no_text(admin):
    file = (io.BytesIO(b"PK\x03\x04" + bytes(50)), "history.xlsx")
    answer = admin.post("outcomes.import_totals", {"rows": "", "file": file}, status=422)
    assert "no CSV file" in answer.words("#rows-error")


def test_bringing_in_again_replaces_and_counts_what_changed(any_app):
    rows = [TotalFields(OWN, 2020, 1), TotalFields(OWN, 2021, 2)]
    who = {"actor": "0123456789abcdef", "now": clock.now()}
    assert import_totals(rows, **who) == 2
    assert import_totals([rows[0], rows[1]._replace(total=3)], **who) == 1
    assert [t.total for t in list_totals(OWN)] == [1, 3]


def test_no_year_is_lost_behind_a_quotation_mark(admin, campaign):
    rows = 'year,total,note\n2019,5,"Counted\n2020,6,again\n'
    page = admin.post("outcomes.import_totals", {"rows": rows}, status=422)
    assert "Row 2:" in page.words("#rows-error")
