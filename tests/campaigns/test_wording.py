"""Every writing rule that says no is said in words."""

from __future__ import annotations

import itertools

import pytest

from app.campaigns.models import RULES, Case
from app.campaigns.wording import SENTENCES, rules_in_words, rules_that_say_no

ANSWERS = dict.fromkeys(RULES, ("yes", "no")) | {"sender_address": ("yes", "no", "school")}


@pytest.mark.parametrize(
    ("rule", "answer"), [(rule, answer) for rule in RULES for answer in ANSWERS[rule]]
)
def test_every_answer_of_every_rule_has_words(app, rule, answer):
    (said,) = rules_in_words(Case(**{rule: answer}))
    assert str(said.words) == str(SENTENCES[rule, answer])
    assert said.is_no == (answer != "yes")


def test_a_rule_that_nothing_was_said_about_is_not_shown(app):
    assert rules_in_words(Case()) == []
    assert rules_that_say_no(Case()) == []


def test_what_must_be_left_out_is_one_sentence(app):
    case = Case(religious_card="no", mention_charges="no", sender_address="no")
    assert rules_that_say_no(case) == [
        "Do not mention religion or the charges.",
        "Give no return address.",
    ]


def test_three_things_are_listed_as_people_list_them(app):
    case = Case(religious_card="no", mention_charges="no", holiday_wishes="no")
    assert rules_that_say_no(case) == ["Do not mention religion, the charges or the holidays."]


def test_no_combination_of_rules_hides_a_no(app):
    words = {"religious_card": "religion", "mention_charges": "charges"}
    words |= {"name_organisation": "organisation", "holiday_wishes": "holidays"}
    for answers in itertools.product(("yes", "no", None), repeat=len(words)):
        case = Case(**dict(zip(words, answers, strict=True)))
        said = " ".join(rules_that_say_no(case))
        for rule, word in words.items():
            assert (word in said) == (getattr(case, rule) == "no")


def test_young_people_never_give_an_address_of_their_own(app):
    for answer in ("yes", "no", None):
        case = Case(sender_address=answer)
        assert rules_that_say_no(case, for_young_people=True) == ["Give no return address."]
        assert rules_in_words(case, for_young_people=True)[0].is_no
    school = Case(sender_address="school")
    assert rules_that_say_no(school, for_young_people=True) == [
        "Give the school’s address, never your own."
    ]
