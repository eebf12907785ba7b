"""Mails, and what went wrong with them, in words."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

KINDS = {
    "cancellation": _l("event cancelled"),
    "confirmation": _l("signed up"),
    "invitation": _l("invitation"),
    "ended": _l("place lost"),
    "moved": _l("event moved"),
    "offer": _l("seat offered"),
    "password": _l("new password"),
    "reinstated": _l("event held after all"),
    "thanks": _l("thank-you"),
    "today": _l("reminder on the day"),
    "tomorrow": _l("reminder the day before"),
}
REASONS = {
    "address": _l("The mail server did not take the address."),
    "content": _l("The mail server did not take the mail."),
    "broken": _l("The line to the mail server broke each time."),
    "unreadable": _l("It cannot be read or written any more."),
}
"""Why a mail was parked."""
SERVER = {
    "unreachable": _l("The mail server cannot be reached."),
    "silent": _l("The mail server does not answer."),
    "tls": _l("The line to the mail server cannot be made safe."),
    "login": _l("The mail server does not take our user and password."),
    "sender": _l("The mail server does not let us write as the address we gave."),
    "busy": _l("The mail server turns us away for now."),
    "broken": _l("The mail server hangs up while we talk to it."),
}
"""Why nothing can be sent."""
MENDS = {
    "unreachable": _l("Check name and port in LETTERTALLY_SMTP_URL, and the machine’s network."),
    "silent": _l("Check the port in LETTERTALLY_SMTP_URL: 587 for smtp://, 465 for smtps://."),
    "tls": _l("Check the name in LETTERTALLY_SMTP_URL: it must be that of its certificate."),
    "login": _l("Check user and password in LETTERTALLY_SMTP_URL."),
    "sender": _l("Check LETTERTALLY_MAIL_FROM: it must be an address that this user may write as."),
    "busy": _l("Wait a little; it is tried again by itself."),
    "broken": _l("It is tried again by itself. If it stays so, ask whoever runs the mail server."),
    "address": _l("Check the address of your account."),
    "content": _l("Ask whoever runs the mail server why, and show them the answer."),
    "unreadable": _l("Check the address of your account."),
}
"""What to do about it."""


def kind_in_words(kind: str) -> str:
    """What a mail is; a kind without words of its own is told by its name."""
    return str(KINDS.get(kind, kind.replace("_", " ")))


def why_parked(reason: str) -> str:
    """Why it is not tried any more."""
    return str(REASONS.get(reason, REASONS["content"]))


def server_in_words(reason: str) -> str:
    """Why the server takes nothing."""
    return str(SERVER.get(reason, SERVER["busy"]))


def mend_in_words(reason: str) -> str:
    """What to do about it."""
    return str(MENDS.get(reason, MENDS["busy"]))


def told_in_words(reason: str, code: int | None, said: str) -> str:
    """What became of a test mail that was not taken: what happened, what to do, what was said."""
    what = SERVER.get(reason) or REASONS.get(reason, REASONS["content"])
    words = f"{what} {mend_in_words(reason)}"
    answer = f"{code or ''} {said}".strip()
    return f"{words} {_('It said: %(answer)s', answer=answer)}" if answer else words
