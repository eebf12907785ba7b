"""The made-up language itself: whole, long, right to left, with every placeholder kept."""

from __future__ import annotations

import re
from gettext import GNUTranslations

import pytest
from babel.messages.catalog import Catalog

from tests import messages
from tests.pseudo_locale import LETTERS, LOCALE, translate

ARABIC = re.compile(r"[\u0600-\u06ff]")
PLACEHOLDERS = re.compile(r"%\(\w+\)\w|%%|<[^>]+>")


@pytest.fixture(scope="module")
def catalogue(translations) -> GNUTranslations:
    with (translations / LOCALE / "LC_MESSAGES" / "messages.mo").open("rb") as file:
        return GNUTranslations(file)


@pytest.mark.parametrize(
    "text",
    [
        "Log 12 letters",
        "%(num)s of %(all)s here",
        "<bdi>%(name)s</bdi> is paused &mdash; stop",
        "100%% sure",
        "at %(percent)d%%",
        "Zürich, E-mail, it's",
    ],
)
def test_a_translation_is_longer_arabic_and_keeps_its_placeholders(text):
    said = translate(text)
    assert ARABIC.search(said)
    assert not re.search("[A-Za-z]", re.sub(r"%\(\w+\)\w|<[^>]+>|&\w+;", "", said).replace("ü", ""))
    assert PLACEHOLDERS.findall(said) == PLACEHOLDERS.findall(text)
    letters = len(re.sub(r"%\(\w+\)\w|%%|<[^>]+>|&\w+;|\s", "", text))
    assert len(said) >= len(text) + 0.4 * letters
    if "%(" in text:
        assert said % {"num": 1, "all": 2, "name": "x", "percent": 3}


def test_text_without_words_stays():
    assert [translate(text) for text in ("%(num)s", "", "  ")] == ["%(num)s", "", "  "]


def test_every_letter_has_its_own_stand_in():
    small = [LETTERS[ord(letter)] for letter in "abcdefghijklmnopqrstuvwxyz"]
    assert len(set(small)) == 26
    assert all(ARABIC.fullmatch(chr(letter)) for letter in small)


def test_every_message_is_in_the_catalogue(catalogue):
    everything = messages.extract()
    assert everything
    for _file, _line, message, context in everything:
        if isinstance(message, tuple):
            for number in (0, 1, 2, 5, 11, 100):
                assert ARABIC.search(catalogue.ngettext(*message[:2], number))
        else:
            found = catalogue.pgettext(context, message) if context else catalogue.gettext(message)
            assert ARABIC.search(found) or translate(message) == message


def test_all_six_numbers_of_arabic_have_their_form(catalogue):
    message = ("%(count)s letter", "%(count)s letters")
    one, many = (translate(form) for form in message)
    said = [catalogue.ngettext(*message, number) for number in (0, 1, 2, 3, 11, 100)]
    assert said == [many, one, many, many, many, many]
    assert Catalog(locale="ar").num_plurals == 6
