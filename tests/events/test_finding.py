"""How guests find an event: by what everybody may know of it, a page at a time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from app import clock
from app.campaigns.languages import CODES, code_of
from app.catalogues import shipped_languages
from app.events.finding import PAGE, Wanted, find_events, languages_of
from app.formatting import names_of_languages
from tests import factories

LISBON = "Europe/Lisbon"
EVENING = datetime(2099, 12, 10, 22, tzinfo=UTC)


def found(campaign, *, page: int = 1, **wanted) -> list[str]:
    """The titles on a page, in its order."""
    events = find_events(campaign.id, Wanted(**wanted), page=page, now=clock.now()).events
    return [event.title for some in events for event in some]


@pytest.fixture
def cafe(campaign):
    """An event that says much of itself."""
    return hold_at_a_cafe(campaign)


def hold_at_a_cafe(campaign):
    """Café Sol in São João, on the tenth of December from ten in the evening until two."""
    return factories.event(
        campaign,
        title="Ways to write",
        place="Café Sol",
        address="Rua Direita 4",
        town="São João",
        held_by="Łódź friends",
        languages="Português, English; sign language until 17:00",
        access=["step_free"],
        online_link="https://meet.example/sol",
        time_zone=LISBON,
        starts_at=EVENING,
        ends_at=EVENING + timedelta(hours=4),
        state="upcoming",
    )


@pytest.mark.parametrize(
    "wanted",
    [
        {"words": "ways"},
        {"words": "CAFE sol"},
        {"words": "sao joao write"},
        {"words": "direita"},
        {"words": "lodz"},
        {"town": "são joão"},
        {"language": "portugues"},
        {"language": "English"},
        {"is_online": True},
        {"is_step_free": True},
        {"since": date(2099, 12, 11)},
        {"until": date(2099, 12, 10)},
        {"since": date(2099, 12, 10), "until": date(2099, 12, 10)},
        {"words": "sol", "town": "São João", "is_step_free": True},
    ],
    ids=str,
)
def test_an_event_is_found_by_what_it_says(any_app, wanted):
    campaign = factories.campaign()
    hold_at_a_cafe(campaign)
    factories.event(campaign, title="Elsewhere", town="Porto", starts_at=EVENING.replace(year=2098))
    assert "Ways to write" in found(campaign, **wanted)


@pytest.mark.parametrize(
    "wanted",
    [
        {"words": "solo"},
        {"words": "ways porto"},
        {"town": "São"},
        {"language": "17:00"},
        {"language": "Port"},
        {"since": date(2099, 12, 12)},
        {"until": date(2099, 12, 9)},
    ],
    ids=str,
)
def test_and_by_nothing_else(campaign, cafe, wanted):
    assert found(campaign, **wanted) == []


def test_arabic_is_found_in_whatever_form(campaign):
    factories.event(campaign, title="مكتبة الأمل", town="المدينة")
    assert found(campaign, words="مكتبه الامل") == ["مكتبة الأمل"]
    assert found(campaign, town="المدينه") == ["مكتبة الأمل"]


def test_young_people_are_found_by_no_place_and_named_in_no_list(campaign, nobody):
    hidden = {"place": "Classroom 8", "address": "Mill Lane 2", "town": "Porvik"}
    factories.event(
        campaign,
        title="A school writes",
        has_young_people=True,
        held_by="Porvik school",
        online_link="https://meet.example/school",
        **hidden,
    )
    for word in ("classroom", "mill", "porvik", "school porvik"):
        assert found(campaign, words=word) == []
    assert found(campaign, town="Porvik") == []
    assert found(campaign, is_online=True) == []
    assert found(campaign, words="school") == ["A school writes"]
    page = nobody.get("board.list_events", status=200)
    assert "Porvik" not in page.text
    assert "meet.example" not in page.text


@pytest.mark.parametrize("hidden", ["is_private", "is_draft", "is_rehearsal"])
def test_what_is_on_no_list_is_found_by_nothing(campaign, hidden):
    factories.event(campaign, title="Kitchen", town="Porto", **{hidden: True})
    answer = find_events(campaign.id, Wanted(words="kitchen"), page=1, now=clock.now())
    assert (answer.total, answer.towns) == (0, [])


def test_what_was_never_opened_is_over_when_its_hours_are(campaign):
    gone = clock.now() - timedelta(days=3)
    factories.event(campaign, title="Forgotten", starts_at=gone, ends_at=gone, state="upcoming")
    factories.event(campaign, title="Over", starts_at=gone, state="closed")
    factories.event(campaign, title="Soon", state="upcoming")
    events = find_events(campaign.id, Wanted(), page=1, now=clock.now()).events
    assert [event.title for event in events.upcoming] == ["Soon"]
    assert [event.title for event in events.closed] == ["Over", "Forgotten"]


def test_a_list_is_a_page_long_and_goes_on_where_it_ended(campaign, nobody):
    for number in range(PAGE + 2):
        begins = EVENING + timedelta(days=number)
        factories.event(campaign, title=f"Day {number}", starts_at=begins, state="upcoming")
    first = nobody.get("board.list_events", q="day", status=200)
    assert len(first.select("#events h3")) == PAGE
    assert "page 1 of 2" in first.words("#events")
    assert "q=day" in first.one("#events nav a").get("href")
    last = nobody.get("board.list_events", q="day", page=2, status=200)
    assert last.names("#events h3") == [f"Day {PAGE}", f"Day {PAGE + 1}"]
    for beyond in ("99", "-1", "9" * 400, "x"):
        nobody.get("board.list_events", page=beyond, status=200)


def test_a_fragment_says_how_many_and_stands_in_the_page(campaign, cafe, nobody):
    page = nobody.get("board.list_events", q="sol", status=200)
    fragment = nobody.get("board.list_events", q="sol", htmx=True, status=200)
    assert fragment.words("#found") == "1 event"
    assert fragment.text.strip() in page.text
    assert page.one("#find input[name=q]").get("value") == "sol"


def test_nothing_found_leads_on(campaign, cafe, nobody):
    page = nobody.get("board.list_events", q="nowhere", status=200)
    assert "Nothing matches" in page.words("#events")
    assert page.select("#find")
    links = {link.get("href") for link in page.select("#events .empty a")}
    assert links == {"/events/", "/organise/"}


@pytest.mark.parametrize(
    ("asked", "mend"),
    [
        ({"since": "2026-13-40"}, "Choose a day"),
        ({"since": "2026-12-10", "until": "2026-12-01"}, "The last day comes before the first."),
        ({"q": "x" * 81}, "Use at most 80 characters."),
    ],
    ids=["no such day", "backwards", "too long"],
)
def test_what_makes_no_sense_names_its_field_and_keeps_the_list(
    campaign, cafe, nobody, asked, mend
):
    for htmx in (False, True):
        page = nobody.get("board.list_events", **asked, htmx=htmx, status=422)
        assert mend in page.words("#form-errors")
        assert page.names("#events h3") == ["Ways to write"]


def test_a_town_that_is_gone_is_found_nowhere_and_still_said(campaign, cafe, nobody):
    page = nobody.get("board.list_events", town="Atlantis", status=200)
    assert page.names("#events h3") == []
    assert "Atlantis" in page.words("#find")


@pytest.mark.parametrize(
    ("told", "languages"),
    [
        ("Portuguese, English", ["Portuguese", "English"]),
        ("Svenska / suomi & English.", ["Svenska", "suomi", "English"]),
        ("العربية، Français", ["العربية", "Français"]),
        ("Deutsch und Englisch", ["Deutsch", "Englisch"]),
        ("العربية والفرنسية", ["العربية", "الفرنسية"]),
        ("sign and spoken language", ["sign and spoken language"]),
        ("sign language until 17:00", []),
        ("", []),
    ],
)
def test_languages_are_read_out_of_an_organiser_s_own_words(told, languages):
    assert languages_of(told) == languages


ARABIC = ("العربية", "Arabic", "arabe", "árabe", "Arabisch", "arabski", "العربيه")


@pytest.mark.parametrize("typed", ARABIC)
def test_a_language_is_found_by_whatever_it_is_called(campaign, typed):
    factories.event(campaign, title="Elsewhere", languages="Svenska")
    factories.event(campaign, title="Here", languages=f"English, {typed}")
    for asked in (*ARABIC, "ar"):
        assert found(campaign, language=asked) == ["Here"], asked


@pytest.mark.parametrize(
    ("name", "code"),
    [
        *(("Svenska", "sv"), ("szwedzki", "sv"), ("kurdî", "ku"), ("Norsk", "nb")),
        *(("ትግርኛ", "ti"), ("Tigrinya", "ti"), ("Ukraińska", None), ("українська", "uk")),
        *(("中文", "zh"), ("Português", "pt"), ("portugalski", "pt"), ("PL", "pl"), ("", None)),
    ],
)
def test_names_lead_to_a_language(name, code):
    assert code_of(name) == code


def test_every_language_is_known_by_its_own_name_and_by_ours():
    for code in set(CODES) - {"nb", "nn", "pt-BR"}:
        own = names_of_languages(code)[code.replace("-", "_")]
        assert code_of(own) == code
        for speaker in shipped_languages():
            assert code_of(names_of_languages(speaker)[code.replace("-", "_")]) == code, speaker


def test_the_list_names_each_language_once_as_the_reader_does(campaign, nobody):
    for number, typed in enumerate((*ARABIC, "Esperanto")):
        factories.event(campaign, title=f"Event {number}", languages=typed)
    page = nobody.get("board.list_events", language="arabe", status=200)
    options = page.select("#language option")
    assert [(each.get("value"), each.text) for each in options] == [
        ("", "all languages"),
        ("ar", "Arabic"),
        ("Esperanto", "Esperanto"),
    ]
    assert page.one("#language option[selected]").get("value") == "ar"
    assert page.words("#found") == f"{len(ARABIC)} events"


def test_a_town_stands_once_in_an_address(campaign, nobody):
    twice = {"address": "Mill Lane 2, Lindholm", "town": "Lindholm", "place": "Town hall"}
    event = factories.event(campaign, **twice)
    page = nobody.get("board.show_event", slug=event.slug, status=200)
    assert page.words("dl.facts").count("Lindholm") == 1
    line = nobody.get("board.list_events", status=200).words(f"#event-{event.slug}")
    assert "Town hall, Lindholm" in line
