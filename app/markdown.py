"""Markdown of what admins write, as HTML that can do nothing: no raw HTML, no pictures, no code."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

DEEPEST = 6
REMEMBERED = 128
"""Texts whose HTML is kept, in each process: a season's cases in a few languages."""
NOT_OURS = ("html_block", "html_inline", "code", "fence", "backticks", "lheading", "reference")
"""Left as it was typed: four blanks, a line of dashes or a bracket are no code or heading here."""
TAGS = {"p", "br", "hr", "em", "strong", "a", "ul", "ol", "li", "blockquote"}
ATTRIBUTES: dict[str, set[str]] = {"*": set(), "a": {"href"}, "ol": {"start"}}
SCHEMES = {"http", "https"}


@functools.lru_cache(maxsize=REMEMBERED)
def markdown(text: str, top: int = 3) -> Markup:
    """`text` as HTML whose highest heading is `top`; a line end in it is a line end on the page.

    Put it into an element of class `prose` with the text's `lang` and `dir`, or `dir="auto"`.
    """
    parser = _parser()
    tokens = parser.parse(text)
    _shift_headings(tokens, top)
    headings = {f"h{level}" for level in range(top, DEEPEST + 1)}
    return Markup(_clean(parser.renderer.render(tokens, parser.options, {}), headings))


def plain(text: str) -> str:
    """`text` without its marks, for programs that show none; a link's address follows its words."""
    written, mark = "", ""
    for token in _parser().parse(text):
        if token.type == "list_item_open":
            mark = f"{token.info}{token.markup} " if token.info else "- "
        elif token.type == "inline":
            written += f"{mark}{_plain_line(token.children or ())}\n"
            mark = ""
        elif token.type.endswith("_close") and token.block and not token.hidden:
            written = written.rstrip("\n") + ("\n" if token.type == "list_item_close" else "\n\n")
    return written.strip()


def _plain_line(tokens: Sequence[Token]) -> str:
    line, begun, link = "", 0, ""
    for token in tokens:
        if token.type == "link_open":
            begun, link = len(line), str(token.attrGet("href"))
        elif token.type == "link_close" and link not in line[begun:]:
            line += f" ({link})"
        line += "\n" if token.type.endswith("break") else token.content
    return line


def _clean(html: str, headings: set[str]) -> str:
    """What the parser let through, by a fault of its own or of ours, ends here."""
    import nh3

    return nh3.clean(
        html,
        tags=TAGS | headings,
        attributes=ATTRIBUTES,
        attribute_filter=_filter_attribute,
        url_schemes=SCHEMES,
        link_rel="noopener noreferrer",
    )


def _filter_attribute(_tag: str, name: str, value: str) -> str | None:
    return value if name != "href" or _is_web_address(value) else None


@functools.cache
def _parser() -> MarkdownIt:
    # Loaded with the first text: a server that shows none need not hold it in memory.
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False, "breaks": True}).disable(NOT_OURS)
    parser.validateLink = _is_web_address  # type: ignore[method-assign]
    parser.add_render_rule("image", _show_words_alone)
    return parser


def _is_web_address(url: str) -> bool:
    return re.match("https?://[^/]", url, re.IGNORECASE) is not None


def _show_words_alone(_self: Any, tokens: Sequence[Token], index: int, *_more: Any) -> str:
    """A picture would be a request to somebody else: what it shows in words stays."""
    return str(escape(tokens[index].content))


def _shift_headings(tokens: Sequence[Token], top: int) -> None:
    """Let headings begin at `top` and never skip a level, however they were typed."""
    above: list[int] = []
    for token in tokens:
        if token.type == "heading_open":
            typed = int(token.tag[1:])
            above = [*(level for level in above if level < typed), typed]
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(top + len(above) - 1, DEEPEST)}"
