"""The last part of an address: like the name, free, and never empty."""

from __future__ import annotations

import pytest

from app.campaigns.slugs import ALPHABET, LONGEST, make_slug, random_word, slug_of


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Public library, Ärla", "public-library-arla"),
        ("Ines and Pau Ribalta", "ines-and-pau-ribalta"),
        ("Łukasz Ørsted-Straße", "lukasz-orsted-strasse"),
        ("St Birgitta’s School", "st-birgittas-school"),
        ("  24 h // Köln  ", "24-h-koln"),
        ("Ngũgĩ, Đặng & Çelik", "ngugi-dang-celik"),
        ("نور حداد", ""),
        ("…", ""),
    ],
)
def test_a_slug_reads_like_the_name(name, slug):
    assert slug_of(name) == slug


def test_a_name_without_latin_letters_gets_a_random_slug():
    first, second = (
        make_slug("نور حداد", otherwise="case", is_taken=lambda _slug: False) for _ in range(2)
    )
    assert first.startswith("case-")
    assert first != second


def test_a_taken_slug_gets_the_next_number():
    taken = {"lisbon", "lisbon-2"}
    assert make_slug("Lisbon", otherwise="event", is_taken=taken.__contains__) == "lisbon-3"


def test_no_slug_is_the_name_of_a_page():
    assert make_slug("New", otherwise="event", is_taken=lambda _slug: False) == "new-2"


def test_a_long_name_is_cut_between_words():
    slug = slug_of("the families of the forty-three students who never came home from the coast")
    assert slug == "the-families-of-the-forty-three-students-who-never-came-home"
    assert len(slug_of("a" * 200)) == LONGEST


def test_a_random_word_is_long_and_easy_to_read_out():
    words = {random_word(20) for _ in range(50)}
    assert len(words) == 50
    assert set("".join(words)) <= set(ALPHABET)
    assert not set("ilo01") & set(ALPHABET)
