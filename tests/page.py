"""A person's browser without JavaScript, that looks twice at every answer it gets."""

from __future__ import annotations

import contextvars
from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit
from uuid import uuid4
from xml.etree.ElementTree import Element

from flask import Flask, has_app_context
from flask_wtf.csrf import generate_csrf
from werkzeug.test import TestResponse

from app.database import db
from tests.html_rules import ORIGIN, accessible_name, find_faults, is_page, parse
from tests.selecting import select

Result = TypeVar("Result")


class Answer:
    """What came back: `status`, `headers`, `text`, `json`, and questions about the HTML."""

    def __init__(self, response: TestResponse) -> None:
        self.response = response
        self.status = self.status_code = response.status_code
        self.headers = response.headers
        self.is_html = response.mimetype == "text/html"

    @property
    def text(self) -> str:
        """The body as it came."""
        return self.response.get_data(as_text=True)

    @property
    def json(self) -> Any:
        """The body read as JSON."""
        return self.response.get_json()

    @property
    def location(self) -> str:
        """Where a redirect leads: path and query."""
        return self.headers["Location"].removeprefix(ORIGIN)

    @property
    def is_page(self) -> bool:
        """Whether it is a whole page, not a fragment."""
        return self.is_html and is_page(self.text)

    @property
    def tree(self) -> Element:
        """The parsed HTML."""
        return parse(self.text)[0]

    def select(self, selector: str) -> list[Element]:
        """All elements that match: `form#report input[name=people]`, `ul > li.late`."""
        return select(self.tree, selector)

    def one(self, selector: str) -> Element:
        """The one element that matches."""
        found = self.select(selector)
        assert len(found) == 1, f"{len(found)} elements match {selector!r} in\n{self.text}"
        return found[0]

    def words(self, selector: str = "body") -> str:
        """What a person reads there, single-spaced; hidden text included."""
        return " ".join("".join(self.one(selector).itertext()).split())

    def names(self, selector: str) -> list[str]:
        """The accessible name of each element that matches."""
        return [accessible_name(element) for element in self.select(selector)]

    def fields(self, selector: str = "form") -> dict[str, str]:
        """What the form would send as it stands; the buttons and the token left out."""
        values = {}
        for field in select(self.one(selector), "[name]"):
            if field.tag == "select":
                options = select(field, "option")
                chosen = [o for o in options if o.get("selected") is not None] or options[:1]
                values |= {str(field.get("name")): str(o.get("value")) for o in chosen}
            elif field.tag == "textarea":
                values[str(field.get("name"))] = "".join(field.itertext()).removeprefix("\n")
            elif _is_sent(field):
                values[str(field.get("name"))] = field.get("value") or ""
        values.pop("csrf_token", None)
        return values


class PageClient:
    """Gets and posts by endpoint name or path, as one person, and checks each HTML answer."""

    def __init__(self, app: Flask, *, cookies: Mapping[str, str] | None = None) -> None:
        self.app = app
        self.browser = app.test_client()
        for name, value in (cookies or {}).items():
            self.browser.set_cookie(name, value)

    def get(self, where: str, **how: Any) -> Answer:
        """GET an endpoint (`ana.get("board.show_event", slug="lisbon")`) or a path.

        `htmx=True` asks for the fragment; `status` asserts the status; `query`, `headers`.
        """
        return self._open("GET", where, **how)

    def post(self, where: str, data: Any = None, *, csrf: bool = True, **how: Any) -> Answer:
        """POST with a CSRF token as the header would carry it; `csrf=False` leaves it out."""
        headers = {"Origin": ORIGIN} | dict(how.pop("headers", None) or {})
        if csrf:
            headers.setdefault("X-CSRFToken", self.csrf_token())
        return self._open("POST", where, data=data or {}, headers=headers, **how)

    def submit(self, page: Answer, selector: str = "form", **changes: Any) -> Answer:
        """Send a form of a page as a browser would, some fields changed."""
        form = page.one(selector)
        tokens = [str(e.get("value")) for e in select(form, "input[name=csrf_token]")]
        data = page.fields(selector) | {"csrf_token": "".join(tokens)} | changes
        return self.post(str(form.get("action")), data, csrf=False)

    def press(self, **how: Any) -> Answer:
        """Log one letter at the device's table and ask for JSON; any field can be said."""
        data = {"op": str(uuid4()), "case": "amina", "kind": "handwritten_letter", "quantity": "1"}
        asks = {k: how.pop(k) for k in ("status", "csrf", "headers", "htmx") if k in how}
        if not asks.get("htmx"):
            asks["headers"] = {"Accept": "application/json"} | dict(asks.get("headers") or {})
        return self.post("letters.log_press", data | how, **asks)

    def csrf_token(self) -> str:
        """A token that belongs to this browser's session."""
        return in_clean_context(self._mint_token)

    def _mint_token(self) -> str:
        with self.browser.session_transaction() as kept, self.app.test_request_context():
            from flask import session

            session.update(kept)
            token = generate_csrf()
            kept.update(session)
        return str(token)

    def _open(
        self,
        method: str,
        where: str,
        *,
        htmx: bool = False,
        status: int | None = None,
        query: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        data: Any = None,
        **values: Any,
    ) -> Answer:
        path = where if where.startswith("/") else self.url(where, **values)
        path += f"?{urlencode(query)}" if query else ""
        sent = {"HX-Request": "true"} if htmx else {}
        if has_app_context():
            db.session.rollback()  # the test's own snapshot must not outlive the request
        response = in_clean_context(
            lambda: self.browser.open(
                path, method=method, headers=sent | dict(headers or {}), data=data, buffered=True
            )
        )
        answer = Answer(response)
        self._check(answer, f"{method} {path}", htmx=htmx, status=status)
        return answer

    def url(self, endpoint: str, **values: Any) -> str:
        """The path of an endpoint."""
        return self.app.url_map.bind("localhost").build(endpoint, values)

    def _check(self, answer: Answer, request: str, *, htmx: bool, status: int | None) -> None:
        shown = f"{request} answered {answer.status}"
        assert answer.status < 500, f"{shown}\n{answer.text}"
        assert status in (None, answer.status), f"{shown} instead of {status}\n{answer.text}"
        faults = header_faults(answer)
        if answer.is_html and answer.text:
            faults += find_faults(answer.text, self.app)
            has_two_answers = "HX-Request" in answer.headers.get("Vary", "")
            if htmx and answer.is_page == has_two_answers:
                faults.append("a whole page for htmx, or a fragment without Vary: HX-Request")
        if answer.status in (302, 303):
            host = urlsplit(answer.headers["Location"]).netloc
            faults += [f"redirects to {host}"] if host not in ("", "localhost") else []
        assert not faults, "\n".join([shown, *faults, answer.text])


def header_faults(answer: Answer) -> list[str]:
    """What the headers of any answer of ours must say, and do not."""
    policy = answer.headers.get("Content-Security-Policy", "")
    faults = []
    if "default-src 'none'" not in policy or "unsafe" in policy:
        faults.append(f"the policy is {policy!r}")
    if answer.headers.get("X-Content-Type-Options") != "nosniff":
        faults.append("no nosniff")
    if answer.status == 302:
        faults.append("302 leaves open what the browser does next: 303 says it")
    return faults


def in_clean_context(act: Callable[[], Result]) -> Result:
    """Run without the test's app context, so that each request gets its own, as it would live."""
    return contextvars.Context().run(act)


def _is_sent(field: Element) -> bool:
    if field.tag != "input" or field.get("type") in ("submit", "button", "image", "file"):
        return False
    return field.get("type") not in ("checkbox", "radio") or field.get("checked") is not None
