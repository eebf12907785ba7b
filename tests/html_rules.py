"""What every page and fragment must satisfy, wherever a test meets it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import html5lib
from flask import Flask
from html5lib.constants import E as PARSE_ERRORS
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

ORIGIN = "http://localhost"
PHRASES = ("span", "bdi", "label", "button", "strong", "em", "time", "code")
BLOCKS = (
    "form",
    "div",
    "p",
    "ul",
    "ol",
    "dl",
    "table",
    "section",
    "fieldset",
    "details",
    "h2",
    "h3",
)
CHOICES = ("checkbox", "radio")
UNTYPED_INPUTS = ("hidden", "submit", "button", "reset", "image")
ID_REFERENCES = ("aria-labelledby", "aria-describedby", "aria-controls", "for", "list")
LINKS = ("href", "src", "action", "formaction", "hx-get", "hx-post")
CONTAINERS = {"tr": "tbody", "td": "tr", "th": "tr", "tbody": "table", "option": "select"}
"""What a fragment's root may stand in, where that is not just anything."""


def is_page(html: str) -> bool:
    """Whether this is a whole page, not a fragment."""
    return "<html" in html[:400].lower()


@lru_cache(maxsize=32)
def parse(html: str) -> tuple[Element, list[str]]:
    """The tree, and what the strict parser had to say against it."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    if is_page(html):
        tree = parser.parse(html)
    else:
        root = re.search(r"<(\w+)", html)
        tree = parser.parseFragment(html, CONTAINERS.get(root[1] if root else "", "div"))
    lines = html.splitlines()
    faults = [
        f"{PARSE_ERRORS[code] % variables}: {lines[line - 1].strip()[:80]}"
        for (line, _column), code, variables in parser.errors
        if code != "expected-doctype-but-got-eof"
    ]
    return tree, faults


def find_faults(html: str, app: Flask) -> list[str]:
    """Everything wrong with a page or fragment, in words."""
    tree, said = parse(html)
    faults = [*said]
    rules = [*EVERYWHERE, *(ON_PAGES if is_page(html) else IN_FRAGMENTS)]
    for rule in rules:
        faults += rule(tree)
    return faults + list(unresolved_links(tree, app)) + list(forms_at_fault(tree, app))


def elements(tree: Element, *tags: str) -> Iterator[Element]:
    """Elements of the tree in order, of these tags if any are named; comments left out."""
    for element in tree.iter():
        tag = element.tag
        if isinstance(tag, str) and (not tags or tag in tags or local_name(element) in tags):
            yield element


def local_name(element: Element) -> str:
    """The tag without the namespace that SVG elements carry."""
    return element.tag.rpartition("}")[2]


def describe(element: Element) -> str:
    """An element as one recognises it in a template."""
    shown = {name: element.get(name) for name in ("id", "name", "href", "action", "class")}
    return f"<{local_name(element)} " + " ".join(f"{k}={v!r}" for k, v in shown.items() if v) + ">"


def accessible_name(element: Element) -> str:
    """Roughly what a screen reader calls it."""
    if element.get("aria-hidden") == "true":
        return ""
    own = element.get("aria-label") or element.get("alt") or element.get("aria-labelledby") or ""
    words = [own, element.text or ""]
    for child in element:
        words.append(accessible_name(child) if isinstance(child.tag, str) else "")
        words.append(child.tail or "")
    return " ".join("".join(words).split())


def has_one_heading_title_language(tree: Element) -> Iterator[str]:
    if (count := sum(1 for _ in elements(tree, "h1"))) != 1:
        yield f"{count} h1 instead of one"
    titles = [title for head in elements(tree, "head") for title in elements(head, "title")]
    if not titles or not accessible_name(titles[0]):
        yield "no title"
    root = next(elements(tree, "html"))
    if not root.get("lang") or root.get("dir") not in ("ltr", "rtl"):
        yield "html without lang, or without dir=ltr|rtl"


def refers_to_ids_that_exist(tree: Element) -> Iterator[str]:
    ids = {element.get("id") for element in elements(tree)}
    for element in elements(tree):
        for attribute in ID_REFERENCES:
            for wanted in (element.get(attribute) or "").split():
                if wanted not in ids:
                    yield f"{describe(element)} {attribute}={wanted!r} refers to nothing"
        href = element.get("href") or ""
        if href.startswith("#") and href[1:] not in ids:
            yield f"{describe(element)} leads to nothing"


def has_one_root_with_an_id(tree: Element) -> Iterator[str]:
    roots = [child for child in tree if isinstance(child.tag, str)]
    if len(roots) != 1 or not roots[0].get("id"):
        yield f"a fragment's roots are {[describe(root) for root in roots]}, not one with an id"
    loose = [tree.text or "", *(child.tail or "" for child in tree)]
    if "".join(loose).strip():
        yield f"a fragment has loose text {''.join(loose).strip()[:60]!r}"


def has_unique_ids(tree: Element) -> Iterator[str]:
    counts = Counter(element.get("id") for element in elements(tree) if element.get("id"))
    yield from (f"id {name!r} is used {n} times" for name, n in counts.items() if n > 1)


def labels_its_fields(tree: Element) -> Iterator[str]:
    labelled = {label.get("for") for label in elements(tree, "label")} - {None}
    wrapped = {id(f) for label in elements(tree, "label") for f in elements(label)}
    for field in elements(tree, "input", "select", "textarea"):
        if local_name(field) == "input" and field.get("type") in UNTYPED_INPUTS:
            continue
        named = field.get("aria-label") or field.get("aria-labelledby")
        if not named and id(field) not in wrapped and field.get("id") not in labelled:
            yield f"{describe(field)} has no label"


def names_its_controls(tree: Element) -> Iterator[str]:
    for control in elements(tree, "button", "a", "summary", "h1", "h2", "h3", "label", "legend"):
        if not accessible_name(control):
            yield f"{describe(control)} has no name"


def describes_its_pictures(tree: Element) -> Iterator[str]:
    yield from (f"{describe(i)} has no alt" for i in elements(tree, "img") if i.get("alt") is None)


def has_nothing_inline(tree: Element) -> Iterator[str]:
    for element in elements(tree):
        is_data = element.get("type") in ("application/json", "application/ld+json")
        if local_name(element) == "script" and not element.get("src") and not is_data:
            yield "an inline script"
        if local_name(element) == "style":
            yield "an inline style element"
        for name, value in element.items():
            if name == "style" or re.match("on|hx-on", name):
                yield f"{describe(element)} carries {name}"
            if re.match(r"\s*(javascript|js):", value):
                yield f"{describe(element)} carries a script in {name}"


def works_without_htmx(tree: Element) -> Iterator[str]:
    for element in elements(tree):
        post, get = element.get("hx-post"), element.get("hx-get")
        same = path_of(element.get("action") or element.get("href") or "")
        if post is not None and (local_name(element) != "form" or path_of(post) != same):
            yield f"{describe(element)} has hx-post={post!r} and is no form with that action"
        is_poll = "every" in (element.get("hx-trigger") or "")
        if get is not None and not is_poll and path_of(get) != same:
            yield f"{describe(element)} has hx-get={get!r} and is no link or form to there"


def forms_at_fault(tree: Element, app: Flask) -> Iterator[str]:
    for form in elements(tree, "form"):
        method = (form.get("method") or "get").upper()
        if form.get("hidden") is not None and not form.get("action"):
            continue  # a script fills it in before it shows it, and posts it with the header
        if not form.get("action"):
            yield f"{describe(form)} has no action"
        elif fault := fault_of_path(form.get("action") or "", app, method):
            yield f"{describe(form)} {fault}"
        tokens = [f for f in elements(form, "input") if f.get("name") == "csrf_token"]
        if method == "POST" and not any(token.get("value") for token in tokens):
            yield f"{describe(form)} posts without csrf_token"
        if method == "GET" and tokens:
            yield f"{describe(form)} shows its csrf_token in the address"


def unresolved_links(tree: Element, app: Flask) -> Iterator[str]:
    for element in elements(tree):
        for attribute in set(LINKS) & set(element.keys()) - {"action"}:
            link = element.get(attribute) or ""
            parts = urlsplit(link)
            if parts.netloc and not link.startswith(f"{ORIGIN}/"):
                if local_name(element) != "a":
                    yield f"{describe(element)} asks a third party: {link}"
            elif parts.scheme in ("mailto", "tel") or link.startswith("#"):
                continue
            else:
                method = "POST" if attribute in ("hx-post", "formaction") else "GET"
                if fault := fault_of_path(link, app, method):
                    yield f"{describe(element)} {attribute}: {fault}"


def path_of(link: str) -> str:
    """The link's path alone."""
    return urlsplit(link).path


def fault_of_path(link: str, app: Flask, method: str) -> str:
    """Why a link of ours leads nowhere, or nothing."""
    path = path_of(link)
    try:
        endpoint, values = app.url_map.bind("localhost").match(path, method=method)
    except RequestRedirect:
        return f"{method} {path!r} is not the route's own spelling"
    except HTTPException as no:
        return f"{method} {path!r} is no route ({no.code})"
    file = Path(app.static_folder or "") / values.get("filename", "")
    if endpoint in ("static", "static_version") and not file.is_file():
        return f"{path!r} is no file"
    return ""


def stands_where_html_allows_it(tree: Element) -> Iterator[str]:
    """What a parser lets pass and a validator does not."""
    for words in elements(tree, *PHRASES):
        for block in elements(words, *BLOCKS):
            yield f"{describe(block)} stands in {describe(words)}"
    for heading in elements(tree, "th"):
        for fold in elements(heading, "details"):
            yield f"{describe(fold)} stands in {describe(heading)}"
    for element in elements(tree, "input"):
        if not element.get("type"):
            yield f"{describe(element)} does not say its type"
        if element.get("type") in CHOICES and element.get("autocomplete"):
            yield f"{describe(element)} has autocomplete, which is for what is typed"


EVERYWHERE = (
    stands_where_html_allows_it,
    has_unique_ids,
    labels_its_fields,
    names_its_controls,
    describes_its_pictures,
    has_nothing_inline,
    works_without_htmx,
)
ON_PAGES = (has_one_heading_title_language, refers_to_ids_that_exist)
IN_FRAGMENTS = (has_one_root_with_an_id,)
