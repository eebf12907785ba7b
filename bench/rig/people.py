"""People over HTTP: a browser with cookies, devices that join tables, organisers who sign in."""

from __future__ import annotations

import html
import http.client
import json
import re
import time
import uuid
from typing import Any, NamedTuple
from urllib.parse import urlencode

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"|value="([^"]+)"[^>]*name="csrf_token"')

IDLE = 10.0
"""Seconds after which a connection is made anew, because the server may have let it go."""


class Answer(NamedTuple):
    """What came back."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Browser:
    """One person's browser: a keep-alive connection and its cookies, no JavaScript."""

    def __init__(self, port: int, *, timeout: float = 30) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
        self.cookies: dict[str, str] = {}
        self._used_at = time.monotonic()

    def get(self, path: str, **headers: str) -> Answer:
        """GET; header names take underscores for hyphens."""
        return self._ask("GET", path, None, headers)

    def post(self, path: str, form: dict[str, Any], **headers: str) -> Answer:
        """POST a form just as it is."""
        headers["Content_Type"] = "application/x-www-form-urlencoded"
        return self._ask("POST", path, urlencode(form).encode(), headers)

    def submit(self, page: str, form: dict[str, Any], *, to: str = "") -> Answer:
        """Load a page, and post its form with its token; raises ValueError unless it went well."""
        token = csrf_token_in(self.get(page).text)
        answer = self.post(to or page, {"csrf_token": token, **form})
        if answer.status not in (200, 303):
            raise ValueError(f"{to or page} answered {answer.status}: {answer.text[:500]}")
        return answer

    def cookie_header(self) -> str:
        """Its cookies as it sends them."""
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def _ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.cookies:
            sent["Cookie"] = self.cookie_header()
        if time.monotonic() - self._used_at > IDLE:
            self.connection.close()
        self._used_at = time.monotonic()
        try:
            self.connection.request(method, path, body, sent)
            response = self.connection.getresponse()
            answer = Answer(response.status, response.headers, response.read())
        except (http.client.HTTPException, OSError):
            # The next request starts on a fresh connection.
            self.connection.close()
            raise
        for line in answer.headers.get_all("Set-Cookie", []):
            name, _, rest = line.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        return answer


def csrf_token_in(page: str) -> str:
    """The token in a page's first form; raises ValueError when there is none."""
    found = TOKEN.search(page)
    if not found:
        raise ValueError(f"no form in: {page[:500]}")
    return html.unescape(found[1] or found[2])


class Device:
    """A phone at a table: what its presses carry."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.csrf_token: str = browser.get("/table/token").json["csrf_token"]

    def press(self, op: str, **form: Any) -> Answer:
        """Press as the page's script does, by default one hand-written letter."""
        fields = {"op": op, "kind": "handwritten_letter", "quantity": 1, **form}
        return self.browser.post(
            "/table/letters", fields, Accept="application/json", X_CSRFToken=self.csrf_token
        )


def join(port: int, code: str) -> Device:
    """Join the table with this code; raises ValueError when it does not let one in."""
    browser = Browser(port)
    browser.submit(f"/join/{code}", {})
    return Device(browser)


def sign_in(port: int, email: str, password: str) -> Browser:
    """A browser of somebody who has signed in; raises ValueError when they may not."""
    browser = Browser(port)
    answer = browser.submit("/sign-in", {"email": email, "password": password})
    if answer.status != 303:
        raise ValueError(f"{email} could not sign in")
    return browser


def new_op() -> str:
    """An op as a browser mints it."""
    return str(uuid.uuid4())
