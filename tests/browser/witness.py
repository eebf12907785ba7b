"""Somebody who looks over a browser's shoulder: whom it asks, what it refuses, what breaks."""

from __future__ import annotations

from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Error, Request, WebError

POLICY = "Content Security Policy"


class Witness:
    """What happened in a browser context since it was opened."""

    def __init__(self, context: BrowserContext) -> None:
        self.hosts: set[str] = set()
        self.violations: list[str] = []
        self.errors: list[str] = []
        context.on("request", self._note_request)
        context.on("console", self._note_words)
        context.on("weberror", self._note_error)

    def _note_request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        self.hosts.add(parts.netloc or f"{parts.scheme}:")

    def _note_words(self, message: ConsoleMessage) -> None:
        if POLICY in message.text:
            self.violations.append(message.text)

    def _note_error(self, failed: WebError) -> None:
        error = failed.error
        self.errors.append((error.stack or str(error)) if isinstance(error, Error) else str(error))

    def check(self, host: str) -> None:
        """Nothing was refused, nothing broke, and nobody but our own server was asked."""
        assert self.violations == []
        assert self.errors == []
        assert self.hosts <= {host}
