"""Templates: fragments that stand alone, htmx 4, nothing inline, nothing of third parties."""

from __future__ import annotations

import re

import html5lib
import pytest
from jinja2 import meta, nodes

from tests.architecture.sources import (
    TEMPLATES,
    list_scripts,
    list_styles,
    list_templates,
    name_of,
    template_text,
    template_tree,
)

ALL = [pytest.param(file, id=name_of(file)) for file in list_templates()]
FRAGMENTS = [p for p in ALL if p.values[0].name.startswith("_")]
OWN = [pytest.param(f, id=name_of(f)) for f in [*list_templates(), *list_scripts()]]
STYLES = [pytest.param(file, id=name_of(file)) for file in list_styles()]
NEEDS = re.compile(r"{#-? needs: (.*?) -?#}")
MACRO = re.compile(r"{%-?\s*macro .*?endmacro\s*-?%}", re.DOTALL)
JINJA = re.compile(r"{#.*?#}|{%.*?%}", re.DOTALL)
NOT_HTMX_4 = {
    r"\bhx-on\b": "hx-on needs eval",
    r"\bhx-vars\b|[\"'=]\s*js:": "js: needs eval",
    r"\bhx-disabled-elt\b": "is hx-disable in htmx 4",
    r"\bhx-(ext|boost|params|prompt|request|history-elt|disinherit|inherit)\b": "is not used here",
    r"""hx-trigger=["'][^"']*\[""": "a trigger filter needs eval",
    r"\bhtmx:[a-z]+[A-Z]\w*": "events are htmx:phase:action in htmx 4",
    r"\bhtmx\.(on|off|logAll|defineExtension)\b": "is htmx 2",
    r"\bhx-target-\d|\bhx-target-error\b": "is hx-status: in htmx 4",
}
INLINE = {
    r"<style\b": "a style element",
    r"\sstyle\s*=": "a style attribute",
    r"<script\b(?![^>]*\b(src=|type=.application/(ld\+)?json))": "an inline script",
    r"\son[a-z]+\s*=\s*[\"']": "an event attribute",
    r"javascript:": "a script in a link",
}
IN_SCRIPTS = r"\beval\(|\bnew Function\b|\.(inner|outer)HTML\b|insertAdjacentHTML|document\.write"
NOT_LOGICAL = (
    r"(?<![-\w])(margin|padding|border|inset)-(left|right)\b"
    r"|(?<![-\w])(left|right)\s*:"
    r"|(text-align|float|clear)\s*:\s*(left|right)\b"
    r"|border-(top|bottom)-(left|right)-radius"
)


def found(patterns: dict[str, str], text: str) -> list[str]:
    """What of the patterns is there, with the reason against it."""
    return [
        f"{hit.group(0).strip()}: {reason}"
        for pattern, reason in patterns.items()
        for hit in re.finditer(pattern, text)
    ]


@pytest.mark.parametrize("file", FRAGMENTS)
def test_a_fragments_first_line_says_what_it_needs(file, app):
    says = NEEDS.match(file.read_text())
    assert says, "the first line is no comment of what it needs"
    with app.test_request_context():
        known = {*app.jinja_env.globals}
        for processor in app.template_context_processors[None]:
            known |= processor().keys()
    used = meta.find_undeclared_variables(template_tree(file)) - known
    used -= imported(file) | set_here(file)
    assert {name for name in used if not re.search(rf"\b{name}\b", says[1])} == set()


def imported(file):
    """Macros by the names they have here."""
    names = [n for step in template_tree(file).find_all(nodes.FromImport) for n in step.names]
    return {name if isinstance(name, str) else name[1] for name in names}


def set_here(file):
    """What the template itself gives a name to."""
    given = template_tree(file).find_all((nodes.Assign, nodes.AssignBlock))
    return {name.name for step in given for name in [step.target] if isinstance(name, nodes.Name)}


@pytest.mark.parametrize("file", FRAGMENTS)
def test_a_fragment_has_one_root_with_an_id(file):
    bare = JINJA.sub("", MACRO.sub("", file.read_text()))
    root = re.search(r"<(\w+)", bare)
    parent = {"li": "ul", "tr": "tbody", "td": "tr"}.get(root[1] if root else "", "div")
    tree = html5lib.parseFragment(bare, container=parent, namespaceHTMLElements=False)
    roots = [child for child in tree if isinstance(child.tag, str)]
    # Two roots are two ways of one {% if %}: they answer to the same id.
    assert {root.get("id") for root in roots} != set()
    assert len({root.get("id") for root in roots}) == 1
    assert all(root.get("id") for root in roots)


@pytest.mark.parametrize("file", ALL)
def test_every_imported_macro_exists_and_is_used(file):
    tree = template_tree(file)
    used = {name.name for name in tree.find_all(nodes.Name)}
    for step in tree.find_all(nodes.FromImport):
        source = template_tree(TEMPLATES / step.template.value)
        defined = {macro.name for macro in source.find_all(nodes.Macro)}
        assert {name if isinstance(name, str) else name[0] for name in step.names} <= defined
    assert imported(file) <= used, "imported and not used"


@pytest.mark.parametrize("file", ALL)
def test_every_included_or_extended_template_exists(file):
    named = [
        step.template.value
        for step in template_tree(file).find_all((nodes.Include, nodes.Extends, nodes.Import))
        if isinstance(step.template, nodes.Const)
    ]
    assert [name for name in named if not (TEMPLATES / name).is_file()] == []


def test_every_fragment_is_used():
    code = "".join(p.read_text() for p in TEMPLATES.parents[0].rglob("*.py"))
    code += "".join(template_text(file) for file in list_templates())
    names = [file.relative_to(TEMPLATES).as_posix() for file in list_templates()]
    # A mail is named without an ending: it is written twice.
    endings = {name: name.removesuffix(".html") if is_mail(name) else name for name in names}
    assert [name for name in names if endings[name] not in code] == []


def is_mail(name):
    """Whether the template is that of a mail."""
    return "extends 'outbox/mail.html'" in (TEMPLATES / name).read_text()


def test_every_mail_is_written_as_text_too():
    names = [file.relative_to(TEMPLATES).as_posix() for file in list_templates()]
    mails = [name for name in names if is_mail(name)]
    assert len(mails) >= 3
    for name in mails:
        text = (TEMPLATES / name).with_suffix(".txt").read_text()
        assert "extends 'outbox/mail.txt'" in text


@pytest.mark.parametrize("file", OWN)
def test_htmx_is_spoken_as_version_4_does(file):
    assert found(NOT_HTMX_4, template_text(file)) == []


@pytest.mark.parametrize("file", ALL)
def test_nothing_is_inline(file):
    # Mail programs fetch no style sheet: every mail takes along the one element of its layout.
    allowed = {r"<style\b"} if file == TEMPLATES / "outbox" / "mail.html" else set()
    patterns = {sign: reason for sign, reason in INLINE.items() if sign not in allowed}
    assert found(patterns, template_text(file)) == []


@pytest.mark.parametrize("file", OWN)
def test_no_text_is_turned_into_code(file):
    assert re.findall(IN_SCRIPTS, template_text(file)) == []
    assert "|safe" not in template_text(file).replace(" ", "")
    assert "autoescape" not in template_text(file)


@pytest.mark.parametrize("file", [*ALL, *STYLES])
def test_nothing_comes_from_a_third_party(file):
    assert (
        re.findall(r"(?:src|url)\s*[=(]\s*[\"']?(?:https?:)?//[^\"')\s]+", file.read_text()) == []
    )
    assert re.findall(r"@import\s+[^;]*//", file.read_text()) == []


@pytest.mark.parametrize("file", STYLES)
def test_styles_know_no_left_and_right(file):
    bare = re.sub(r"/\*.*?\*/", "", file.read_text(), flags=re.DOTALL)
    assert [hit.group(0) for hit in re.finditer(NOT_LOGICAL, bare)] == []


@pytest.mark.parametrize(
    ("text", "patterns"),
    [
        ('<div hx-on:click="x()">', NOT_HTMX_4),
        ('<form hx-disabled-elt="this">', NOT_HTMX_4),
        ('<div hx-trigger="keyup[ctrlKey]">', NOT_HTMX_4),
        ('document.addEventListener("htmx:afterSwap", x)', NOT_HTMX_4),
        ('<p style="color: red">', INLINE),
        ("<script>1</script>", INLINE),
        ('<a onclick="x()">', INLINE),
    ],
)
def test_what_is_forbidden_is_found(text, patterns):
    """The control of the searches above."""
    assert found(patterns, text) != []


@pytest.mark.parametrize(
    "text",
    [
        '<form hx-post="/x" hx-disable="this" hx-sync="this:drop">',
        '<div hx-trigger="every 2s" hx-status:4xx="swap:none">',
        'document.addEventListener("htmx:after:swap", x)',
        '<script src="{{ static_url(x) }}" defer></script>',
        '<input name="once" data-style="x">',
    ],
)
def test_what_is_allowed_is_not_found(text):
    assert found(NOT_HTMX_4 | INLINE, text) == []
