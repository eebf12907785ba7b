"""What the page client would say to pages that break a rule: the control of every page test."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.html_rules import find_faults, parse
from tests.page import Answer, header_faults
from tests.selecting import select

PAGE = """<!DOCTYPE html>
<html lang="en" dir="ltr"><head><title>Letters</title></head><body>
<h1>Letters</h1>
<a href="/read">Read</a> <a hx-get="/read?more=1" href="/read?more=1">More</a>
<form method="post" action="/write" hx-post="/write" id="write">
<input type="hidden" name="csrf_token" value="x"><label for="name">Name</label>
<input id="name" type="text" name="name"><label>Place <input type="text" name="place"></label>
<button>Write</button><button aria-label="Close"><svg aria-hidden="true"></svg></button></form>
<img src="/read" alt=""> <a href="https://example.org/">Source</a> <a href="#write">Down</a>
<div id="tally" hx-get="/read" hx-trigger="every 2s"></div>
<script type="application/json">{}</script>
<svg viewBox="0 0 1 1" aria-hidden="true"><path d="M0 0h1"/></svg></body></html>"""
FRAGMENT = '<li id="one"><a href="/read">Read</a></li>\n'


@pytest.fixture(scope="module")
def small():
    app = Flask("small")
    app.add_url_rule("/read", "read", lambda: "")
    app.add_url_rule("/write", "write", lambda: "", methods=["POST"])
    return app


@pytest.mark.parametrize("html", [PAGE, FRAGMENT, '<tr id="x"><td>1</td></tr>'])
def test_a_good_one_has_no_faults(small, html):
    assert find_faults(html, small) == []


@pytest.mark.parametrize(
    ("good", "bad", "fault"),
    [
        ("<h1>Letters</h1>", "", "0 h1"),
        ("<h1>Letters</h1>", "<h1>Letters</h1><h1>More</h1>", "2 h1"),
        ("<h1>Letters</h1>", "<h1>Letters", "end tag"),
        ("<title>Letters</title>", "<title></title>", "no title"),
        (' dir="ltr"', "", "dir="),
        (' lang="en"', "", "lang"),
        ('id="tally"', 'id="write"', "used 2 times"),
        ('for="name"', 'for="nom"', "has no label"),
        ('for="name"', 'for="nom"', "refers to nothing"),
        ('href="#write"', 'href="#right"', "leads to nothing"),
        ("<button>Write</button>", "<button></button>", "has no name"),
        (' aria-label="Close"', "", "has no name"),
        (' alt=""', "", "has no alt"),
        (' type="text"', "", "does not say its type"),
        ("<button>", '<button onclick="x()">', "carries onclick"),
        ("<button>", '<button hx-on:click="x()">', "carries hx-on"),
        ("<button>", '<button style="color: red">', "carries style"),
        ('type="application/json"', "", "inline script"),
        ("</head>", "<style></style></head>", "inline style"),
        ('href="/read">Read', 'href="javascript:x()">Read', "script in href"),
        ('href="/read">Read', 'href="/red">Read', "is no route"),
        ('src="/read"', 'src="https://example.org/x.png"', "third party"),
        ('action="/write"', 'action="/read"', "is no route"),
        ('action="/write"', "", "has no action"),
        ('name="csrf_token"', 'name="token"', "without csrf_token"),
        ('name="csrf_token" value="x"', 'name="csrf_token"', "without csrf_token"),
        ('method="post"', 'method="get"', "shows its csrf_token"),
        ('hx-post="/write"', 'hx-post="/read"', "hx-post"),
        ('hx-get="/read?more=1"', 'hx-get="/write"', "hx-get"),
        ("<label>Place <input", "<label>Place <p></p><input", "stands in"),
        ("<h1>", "<table><tr><th><details></details></table><h1>", "stands in"),
        (
            'type="text" name="place"',
            'type="checkbox" name="place" autocomplete="off"',
            "has autocomplete",
        ),
        (' hx-trigger="every 2s"', "", "no link or form"),
    ],
)
def test_a_fault_on_a_page_is_named(small, good, bad, fault):
    assert good in PAGE
    assert any(fault in said for said in find_faults(PAGE.replace(good, bad, 1), small))


@pytest.mark.parametrize(
    ("fragment", "fault"),
    [
        ("<p>no id</p>", "not one with an id"),
        ('<p id="a">1</p><p id="b">2</p>', "not one with an id"),
        ('<p id="a">1</p> and more', "loose text"),
    ],
)
def test_a_fault_of_a_fragment_is_named(small, fragment, fault):
    assert any(fault in said for said in find_faults(fragment, small))


def test_weak_headers_are_named(small):
    @small.route("/weak")
    def weak():
        return "", 302, {"Content-Security-Policy": "default-src 'none' 'unsafe-inline'"}

    assert len(header_faults(Answer(small.test_client().get("/weak")))) == 3


@pytest.mark.parametrize(
    ("selector", "count"),
    [
        ("a", 4),
        ("form > input", 2),
        ("form input", 3),
        ("form>label input[name=place]", 1),
        ("#write", 1),
        ("[hx-get]", 2),
        ('a[href^="/read"]', 2),
        ("a[href*=example]", 1),
        ("html > a", 0),
        ("svg path", 1),
    ],
)
def test_selectors_find_what_css_would(selector, count):
    assert len(select(parse(PAGE)[0], selector)) == count
