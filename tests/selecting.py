"""Find elements by the few CSS selectors that tests need."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from tests.html_rules import elements, local_name

SIMPLE = re.compile(r"([#.]?)([\w-]+)|\[([\w:-]+)(?:(=|\*=|\^=)\"?([^\]\"]*)\"?)?\]")
STEPS = re.compile(r"(?:\[[^\]]*\]|[^\s\[])+")


def select(tree: Element, selector: str) -> list[Element]:
    """Elements matching `tag#id.class[attribute=value]`, with descendant and `>` steps."""
    document = Element("document")
    document.append(tree)
    found, is_child = [document if tree.tag == "html" else tree], False
    for step in STEPS.findall(selector.replace(">", " > ")):
        if step == ">":
            is_child = True
            continue
        inside = [e for parent in found for e in (parent if is_child else below(parent))]
        matching = {id(e): e for e in inside if isinstance(e.tag, str) and matches(e, step)}
        found, is_child = list(matching.values()), False
    return found


def below(parent: Element) -> Iterator[Element]:
    """All its descendants, in order."""
    return (element for element in elements(parent) if element is not parent)


def matches(element: Element, step: str) -> bool:
    """Whether one step of a selector, without spaces, fits the element."""
    return all(_fits(element, *part) for part in SIMPLE.findall(step))


def _fits(e: Element, mark: str, word: str, attribute: str, how: str, value: str) -> bool:
    if attribute:
        has = e.get(attribute)
        tests = {"": has is not None, "=": has == value}
        tests |= {"*=": value in (has or ""), "^=": (has or "").startswith(value)}
        return tests[how]
    if mark == ".":
        return word in (e.get("class") or "").split()
    return e.get("id") == word if mark == "#" else local_name(e) == word
