"""What a first visit to a page costs on the wire: the page and all it loads, as a browser asks."""

from __future__ import annotations

import html
import re
from typing import NamedTuple
from urllib.parse import urljoin

from bench.rig.people import Browser
from bench.rig.watching import unpack

ENCODINGS = "gzip, deflate, br"
LOADED = re.compile(
    r"""<link\b[^>]*?\bhref="([^"]+)"|<(?:script|img|source)\b[^>]*?\bsrc="([^"]+)"|"""
    r"""<use\b[^>]*?\bhref="([^"#]+)"""
)
LINK = re.compile(r"<link\b[^>]*>")
IN_CSS = re.compile(r"""url\(\s*["']?([^"')]+)["']?\s*\)|@import\s+["']([^"']+)["']""")


class Loaded(NamedTuple):
    """One thing that a page loads."""

    path: str
    body: int
    """Bytes of its body as sent."""
    head: int
    """Bytes of the answer's head."""
    encoding: str


def visit(browser: Browser, path: str) -> list[Loaded]:
    """A page and everything that it and its style sheets name, each once.

    Every font that a style sheet names is counted, though a browser fetches those it needs.
    """
    loaded: dict[str, Loaded] = {}
    queue = [path]
    for one in queue:
        if one in loaded:
            continue
        answer = browser.get(one, Accept_Encoding=ENCODINGS)
        if answer.status != 200:
            raise ValueError(f"{one} answered {answer.status}")
        head = 17 + sum(len(name) + len(value) + 4 for name, value in answer.headers.items())
        encoding = answer.headers.get("Content-Encoding", "")
        loaded[one] = Loaded(one, len(answer.body), head, encoding)
        queue += named_in(one, answer.headers.get_content_type(), unpack(answer.body, encoding))
    return list(loaded.values())


def named_in(path: str, kind: str, body: bytes) -> list[str]:
    """The addresses on this host that a page or a style sheet loads."""
    if kind == "text/html":
        text = LINK.sub(lambda link: link[0] if _is_loaded(link[0]) else "", body.decode())
        found = [next(filter(None, match.groups())) for match in LOADED.finditer(text)]
    elif kind == "text/css":
        found = [match[1] or match[2] for match in IN_CSS.finditer(body.decode())]
    else:
        found = []
    addresses = (urljoin(path, html.unescape(each)) for each in found)
    return [each.partition("#")[0] for each in addresses if each.startswith("/")]


def _is_loaded(link: str) -> bool:
    # Links to other pages, languages and feeds load nothing.
    kinds = re.search(r'rel="([^"]+)"', link)
    return bool(kinds and {"stylesheet", "preload", "icon", "manifest"} & set(kinds[1].split()))
