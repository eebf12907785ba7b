"""Every word on a page can be translated: it stands in one piece in a call that is found."""

from __future__ import annotations

import ast
import re

import html5lib
import pytest
from babel.messages.extract import DEFAULT_KEYWORDS
from jinja2 import nodes

from tests import messages
from tests.architecture.sources import (
    list_calls,
    list_python,
    list_templates,
    name_of,
    python_tree,
    template_tree,
)
from tests.architecture.test_words_on_pages import NAMES, spoken

KEYWORDS = {"_", "_l", "gettext", "ngettext", "lazy_gettext", "lazy_ngettext"}
KEYWORDS |= {"pgettext", "lazy_pgettext"}


def forms_of(name: str) -> int:
    """How many of the arguments are words."""
    return 2 if name.endswith("ngettext") else 1


def test_all_words_are_found():
    everything = messages.extract()
    files = {said.file for said in everything}
    assert len(everything) > 100
    assert any(file.endswith(".html") for file in files)
    assert any(file.endswith(".py") for file in files)


@pytest.mark.parametrize("file", [pytest.param(f, id=name_of(f)) for f in list_python("app")])
def test_words_in_code_stand_in_one_piece(file):
    for name, call in list_calls(python_tree(file)):
        if name in KEYWORDS:
            for words in call.args[: forms_of(name)]:
                assert isinstance(words, ast.Constant), f"line {call.lineno}: {ast.unparse(call)}"


@pytest.mark.parametrize("file", [pytest.param(f, id=name_of(f)) for f in list_templates()])
def test_words_in_templates_stand_in_one_piece(file):
    for call in template_tree(file).find_all(nodes.Call):
        name = getattr(call.node, "name", "")
        if name in KEYWORDS:
            for words in call.args[: forms_of(name)]:
                assert isinstance(words, nodes.Const), f"line {call.lineno}"


def test_every_way_to_ask_for_words_is_extracted():
    assert {*DEFAULT_KEYWORDS, *messages.KEYWORDS} >= KEYWORDS


def test_a_placeholder_of_the_one_is_in_the_many_too():
    for said in messages.extract():
        if isinstance(said.message, tuple):
            one, many = (set(re.findall(r"%\((\w+)\)", form)) for form in said.message)
            assert one <= many, f"{said.file}:{said.line} {said.message}"


NO_WORDS = (
    r"{#.*?#}|{%-?\s*trans\b.*?endtrans\s*-?%}|{%-?\s*block \w+_class.*?endblock.*?%}|{%.*?%}"
)
BARE_ATTRIBUTE = r"[\w:-]+=\"[^\"]*\""
"""As a macro gives them to a tag that stands elsewhere."""
SAID_TO_PEOPLE = {
    "flash",
    "Conflict",
    "NotAllowed",
    "NotFound",
    "NotSignedIn",
    "RuleBroken",
    "TooMany",
    "ValidationError",
}


@pytest.mark.parametrize("file", [pytest.param(f, id=name_of(f)) for f in list_python("app")])
def test_what_is_said_to_people_goes_through_gettext(file):
    for name, call in list_calls(python_tree(file)):
        if name in SAID_TO_PEOPLE and call.args:
            is_bare = isinstance(call.args[0], ast.Constant | ast.JoinedStr | ast.BinOp)
            assert not is_bare, f"line {call.lineno}: {ast.unparse(call)}"


@pytest.mark.parametrize("file", [pytest.param(f, id=name_of(f)) for f in list_templates()])
def test_a_template_has_no_words_of_its_own(file):
    assert words_outside_gettext(file.read_text()) == []


def words_outside_gettext(template: str) -> list[str]:
    """Texts and spoken attributes of a template that stand there as they are."""
    bare = re.sub(NO_WORDS, "", template, flags=re.DOTALL)
    bare = re.sub(r"{{.*?}}", "0", bare, flags=re.DOTALL)
    tree = html5lib.parseFragment(bare, namespaceHTMLElements=False)
    return [
        " ".join(words.split())
        for words in spoken(tree)
        if re.search("[A-Za-z]{2,}", NAMES.sub(" ", re.sub(BARE_ATTRIBUTE, "", words)))
    ]


@pytest.mark.parametrize(
    ("template", "found"),
    [
        ("<p>{{ _('Stop') }}</p>", []),
        ("<p>Stop</p>", ["Stop"]),
        ("{% if x %}<b>{{ _('Go') }} now</b>{% endif %}", ["0 now"]),
        ("""<img alt="Ana" src="x">""", ["Ana"]),
        ("""<input type="submit" value="Send">""", ["Send"]),
        ("""<p class="soft">{{ count }} · Lettertally</p>""", []),
    ],
)
def test_bare_words_are_found(template, found):
    """The control of the search above."""
    assert words_outside_gettext(template) == found
