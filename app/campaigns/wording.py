"""The writing rules of a case in words: what a writer must and must not do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from babel import Locale
from babel.lists import format_list
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from app.campaigns.languages import language_name
from app.campaigns.models import RULES, Case


class RuleInWords(NamedTuple):
    """One sentence; `is_no` when it forbids something."""

    words: LazyString
    is_no: bool


SENTENCES = {
    ("religious_card", "yes"): _l("A religious card is welcome."),
    ("religious_card", "no"): _l("Do not mention religion, and send no religious card."),
    ("name_organisation", "yes"): _l("You may name the organisation you write with."),
    ("name_organisation", "no"): _l("Do not name any organisation."),
    ("sender_address", "yes"): _l("Give your address: it makes a letter credible."),
    ("sender_address", "no"): _l("Give no return address."),
    ("sender_address", "school"): _l("Give the school’s address, never your own."),
    ("mention_charges", "yes"): _l("You may mention the charges."),
    ("mention_charges", "no"): _l("Do not mention the charges."),
    ("holiday_wishes", "yes"): _l("Holiday wishes are welcome."),
    ("holiday_wishes", "no"): _l("Send no holiday wishes."),
}
THINGS = {
    "religious_card": _l("religion"),
    "mention_charges": _l("the charges"),
    "name_organisation": _l("any organisation"),
    "holiday_wishes": _l("the holidays"),
}
"""What a rule that says no asks to leave out, in the order of the one sentence for all."""


def rules_in_words(case: Case, *, for_young_people: bool = False) -> list[RuleInWords]:
    """Every rule that the section has said something about, in full."""
    answers = ((rule, answer_to(case, rule, for_young_people)) for rule in RULES)
    return [
        RuleInWords(SENTENCES[rule, answer], answer != "yes") for rule, answer in answers if answer
    ]


def rules_that_say_no(case: Case, *, for_young_people: bool = False) -> list[str]:
    """What must be left out, in at most two short sentences, for wherever there is no room."""
    things = [
        str(words)
        for rule, words in THINGS.items()
        if answer_to(case, rule, for_young_people) == "no"
    ]
    sentences = []
    if things:
        listed = format_list(things, style="or", locale=_locale_of_lists())
        sentences.append(_("Do not mention %(things)s.", things=listed))
    address = answer_to(case, "sender_address", for_young_people)
    if address in ("no", "school"):
        sentences.append(str(SENTENCES["sender_address", address]))
    return sentences


def answer_to(case: Case, rule: str, for_young_people: bool) -> str | None:
    """`yes`, `no`, `school` or None; young people never give an address of their own."""
    answer: str | None = getattr(case, rule)
    if rule == "sender_address" and for_young_people and answer != "school":
        return "no"
    return answer


def languages_in_words(codes: Sequence[str]) -> str:
    """The languages as the reader calls them, in a list."""
    return format_list([language_name(code) for code in codes], locale=_locale_of_lists())


def _locale_of_lists() -> Locale | str | None:
    # Plain English would be listed as in America, with a comma before the last word.
    return "en_GB" if str(get_locale()) == "en" else get_locale()
