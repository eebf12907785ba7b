"""Every shipped language says everything that the app says, and says it well-formed."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from app import catalogues
from app.catalogues import shipped_languages
from tests import messages

FILES = catalogues.list_catalogues()
HEAD = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: {plurals}\\n"

"""
POLISH = "nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2)"
ENTRY = 'msgid "{one}"\nmsgid_plural "{many}"\nmsgstr[0] "{0}"\nmsgstr[1] "{1}"\nmsgstr[2] "{2}"\n'
LETTERS = ENTRY.format(
    "%(num)s list", "%(num)s listy", "%(num)s listów", one="%(num)s letter", many="%(num)s letters"
)
GOOD = f'msgid " for <b>%(name)s</b>"\nmsgstr " dla <b>%(name)s</b>"\n\n{LETTERS}'


@pytest.fixture(scope="module")
def wanted() -> Catalog:
    return messages.template()


@pytest.fixture(scope="module")
def two_messages() -> Catalog:
    catalogue = Catalog()
    catalogue.add(" for <b>%(name)s</b>")
    catalogue.add(("%(num)s letter", "%(num)s letters"))
    return catalogue


def in_polish(entries: str, plurals: str = POLISH) -> Catalog:
    text = HEAD.format(plurals=plurals) + entries
    return read_po(io.BytesIO(text.encode()), locale="pl", abort_invalid=True)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.parts[-3])
def test_a_language_says_everything_and_nothing_malformed(file, wanted):
    assert messages.find_faults(messages.read(file), wanted) == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.parts[-3])
def test_a_catalogue_is_kept_so_that_branches_merge(file):
    """`./run messages` writes it so."""
    assert messages.written(messages.read(file)) == file.read_bytes()


@pytest.mark.parametrize(
    ("good", "bad", "fault"),
    [
        ('msgstr " dla <b>%(name)s</b>"', 'msgstr ""', "missing"),
        ("%(num)s listy", "", "missing"),
        ("<b>%(name)s</b>", "<b>%(who)s</b>", "differ: %(name)s, %(who)s"),
        (" dla <b>%(name)s</b>", " dla <b>%(name)s<b>", "differ: </b>"),
        (" dla <b>%(name)s</b>", " <b>%(name)s</b> i <b>%(name)s</b>", "differ"),
        ('msgstr " dla', 'msgstr "dla', "space"),
        ('msgstr " dla', 'msgstr " 100% dla', "percent sign"),
        ('msgid " for', '#, fuzzy\nmsgid " for', "fuzzy"),
        ("%(num)s listów", "dużo listów", "differ: %(num)s"),
        ("%(num)s listy", "%(count)s listy", "differ: %(count)s, %(num)s"),
        ("%(num)s letters", "%(num)s posts", "missing"),
        (LETTERS, f'{LETTERS}\nmsgid "Old"\nmsgstr "Stare"\n', "no longer said"),
        (LETTERS, f'{LETTERS}\n#~ msgid "Old"\n#~ msgstr "Stare"\n', "no longer said"),
    ],
)
def test_a_fault_is_found(two_messages, good, bad, fault):
    assert messages.find_faults(in_polish(GOOD), two_messages) == []
    head, found, tail = GOOD.rpartition(good)
    assert found
    assert fault in "\n".join(messages.find_faults(in_polish(head + bad + tail), two_messages))


def test_a_language_that_counts_as_another_is_found(two_messages):
    russian = POLISH.replace("n==1", "n%10==1 && n%100!=11")
    assert "Plural-Forms" in messages.find_faults(in_polish(GOOD, russian), two_messages)[0]


def test_two_meanings_of_one_word_are_two_messages():
    catalogue = Catalog()
    catalogue.add("Open", context="verb")
    faults = messages.find_faults(in_polish('msgid "Open"\nmsgstr "Otwarte"\n'), catalogue)
    assert faults == ["(verb) 'Open': missing", "'Open': no longer said"]


def test_an_update_adds_what_is_new_and_drops_what_is_gone(two_messages, tmp_path):
    file = tmp_path / "pl" / "LC_MESSAGES" / "messages.po"
    file.parent.mkdir(parents=True)
    old = 'msgid "Old"\nmsgstr "Stare"\n\n#~ msgid "Older"\n#~ msgstr "Starsze"\n'
    file.write_text(HEAD.format(plurals=POLISH) + LETTERS + old)
    file.write_bytes(messages.written(messages.updated(file, two_messages)))
    text = file.read_text()
    assert "listów" in text
    assert 'msgid " for <b>%(name)s</b>"\nmsgstr ""' in text
    assert "Old" not in text
    assert messages.written(messages.read(file)) == file.read_bytes()


# Compiling


@pytest.fixture
def translations(tmp_path: Path) -> Path:
    folder = tmp_path / "translations"
    file = folder / "pl" / "LC_MESSAGES" / "messages.po"
    file.parent.mkdir(parents=True)
    file.write_text(HEAD.format(plurals=POLISH) + GOOD)
    return folder


def test_words_are_compiled_once_and_again_when_they_change(tmp_path, translations):
    instance = tmp_path / "instance"
    compiled = instance / "catalogues" / "pl" / "LC_MESSAGES" / "messages.mo"
    assert not catalogues.are_compiled(instance, translations)
    catalogues.compile_catalogues(instance, translations)
    assert catalogues.are_compiled(instance, translations)
    assert "listów".encode() in compiled.read_bytes()
    compiled.write_bytes(b"as it is")
    catalogues.compile_catalogues(instance, translations)
    assert compiled.read_bytes() == b"as it is"
    [file] = catalogues.list_catalogues(translations)
    file.write_text(file.read_text().replace("listów", "wielu listów"))
    assert not catalogues.are_compiled(instance, translations)
    catalogues.compile_catalogues(instance, translations)
    assert "wielu listów".encode() in compiled.read_bytes()


def test_without_translations_there_is_nothing_to_compile(tmp_path):
    assert catalogues.are_compiled(tmp_path, tmp_path / "none")


def test_six_languages_are_shipped():
    assert shipped_languages() == ("en", "ar", "de", "es", "fr", "pl")
    assert [file.parts[-3] for file in FILES] == ["ar", "de", "es", "fr", "pl"]
