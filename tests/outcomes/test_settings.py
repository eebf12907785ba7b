"""The section's settings: what it says of itself, its colours, and what everybody may see."""

from __future__ import annotations

import pytest

from app.campaigns.queries import find_section
from app.outcomes.colours import contrast, is_legible, nearest_legible, shades_of, write_sheet
from tests import factories

SAID = {"name": "Lusitania", "language": "en", "time_zone": "UTC", "edit_version": "1"}
SHOWN = {"shows_good_news": "y", "shows_history": "y", "shows_totals": "y"}


def test_settings_are_saved_and_seen(admin, nobody, campaign):
    page = admin.get("outcomes.settings", status=200)
    sent = {"name": "Letters of Ärla", "contact": "hello@example.org", "act_colour": "#7A1F5C"}
    assert admin.submit(page, "form.form", **sent).location == "/section/settings"
    home = nobody.get("board.home", status=200)
    assert "Letters of Ärla" in home.words("header")
    assert "hello@example.org" in home.words(".page-foot")
    sheet = nobody.get("/colours/7a1f5c/ours.css", status=200)
    assert sheet.headers["Content-Type"] == "text/css; charset=utf-8"
    assert "--red: #7a1f5c" in sheet.text
    assert "--blue" not in sheet.text
    assert "/colours/7a1f5c/ours.css" in [link.get("href") for link in home.select("link")]


@pytest.mark.parametrize(
    ("field", "value", "mend"),
    [
        ("name", "", "Give the section a name."),
        ("time_zone", "Middle/Earth", "Choose one from the list."),
        ("contact", "x" * 301, "Use at most 300 characters."),
        ("act_colour", "red", "Write the colour like #b8322a"),
        ("act_colour", "#12345g", "Write the colour like #b8322a"),
        ("link_colour", "#ffd500", "The nearest that can is #"),
    ],
)
def test_bad_settings_name_the_field_and_the_mend(admin, campaign, field, value, mend):
    for htmx in (False, True):
        sent = SAID | SHOWN | {field: value}
        answer = admin.post("outcomes.settings", sent, htmx=htmx, status=422)
        assert mend in answer.words(f"#{field}-error")
    assert find_section().name == "Letters of Lusitania"


def test_the_second_editor_of_the_settings_sees_both(admin, campaign):
    page = admin.get("outcomes.settings")
    admin.submit(page, "form.form", name="First")
    late = admin.submit(page, "form.form", name="Second")
    assert late.status == 409
    assert "First" in late.words("#clash")
    assert admin.submit(late, "form.form").status == 303


def test_settings_and_campaign_do_not_overwrite_each_other(admin, campaign):
    page = admin.get("campaigns.edit_campaign")
    admin.submit(admin.get("outcomes.settings"), "form.form", name="From the settings")
    late = admin.submit(page, "#campaign-form", goal="7")
    assert late.status == 409
    assert find_section().name == "From the settings"


def test_before_there_is_a_section_there_are_no_settings(admin):
    admin.get("outcomes.settings", status=404)


def test_a_section_may_keep_its_total_to_itself(admin, nobody, lisbon, amina):
    factories.change(lisbon, state="running", opened_at=lisbon.created_at)
    factories.entry(lisbon, amina, quantity=12)
    poll = nobody.get("board.home").one("#tally").get("hx-get")
    assert nobody.get(poll).status == 204
    shown = {name: value for name, value in SHOWN.items() if name != "shows_totals"}
    admin.post("outcomes.settings", SAID | shown, status=303)
    home = nobody.get("board.home", status=200)
    assert home.select("#tally") == home.select("#case-amina .count") == []
    nobody.get("board.totals_json", status=404)
    nobody.get("board.campaign_tally", status=404)
    assert nobody.get("board.live", slug="lisbon", status=200).words("data.total") == "12"


@pytest.mark.parametrize("colour", ["#ffd500", "#ff8a7a", "#808080", "#00ff00", "#ffffff"])
def test_a_light_colour_is_refused_and_its_suggestion_is_not(colour):
    assert not is_legible(colour)
    assert is_legible(nearest_legible(colour))


@pytest.mark.parametrize("colour", ["#b8322a", "#23507c", "#000000", "#0000ff", "#4b0082"])
def test_every_shade_of_a_good_colour_can_be_read(colour):
    day, day_wash, lamp, lamp_wash = shades_of(colour)
    assert day == colour
    for words, ground in (
        (day, "#f7f1e5"),
        (day, day_wash),
        ("#ffffff", day),
        (lamp, "#191713"),
        (lamp, "#2e2a22"),
        (lamp, lamp_wash),
        ("#191713", lamp),
    ):
        assert contrast(words, ground) >= 4.5, (words, ground)


def test_contrast_is_wcags():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(
    "part",
    ["zzzzzz", "b8322", "b8322a0", "B8322A", "}body{", "url(x)", "ffffff", "ffff00", "808080"],
)
def test_a_style_sheet_holds_colours_that_can_be_read_and_nothing_else(nobody, part):
    nobody.get(f"/colours/{part}/ours.css", status=404)
    nobody.get(f"/colours/ours/{part}.css", status=404)
    assert "url" not in write_sheet("#b8322a", "")
