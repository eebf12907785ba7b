"""Every word on a page can be translated: it stands in one piece in a call that is found."""

from __future__ import annotations

import ast
import re

import pytest
from babel.messages.extract import DEFAULT_KEYWORDS
from jinja2 import nodes

from tests import pseudo_locale
from tests.architecture.sources import (
    list_calls,
    list_python,
    list_templates,
    name_of,
    python_tree,
    template_tree,
)

KEYWORDS = {"_", "_l", "gettext", "ngettext", "lazy_gettext", "lazy_ngettext", "pgettext"}


def forms_of(name: str) -> int:
    """How many of the arguments are words."""
    return 2 if name.endswith("ngettext") else 1


def test_all_words_are_found():
    messages = list(pseudo_locale.extract())
    files = {file for file, _line, _message in messages}
    assert len(messages) > 100
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
    assert {*DEFAULT_KEYWORDS, *pseudo_locale.KEYWORDS} >= KEYWORDS


def test_a_placeholder_of_the_one_is_in_the_many_too():
    for file, line, message in pseudo_locale.extract():
        if isinstance(message, tuple):
            one, many = (set(re.findall(r"%\((\w+)\)", form)) for form in message)
            assert one <= many, f"{file}:{line} {message}"
