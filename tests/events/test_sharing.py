"""What other programs are told of an event: calendars, search engines, messengers, posters."""

from __future__ import annotations

import io
import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from app import clock
from app.board.preview import OF_THE_MACHINE, Words, lay_out
from app.events.calendar_file import calendar_of, escaped, folded
from app.events.forms import is_web_link
from app.events.life_actions import cancel_event
from app.events.poster import poster_size
from app.events.sharing import message_of_today
from app.events.wording import when_in_short
from app.markdown import plain
from tests import factories

HOURS = {
    "starts_at": datetime(2026, 10, 24, 10, tzinfo=UTC),
    "ends_at": datetime(2026, 10, 25, 10, tzinfo=UTC),
    "time_zone": "Europe/Warsaw",
}
PLACES = {
    "place": "Classroom 8",
    "address": "Market 1",
    "held_by": "School of Ärla",
    "online_link": "https://meet.example.org/8",
}


def read(calendar):
    """The properties of the event, its lines unfolded."""
    lines = re.sub("\r\n[ \t]", "", calendar).split("\r\n")
    return dict(line.partition(":")[::2] for line in lines if line)


def test_an_event_is_a_calendar_file_in_utc(nobody, campaign):
    event = factories.event(campaign, slug="arla", title="Ärla writes", **HOURS, **PLACES)
    answer = nobody.get("events.calendar", slug="arla", status=200)
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    said = read(answer.text)
    assert (said["DTSTART"], said["DTEND"]) == ("20261024T100000Z", "20261025T100000Z")
    assert said["UID"] == f"event-{event.id}@localhost"
    assert said["STATUS"] == "CONFIRMED"
    assert said["LOCATION"] == r"Classroom 8\, Market 1"
    assert said["URL"] == "http://localhost/events/arla/"
    nobody.get("events.calendar", slug="nowhere", status=404)
    nobody.get("events.calendar", slug="home-2026", status=404)


def test_a_calendar_says_plainly_what_is_written_with_marks(on_the_web, campaign):
    words = (
        "# Come\n\n**Bring** a pen, [read](https://a.example/b) *more*\nor\n\n- ask\n- us\n\nSoon"
    )
    said = read(calendar_of(factories.event(campaign, slug="arla", description=words, **HOURS)))
    told = r"Come\n\nBring a pen\, read (https://a.example/b) more\nor\n\n- ask\n- us\n\nSoon\n"
    assert said["DESCRIPTION"].startswith(told)


@pytest.mark.parametrize(
    ("typed", "plainly"),
    [
        ("1. one\n2. two", "1. one\n2. two"),
        ("<https://a.example>", "https://a.example"),
        ("2 * 3 < 7 & \\*", "2 * 3 < 7 & *"),
        ("> said", "said"),
        ("", ""),
    ],
)
def test_what_is_plain_already_stays(typed, plainly):
    assert plain(typed) == plainly


def test_a_change_is_newer_and_the_same_event(on_the_web, porto):
    before = read(calendar_of(porto))
    cancel_event(porto, reason="Storm; really", actor="0123456789abcdef", now=clock.now())
    after = read(calendar_of(porto))
    assert after["UID"] == before["UID"]
    assert int(after["SEQUENCE"]) > int(before["SEQUENCE"])
    assert after["STATUS"] == "CANCELLED"
    assert after["DESCRIPTION"].startswith(r"Storm\; really")


def test_no_text_gets_out_of_its_line(on_the_web, porto):
    evil = "x\r\nATTENDEE:mailto:a@example.org\nBEGIN:VALARM\u2028END:VEVENT\x0bX:1, y; z\\n"
    factories.change(porto, title=evil[:100], description=evil, place="a\nb", address="\\")
    calendar = calendar_of(porto)
    assert not re.search(r"(?m)^(ATTENDEE|BEGIN:VALARM|X:)", calendar.replace("\r\n", "\n"))
    assert calendar.count("END:VEVENT\r\n") == 1
    assert all(len(line.encode()) <= 75 for line in calendar.split("\r\n"))
    assert "\n" not in calendar.replace("\r\n", "")


def test_long_lines_are_folded_and_no_character_is_torn():
    line = "SUMMARY:" + "手紙ä🖋" * 40
    pieces = folded(line).split("\r\n ")
    assert "".join(pieces) == line
    assert all(len(piece.encode()) <= 75 for piece in pieces)
    assert escaped("a;b,c\\d\ne\x00") == r"a\;b\,c\\d\ne"


def test_of_young_people_nobody_is_told_where_or_at_which_hour(nobody, campaign):
    event = factories.event(
        campaign, slug="school", title="We write", has_young_people=True, **HOURS, **PLACES
    )
    cancel_event(event, reason="Snow.", actor="0123456789abcdef", now=clock.now())
    for path in (
        "/events/",
        "/events/school/",
        "/events/school.ics",
        "/events/school/live",
        "/events/school/hall",
        "/events/school/tally.json",
        "/totals.json",
        "/",
    ):
        text = nobody.get(path, status=200).text
        for secret in (*PLACES.values(), "12:00", "10:00", "T10", "T12", "T100000"):
            assert secret not in text, f"{secret} in {path}"
    said = read(nobody.get("events.calendar", slug="school").text)
    assert (said["DTSTART;VALUE=DATE"], said["DTEND;VALUE=DATE"]) == ("20261024", "20261026")
    assert structured(nobody.get("board.show_event", slug="school"))["startDate"] == "2026-10-24"


def data_blocks(page):
    return [s for s in page.select("script") if s.get("type") == "application/ld+json"]


def structured(page):
    (block,) = data_blocks(page)
    return json.loads(block.text)


@pytest.fixture
def on_the_web(app):
    """Links are made inside a request."""
    with app.test_request_context():
        yield app


def test_search_engines_are_told_in_schema_org_s_words(nobody, campaign):
    factories.event(campaign, slug="arla", title="</script><b>", **HOURS, **PLACES)
    said = structured(nobody.get("board.show_event", slug="arla"))
    assert said["@type"] == "Event"
    assert said["name"] == "</script><b>"
    assert said["startDate"] == "2026-10-24T12:00:00+02:00"
    assert said["endDate"] == "2026-10-25T11:00:00+01:00"
    assert said["eventStatus"] == "https://schema.org/EventScheduled"
    assert said["image"].startswith("http://localhost/events/arla/preview.png?v=1")
    assert "24 October 2026" in said["description"]
    places = {place["@type"] for place in said["location"]}
    assert places == {"Place", "VirtualLocation"}


@pytest.mark.parametrize(
    ("told", "codes"),
    [("Polish and العربية", ["pl", "ar"]), ("Deutsch (easy)", ["de"]), ("whatever you like", "fr")],
)
def test_search_engines_are_told_languages_by_their_codes(nobody, campaign, told, codes):
    factories.event(campaign, slug="arla", languages=told, language="fr", description="**Come**")
    said = structured(nobody.get("board.show_event", slug="arla"))
    assert said["inLanguage"] == codes
    assert said["description"] == "Come"


@pytest.mark.parametrize("how", ["is_private", "is_draft", "is_rehearsal"])
def test_what_is_not_listed_is_not_for_search_engines(nobody, campaign, how):
    factories.event(campaign, slug="x7", **{how: True})
    page = nobody.get("board.show_event", slug="x7", status=200)
    assert not data_blocks(page)
    for answer in (
        page,
        nobody.get("events.calendar", slug="x7"),
        nobody.get("board.preview", slug="x7"),
    ):
        assert answer.headers["X-Robots-Tag"] == "noindex"


def test_a_messenger_shows_title_words_and_picture(nobody, campaign):
    factories.event(campaign, slug="arla", title="Ärla writes", place="Hall", **HOURS)
    page = nobody.get("board.show_event", slug="arla")
    said = {m.get("property"): m.get("content") for m in page.select("meta[property]")}
    assert (said["og:type"], said["og:title"]) == ("website", "Ärla writes")
    assert "24 October 2026" in said["og:description"]
    assert said["og:image"].startswith("http://localhost/events/arla/preview.png?v=1")


@pytest.mark.parametrize("title", ["Gdańsk pisze", "ليلة الرسائل", "手紙を書く夜", "W" * 120, "🖋"])
def test_the_preview_is_a_picture_whatever_the_title_is_written_in(nobody, campaign, title):
    factories.event(campaign, slug="arla", title=title)
    answer = nobody.get("board.preview", slug="arla", status=200)
    picture = Image.open(io.BytesIO(answer.response.get_data()))
    assert (picture.format, picture.size) == ("PNG", (1200, 630))
    nobody.get("board.preview", slug="nowhere", status=404)


def test_a_preview_is_kept_by_others_where_its_address_says_the_language(nobody, lisbon):
    for said, kept in (({"lang": "en"}, "public, max-age=300"), ({}, "private, no-cache")):
        answer = nobody.get("board.preview", slug="lisbon", query=said, status=200)
        assert answer.response.headers["Cache-Control"] == kept


LONG_WORDS = {
    "title": "ليلة الرسائل الكبرى في مكتبة المدينة",
    "place": "مكتبة المدينة القديمة قرب محطة القطار المركزية، الطابق الثاني، القاعة الكبرى",
}
PAPER = (247, 241, 229)


def drawn_of(nobody, language):
    """The preview's picture, what is about its own paper made black."""
    answer = nobody.get("board.preview", slug="arla", query={"lang": language}, status=200)
    picture = Image.open(io.BytesIO(answer.response.get_data())).convert("RGB")
    paper = Image.new("RGB", picture.size, PAPER)
    return ImageChops.difference(picture, paper).convert("L").point(lambda far: 255 * (far > 60))


def test_the_preview_says_when_to_the_end_in_two_lines(nobody, campaign, app):
    event = factories.event(campaign, slug="arla", **HOURS, **LONG_WORDS)
    with app.test_request_context(headers={"Accept-Language": "ar-XB"}):
        when, place = when_in_short(event), event.place
        words = Words("Section", event.title, (when, place), "1,871", "letters", is_rtl=True)
        laid_out = lay_out(words)
    assert " ".join(laid_out.facts) == f"{when} {place}"
    assert 3 <= len(laid_out.facts) <= 4
    assert " ".join(laid_out.title) == event.title


@pytest.mark.skipif(
    not any(Path(font).is_file() for font in OF_THE_MACHINE), reason="no font for Arabic here"
)
def test_the_preview_begins_where_its_readers_do(nobody, campaign):
    factories.event(campaign, slug="arla", **HOURS, **LONG_WORDS)
    left, top, right, bottom = (72, 110, 1128, 440)
    beside_the_stamp = {"ar-XB": (400, top, right, bottom), "en": (left, top, 800, bottom)}
    inked = {lang: drawn_of(nobody, lang).crop(box) for lang, box in beside_the_stamp.items()}
    arabic, english = (inked[lang].getbbox() for lang in ("ar-XB", "en"))
    assert arabic[2] >= 720
    assert arabic[0] > 0
    assert english[0] <= 8


def test_the_preview_grows_with_the_letters(nobody, lisbon):
    before = nobody.get("board.preview", slug="lisbon").response.get_data()
    assert nobody.get("board.preview", slug="lisbon").response.get_data() == before
    factories.entry(lisbon, lisbon.cases[0])
    assert nobody.get("board.preview", slug="lisbon").response.get_data() != before


def test_today_s_message_invites_or_counts_letters_and_links_the_page(on_the_web, lisbon):
    none, one, many = (message_of_today(lisbon, count) for count in (0, 1, 1412))
    link = "http://localhost/events/lisbon/"
    assert re.fullmatch(f"Come and write with us at “Lisbon writes”, .*[0-9]: {link}", none)
    assert one == f"1 letter so far at “Lisbon writes”: {link}"
    assert many == f"1,412 letters so far at “Lisbon writes”: {link}"


def test_the_desk_has_the_message_ready(ana, lisbon):
    factories.entry(lisbon, lisbon.cases[0], quantity=7)
    assert "7 letters so far" in ana.get("board.desk_event", slug="lisbon").words("#message")


def test_a_poster_leads_to_the_page_and_never_to_a_table(ana, lisbon, table_1):
    page = ana.get("events.poster", slug="lisbon", status=200)
    assert "localhost/events/lisbon/" in page.words("#poster")
    assert table_1.join_code not in page.text


def test_a_poster_with_more_words_says_them_smaller():
    few = poster_size("Lisbon writes", ["Saturday, 10:00 to 16:00", "Town hall"])
    more = poster_size("Lisbon writes, all night long until the morning", ["Town hall"] * 5)
    most = poster_size("Lisbon writes" * 9, ["Town hall " * 20] * 5)
    long_word = poster_size("Briefeschreibmarathonveranstaltung", [])
    assert (few, more, most, long_word) == ("", "medium", "tiny", "small")


def test_a_poster_for_young_people_is_for_the_organiser_alone(ana, carlos, nobody, lisbon):
    factories.change(lisbon, has_young_people=True, **PLACES)
    assert "Classroom 8" in ana.get("events.poster", slug="lisbon", status=200).words("#poster")
    carlos.get("events.poster", slug="lisbon", status=404)
    nobody.get("events.poster", slug="lisbon", status=303)


def test_a_link_is_one_that_a_browser_may_follow():
    for good in ("https://a.example", "http://a.example:8080/x?y=1#z", "https://münchen.example/"):
        assert is_web_link(good)
    not_of_the_web = ("javascript:alert(1)", "data:,x", "ftp://a", "mailto:a@example.org")
    unfinished = ("//a.example", "https:a", "https://")
    with_slips = ("https://a b", 'https://a"b', "https://a:99999999")
    for bad in (*not_of_the_web, *unfinished, *with_slips):
        assert not is_web_link(bad)
