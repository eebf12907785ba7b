"""A request as Flask sees it, with less work for what comes all the time: small forms, known hosts.

Nothing is let through that Werkzeug would not: what is new or big is its own affair.
"""

from __future__ import annotations

import contextlib
from typing import Any
from urllib.parse import parse_qsl

from flask import Flask
from flask.wrappers import Request
from werkzeug.exceptions import ClientDisconnected
from werkzeug.routing import MapAdapter

FORM = "application/x-www-form-urlencoded"
SMALL = 4096
"""Bytes of a form that is read in one go, without a stream that watches its size."""
MOST_HOSTS = 64
"""Whoever asks chooses the port in its Host, so not every one is remembered."""


class Arrival(Request):
    """A request whose small form is read in one go."""

    def _load_form_data(self) -> None:
        length = self.environ.get("CONTENT_LENGTH") or ""
        is_small = length.isdecimal() and int(length) <= SMALL
        is_read = "form" in self.__dict__ or "stream" in self.__dict__
        if is_read or not is_small or self.environ.get("CONTENT_TYPE") != FORM:
            super()._load_form_data()
            return
        stream = self.environ["wsgi.input"]
        body = stream.read(int(length))
        if len(body) < int(length):
            raise ClientDisconnected
        pairs: list[tuple[str, str]] = []
        # As Werkzeug does: what is no text is an empty form.
        with contextlib.suppress(ValueError):
            pairs = parse_qsl(body.decode(), keep_blank_values=True, errors="werkzeug.url_quote")
        new = self.parameter_storage_class
        self.__dict__.update(stream=stream, form=new(pairs), files=new())


class KnowingHosts(Flask):
    """Flask, remembering which hosts were found to be ours."""

    request_class = Arrival

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._hosts: dict[tuple[str, str], str] = {}

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        """As Flask's, which looks at the host as if it had never seen it; a foreign one fails."""
        if request is None:
            return super().create_url_adapter(None)
        sent: str = request.environ.get("HTTP_HOST", "")
        named = request.environ["wsgi.url_scheme"], sent
        if named not in self._hosts:
            adapter = super().create_url_adapter(request)
            if sent and len(self._hosts) < MOST_HOSTS:
                self._hosts[named] = request.host
            return adapter
        request.trusted_hosts = self.config["TRUSTED_HOSTS"]
        request.host = self._hosts[named]
        subdomain = self.url_map.default_subdomain or ""
        return self.url_map.bind_to_environ(request.environ, subdomain=subdomain)

    def ensure_sync(self, func: Any) -> Any:
        """Nothing here is a coroutine: a question less of every function at every request."""
        return func
