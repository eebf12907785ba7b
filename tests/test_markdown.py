"""What admins write in Markdown becomes HTML that can do nothing."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import html5lib
import pytest
from markdown_it import MarkdownIt

from app.markdown import _clean, _parser, markdown

PAYLOADS = json.loads((Path(__file__).parent / "data" / "payloads.json").read_text())
HEADINGS = {"h3", "h4", "h5", "h6"}
HARMLESS = HEADINGS | {"p", "br", "hr", "em", "strong", "a", "ul", "ol", "li", "blockquote"}


def find_danger(html: str) -> list[str]:
    """Elements, attributes and addresses that rendered Markdown may not have."""
    tree = html5lib.parseFragment(html, namespaceHTMLElements=False)
    danger = []
    for element in tree.iter():
        if element is tree:
            continue
        tag = element.tag if isinstance(element.tag, str) else "a comment"
        danger += [] if tag in HARMLESS else [tag]
        for name, value in element.attrib.items():
            is_fine = {
                "href": tag == "a" and re.match("https?://[^/]", value),
                "rel": value == "noopener noreferrer",
                "start": tag == "ol" and value.isdigit(),
            }
            danger += [] if is_fine.get(name) else [f"{tag} {name}={value}"]
    return danger


def test_no_payload_comes_through():
    assert len(PAYLOADS) >= 200
    came_through = {payload: find_danger(markdown(payload)) for payload in PAYLOADS}
    assert {payload: danger for payload, danger in came_through.items() if danger} == {}


def test_nor_two_of_them_that_stand_beside_each_other():
    texts = [f"{a}{b}" for a, b in zip(PAYLOADS, PAYLOADS[1:], strict=False)]
    texts += [f"*a* [x]({payload}) > {payload}\n- {payload}" for payload in PAYLOADS]
    assert {
        text: find_danger(markdown(text)) for text in texts if find_danger(markdown(text))
    } == {}


def test_shown_as_they_are_most_would_do_harm():
    """The control of the tests above."""
    assert sum(1 for payload in PAYLOADS if find_danger(payload)) > 150


def test_each_of_the_two_guards_holds_alone():
    open_hearted = MarkdownIt("commonmark", {"html": True})
    rendered = [open_hearted.render(payload) for payload in PAYLOADS]
    assert sum(1 for html in rendered if find_danger(html)) > 150
    assert [danger for html in rendered for danger in find_danger(_clean(html, set()))] == []
    parsed = " ".join(_parser().render(payload) for payload in PAYLOADS)
    assert set(re.findall("<([a-z0-9]+)", parsed)) <= HARMLESS | {"h1"}
    assert not re.search('href="(?!https?://)', parsed)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("One.\r\n\r\nTwo.", "<p>One.</p>\n<p>Two.</p>\n"),
        ("One,\ntwo.", "<p>One,<br>\ntwo.</p>\n"),
        ("**Now** and *then*", "<p><strong>Now</strong> and <em>then</em></p>\n"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
        ("4. d", '<ol start="4">\n<li>d</li>\n</ol>\n'),
        ("> said", "<blockquote>\n<p>said</p>\n</blockquote>\n"),
        ("First <b>part</b>", "<p>First &lt;b&gt;part&lt;/b&gt;</p>\n"),
        ("A line\n---", "<p>A line</p>\n<hr>\n"),
        ("    four blanks", "<p>four blanks</p>\n"),
        ("`so`", "<p>`so`</p>\n"),
        ("[1]: not a reference", "<p>[1]: not a reference</p>\n"),
        (
            "a picture: ![Her <i>desk](https://a.example/b.png)",
            "<p>a picture: Her &lt;i&gt;desk</p>\n",
        ),
        ("", ""),
    ],
)
def test_what_is_written_is_shown_so(written, shown):
    assert markdown(written) == shown


def test_links_lead_to_the_web_and_give_nothing_away():
    link = '<a href="https://example.org/?a=1&amp;b=2" rel="noopener noreferrer">there</a>'
    assert markdown("[there](https://example.org/?a=1&b=2)") == f"<p>{link}</p>\n"
    for elsewhere in ("/sign-out", "mailto:a@example.org", "//example.org", "https:///x"):
        assert "<a" not in markdown(f"[x]({elsewhere})")


def test_headings_stand_below_the_pages_own_and_skip_no_level():
    text = "### A\n\n###### B\n\n# C\n\n## D\n\n### E\n\n## F"
    assert re.findall("<(h[1-6])>(.)", markdown(text)) == [
        ("h3", "A"),
        ("h4", "B"),
        ("h3", "C"),
        ("h4", "D"),
        ("h5", "E"),
        ("h4", "F"),
    ]
    assert markdown("# A", top=2) == "<h2>A</h2>\n"


@pytest.mark.parametrize(
    "text",
    ["[" * 20_000, "*a " * 6_000, "> " * 10_000, "- " * 10_000, "![[" * 6_000, "<" * 20_000],
)
def test_a_text_that_means_to_be_slow_is_shown_all_the_same(text):
    assert find_danger(markdown(text)) == []


def test_a_server_that_shows_no_text_loads_no_parser():
    ask = "import sys, app.markdown as m; print('markdown_it' in sys.modules, 'nh3' in sys.modules)"
    told = subprocess.run(
        [sys.executable, "-c", ask], capture_output=True, text=True, check=True, timeout=60
    )
    assert told.stdout.split() == ["False", "False"]
