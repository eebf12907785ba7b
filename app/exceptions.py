"""The domain's words for "no"; `error_pages` turns them into answers."""

from __future__ import annotations


class Refusal(Exception):
    """A request the domain declines.

    `message` is a translated sentence for the person; `field` names the form field to mend, if
    one is at fault; `error` is the stable word for it on the wire.
    """

    status = 400
    error = "refused"

    def __init__(self, message: str = "", *, field: str | None = None, error: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.error = error or type(self).error


class NotFound(Refusal):
    """There is nothing here, or nothing this person may know of."""

    status = 404
    error = "not_found"


class NotSignedIn(Refusal):
    """Nobody is known behind the request: no device, no session."""

    status = 401
    error = "not_signed_in"


class NotAllowed(Refusal):
    """The person is known and may not do this."""

    status = 403
    error = "not_allowed"


class Conflict(Refusal):
    """Somebody was faster, or this was already done differently."""

    status = 409
    error = "conflict"


class RuleBroken(Refusal):
    """The input is well-formed but a rule of the marathon says no; `field` says where to mend."""

    status = 422
    error = "rule_broken"


class TooMany(Refusal):
    """A limit is used up; `retry_after` is in whole seconds, at least one."""

    status = 429
    error = "too_many"

    def __init__(self, message: str = "", *, retry_after: int, error: str = "") -> None:
        super().__init__(message, error=error)
        self.retry_after = max(1, retry_after)
