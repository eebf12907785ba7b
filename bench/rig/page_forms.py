"""What a page offers to whoever reads it: its links and its forms, as a browser would send them."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import NamedTuple
from urllib.parse import urlsplit


class Form(NamedTuple):
    """Where a form leads, and what it would send; a choice has several values."""

    action: str
    fields: dict[str, list[str]]
    files: set[str]


class Page(HTMLParser):
    """Reads one page: `links` without their fragments, `forms` of method POST."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[Form] = []
        self._open: Form | None = None
        self._chooses = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """Note what the tag offers."""
        said = {name: value or "" for name, value in attributes}
        if tag == "a" and said.get("href", "").startswith("/"):
            self.links.append(said["href"].partition("#")[0])
        elif tag == "form":
            self._open = Form(urlsplit(said.get("action", "")).path, {}, set())
            if said.get("method", "").lower() == "post":
                self.forms.append(self._open)
        elif self._open:
            self._read_field(tag, said)

    def handle_endtag(self, tag: str) -> None:
        """A form ends."""
        self._open = None if tag == "form" else self._open

    def _read_field(self, tag: str, said: dict[str, str]) -> None:
        name = said.get("name", "")
        if tag == "option":
            self._add(self._chooses, said.get("value", ""))
        elif tag == "select":
            self._chooses = name
        elif tag == "input" and said.get("type") == "file":
            self._open and self._open.files.add(name)
        elif tag in ("input", "textarea", "button"):
            self._add(name, said.get("value", ""))

    def _add(self, name: str, value: str) -> None:
        if self._open and name and name != "csrf_token":
            self._open.fields.setdefault(name, []).append(value)
