"""Numbers, dates and languages as templates write them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from babel.numbers import format_decimal as babel_decimal
from flask_babel import force_locale, get_locale, gettext
from sqlalchemy import update

from app import formatting
from app.accounts.models import User
from app.database import SECTION, write
from app.extensions import Catalogues
from app.formatting import load_locale, locale_info
from tests import pseudo_locale

EVENING = datetime(2026, 12, 6, 23, 5, tzinfo=UTC)


@pytest.fixture
def speak(app):
    """Pages in a language."""

    def in_language(language):
        return force_locale(load_locale(language))

    return in_language


@pytest.mark.parametrize(
    ("language", "shown"), [("en", "141,624"), ("de", "141.624"), ("ar-EG", "141,624")]
)
def test_a_number_is_grouped_as_its_language_does(speak, language, shown):
    with speak(language):
        assert formatting.number(141_624) == shown


@pytest.mark.parametrize("language", ["en", "fr", "es", "de", "pl", "ar", "hi", "pt-PT", "de-CH"])
def test_every_number_is_written_as_babel_writes_it(speak, language):
    with speak(language):
        for value in (0, 7, 999, 1000, 12_345, 1_234_567, 98_765_432_109, -1, -4_321):
            written = babel_decimal(value, locale=get_locale(), numbering_system="latn")
            assert formatting.number(value) == written


def test_a_day_is_told_in_its_zone(speak):
    with speak("en"):
        assert formatting.day(date(2026, 12, 6)) == "6 December 2026"
        assert formatting.day(EVENING, "Europe/Lisbon") == "6 December 2026"
        assert formatting.day(EVENING, "Asia/Tokyo") == "7 December 2026"


def test_a_time_of_day_is_told_in_its_zone(speak):
    with speak("de"):
        assert formatting.clock(EVENING, "Europe/Warsaw") == "00:05"
        assert formatting.moment(EVENING, "Europe/Warsaw") == "7. Dezember 2026, 00:05"


def test_english_dates_are_british(speak):
    with speak("en"):
        assert formatting.moment(EVENING, "Europe/Warsaw") == "7 December 2026, 00:05"


def test_without_a_zone_the_instances_own_is_meant(speak):
    with speak("de"):
        assert formatting.clock(EVENING) == "23:05"


def test_the_made_up_language_reads_right_to_left_with_arabics_numbers_and_dates(speak):
    with speak("ar-XB"):
        assert locale_info() == ("ar-XB", "rtl")
        assert formatting.day(date(2026, 12, 6)) == "6 ديسمبر 2026"
        assert formatting.number(1871) == "1,871"


def test_the_made_up_language_does_not_spoil_the_one_it_borrows_from():
    load_locale("ar-XB")
    assert str(load_locale("ar")) == "ar"
    assert str(load_locale("ar_XB")) == "ar_XB"


def test_the_made_up_language_has_the_words_of_its_catalogue(speak):
    with speak("ar-XB"):
        assert gettext("Sign in") != "Sign in"


@pytest.mark.parametrize(
    ("how", "chosen"),
    [
        ({}, "en"),
        ({"query_string": "lang=ar-XB"}, "ar_XB"),
        ({"query_string": "lang=xx"}, "en"),
        ({"query_string": "lang=../../etc"}, "en"),
        ({"headers": {"Accept-Language": "ar-XB, en;q=0.5"}}, "ar_XB"),
        ({"headers": {"Accept-Language": "fr, *;q=0.1"}}, "en"),
        ({"headers": {"Accept-Language": ";;;,=q"}}, "en"),
        ({"headers": {"Cookie": "lettertally_language=ar-XB", "Accept-Language": "en"}}, "ar_XB"),
        ({"headers": {"Cookie": "lettertally_language=ar-XB"}, "query_string": "lang=en"}, "en"),
        ({"headers": {"Cookie": "lettertally_language=%00"}}, "en"),
    ],
    ids=str,
)
def test_the_language_asked_for_is_chosen_when_it_is_offered(app, how, chosen):
    with app.test_request_context("/", **how):
        assert str(get_locale()) == chosen


def test_a_persons_own_language_comes_before_their_browsers(ana):
    with write(SECTION) as session:
        session.execute(update(User).values(language="ar-XB"))
    page = ana.get("accounts.account", headers={"Accept-Language": "en"})
    assert (page.tree.get("lang"), page.tree.get("dir")) == ("ar-XB", "rtl")


def test_a_language_counts_as_its_catalogue_does_though_a_later_folder_has_none(
    app, translations, tmp_path
):
    words = Catalogues([str(translations), str(tmp_path)])
    message = ("%(count)s letter", "%(count)s letters")
    with app.test_request_context(f"/?lang={pseudo_locale.LOCALE}"):
        said = [words.ngettext(*message, number, count="{n}") for number in (1, 2)]
    assert said == [pseudo_locale.translate(form) % {"count": "{n}"} for form in message]
