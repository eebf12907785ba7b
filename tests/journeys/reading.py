"""The numbers that a page, a fragment or a JSON answer shows, read as a person would."""

from __future__ import annotations

import re
from typing import NamedTuple
from xml.etree.ElementTree import Element

from tests.page import Answer
from tests.selecting import select


class Shown(NamedTuple):
    """What a screen says was written: letters, other actions, and letters by case's name."""

    letters: int
    other: int
    cases: dict[str, int]


def figure(text: str) -> int:
    """A number as English writes it: "1,871"."""
    return int(text.strip().lstrip("+").replace(",", ""))


def words_of(element: Element) -> str:
    """An element's text, single-spaced."""
    return " ".join("".join(element.itertext()).split())


def read_board(answer: Answer) -> Shown:
    """The live board or the hall screen, as page or as fragment."""
    (total,) = [e for e in answer.select("data") if e.get("value")]
    assert figure(words_of(total)) == int(total.get("value", ""))
    said = " ".join(words_of(e) for e in answer.select("p.lead") + answer.select("p.hall-goal"))
    return Shown(figure(words_of(total)), read_other(said), read_bars(answer))


def read_desk(answer: Answer) -> Shown:
    """The desk's page of an event, or its fragment."""
    letters, other = (
        figure(words_of(select(each, "dd")[0])) for each in answer.select(".figures > .figure")[:2]
    )
    return Shown(letters, other, read_bars(answer))


def read_bars(answer: Answer) -> dict[str, int]:
    """Letters by the name of the case."""
    bars = answer.select("ul.bars > li") + answer.select("ul.hall-bars > li")
    rows = [(select(bar, "bdi"), select(bar, ".num")) for bar in bars]
    return {words_of(name[0]): figure(words_of(n[0])) for name, n in rows if name and n}


def read_other(words: str) -> int:
    """The number before "other actions"."""
    found = re.search(r"([\d,]+) other actions?\b", words)
    assert found, words
    return figure(found[1])


def read_home(answer: Answer) -> Shown:
    """The season on the home page, or its fragment; cases only on the page."""
    (total,) = answer.select("data.total")
    other = read_other(" ".join(words_of(each) for each in answer.select("#tally p.small")))
    cards = answer.select("li.case-card")
    counts = {words_of(select(card, "h3")[0]): select(card, ".count .num") for card in cards}
    cases = {name: figure(words_of(found[0])) for name, found in counts.items() if found}
    return Shown(figure(words_of(total)), other, cases)


def read_json(numbers: dict[str, object]) -> Shown:
    """tally.json or totals.json, which must be of one mind with itself."""
    kinds: dict[str, int] = numbers["kinds"]  # type: ignore[assignment]
    cases: list[dict[str, object]] = numbers["cases"]  # type: ignore[assignment]
    letters, other = int(str(numbers["letters"])), int(str(numbers["other"]))
    assert numbers["total"] == letters + other == sum(kinds.values())
    for kind, counted in kinds.items():
        assert counted == sum(case["kinds"][kind] for case in cases)  # type: ignore[index]
    for case in cases:
        assert case["total"] == sum(case["kinds"].values())  # type: ignore[attr-defined]
    return Shown(letters, other, {str(case["name"]): letters_in(case) for case in cases})


def letters_in(case: dict[str, object]) -> int:
    """A case's letters, out of its kinds."""
    kinds: dict[str, int] = case["kinds"]  # type: ignore[assignment]
    letters = ("handwritten_letter", "signed_letter", "postcard", "solidarity_card")
    return sum(kinds[kind] for kind in letters)


def read_tables(answer: Answer) -> dict[str, int]:
    """Letters by the name of the table, on the desk's page of an event."""
    rows = [row for row in answer.select("tbody > tr") if (row.get("id") or "").startswith("table")]
    return {
        words_of(select(row, "th")[0]): figure(words_of(select(row, "td.end")[0])) for row in rows
    }


def read_phone(answer: Answer) -> tuple[int, dict[str, tuple[int, int]]]:
    """A table's page: letters in the hall, and what each case has here (letters, other)."""
    here = {
        words_of(select(card, "h2")[0]): (
            int(card.get("data-letters", "")),
            int(card.get("data-other", "")),
        )
        for card in answer.select("li.press-card")
    }
    for card in answer.select("li.press-card"):
        shown = figure(words_of(select(card, ".here .num")[0]))
        assert str(shown) == card.get("data-letters")
    now = answer.one("#table-now")
    letters = int(now.get("data-event-letters", ""))
    head = answer.select("#event-letters")
    assert not head or figure(words_of(head[0])) == letters
    return letters, here


def read_lines(answer: Answer) -> dict[str, int]:
    """Letters by title, of the desk's list of events."""
    rows = answer.select("table > tbody > tr")
    return {
        words_of(select(row, "th")[0]): figure(words_of(select(row, "td.end")[0])) for row in rows
    }
