"""What the server says on standard error: JSON lines that name no person, path or address."""

from __future__ import annotations

import functools
import json
import logging
import sys
import time
import traceback
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

from flask import Flask, current_app, g, has_request_context, request
from jinja2 import TemplateError
from sqlalchemy.exc import OperationalError
from werkzeug.routing import BuildError

from app.clock import now
from app.config import Settings

# Their messages come from the code or the machine, never from what somebody sent.
HARMLESS = (AttributeError, ImportError, NameError, OSError, TemplateError, TypeError)
MOST_CAUSES = 5
METHODS = ("GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE")

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]


class JsonLines(logging.Formatter):
    """One JSON object a line; `fields` of a record come as they are."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "message": record.getMessage(),
        }
        if has_request_context():
            line["request_id"] = g.get("request_id")
        line |= getattr(record, "fields", {})
        if record.exc_info and record.exc_info[1]:
            line["exceptions"] = describe(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False)


class StandardError(logging.StreamHandler[Any]):
    """Writes to whatever standard error is at that moment."""

    def __init__(self) -> None:
        super().__init__(sys.stderr)
        self.setFormatter(JsonLines())

    def emit(self, record: logging.LogRecord) -> None:
        self.stream = sys.stderr
        super().emit(record)


def init_app(app: Flask, settings: Settings) -> None:
    """Send what the app logs to standard error, and nothing else with it."""
    app.logger.handlers[:] = [StandardError()]
    app.logger.propagate = False
    app.logger.setLevel(settings.log_level.upper())
    app.log_exception = lambda exc_info: log_exception(app, exc_info)  # type: ignore[method-assign]


def note_request(status: int, *, since: float) -> None:
    """One line a request, written past the logging machinery: it is the hottest line there is."""
    if current_app.logger.isEnabledFor(logging.INFO):
        spent = round((time.perf_counter() - since) * 1000, 1)
        when = now().isoformat(timespec="milliseconds")
        # All that stands between quotation marks here is ours.
        sys.stderr.write(
            f'{{"time": "{when}", "level": "info", "message": "request", '
            f'"request_id": "{g.request_id}", {_where_in_json(**where())}, '
            f'"status": {status}, "ms": {spent}}}\n'
        )


@functools.lru_cache(maxsize=512)
def _where_in_json(**where: str | None) -> str:
    return json.dumps(where)[1:-1]


def log_exception(app: Flask, exc_info: Any) -> None:
    """Log what broke; Flask's own line would hold the path, which may be a table's code."""
    app.logger.error("exception", exc_info=exc_info, extra={"fields": where()})


def where() -> dict[str, Any]:
    """The request by its rule: a path may carry a code or a token, a rule never does."""
    rule = request.url_rule
    return {
        "method": request.method if request.method in METHODS else "other",
        "endpoint": request.endpoint,
        "rule": rule.rule if rule else None,
    }


def describe(exception: BaseException) -> list[dict[str, Any]]:
    """An exception and its causes: types and places in the code, no locals, no values."""
    described: list[dict[str, Any]] = []
    cause: BaseException | None = exception
    while cause is not None and len(described) < MOST_CAUSES:
        stack = traceback.extract_tb(cause.__traceback__)
        one = {
            "type": type(cause).__qualname__,
            "traceback": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in stack],
        }
        message = _harmless_message(cause)
        described.append(one | {"message": message} if message else one)
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
    return described


def _harmless_message(exception: BaseException) -> str:
    if isinstance(exception, OperationalError):
        # Without the statement and its parameters.
        return str(exception.orig).partition("\n")[0]
    if isinstance(exception, OSError):
        return exception.strerror or ""
    if isinstance(exception, BuildError):
        return str(exception.endpoint)
    return str(exception) if isinstance(exception, HARMLESS) else ""
