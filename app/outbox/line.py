"""The line to the mail server: to open it, to hand a mail over, and whose fault it is if not."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from app.config import Settings
from app.setting_values import MailServer

if TYPE_CHECKING:
    from smtplib import SMTP

PATIENCE = 30.0
"""Seconds that the server may take for any one answer."""
PATIENCE_AT_THE_END = 2.0
CLOSING = 421
TOO_LARGE = 552
LONGEST_SAYING = 300


class Trouble(Exception):
    """A mail was not handed over; `code` is the server's number, `said` its words, if any.

    Only whoever tries a mail to themselves is shown the words: they may hold an address.
    """

    def __init__(self, reason: str, code: int | None = None, said: bytes | str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.code = code
        words = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
        self.said = " ".join(words.split())[:LONGEST_SAYING]


class ServerAway(Trouble):
    """The server could not be reached, or lets us send nothing at all: no mail's fault."""


class LineBroken(Trouble):
    """The line broke while a mail was under way: the mail's fault, or the server's."""


class Refused(Trouble):
    """The server said no to this mail; for good (5xx) or for now (4xx)."""

    @property
    def is_final(self) -> bool:
        """Whether there is no use in trying again."""
        return (self.code or 0) >= 500


class Line:
    """An open line; raises ServerAway when it cannot be opened."""

    def __init__(self, settings: Settings, *, patience: float = 0) -> None:
        assert settings.smtp_url
        self.sender = settings.mail_from[1]
        self._smtp = _open(settings.smtp_url, _own_name(settings), patience or PATIENCE)

    def __enter__(self) -> Line:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: object, trace: TracebackType | None
    ) -> None:
        self.close()

    def hand_over(self, data: bytes, to: str) -> int:
        """Give the server one mail; its code for yes. Raises ServerAway, LineBroken, Refused."""
        import smtplib

        try:
            code, said = self._smtp.mail(self.sender)
            if code == TOO_LARGE:
                raise Refused("content", code, said)
            if code != 250:
                raise ServerAway("sender", code, said)
            code, said = self._smtp.rcpt(to)
            if code not in (250, 251):
                raise _refusal("address", code, said)
            code, said = self._smtp.data(data)
            if code != 250:
                raise _refusal("content", code, said)
        except smtplib.SMTPDataError as error:
            raise _refusal("content", error.smtp_code, error.smtp_error) from None
        except (OSError, smtplib.SMTPException) as error:
            raise LineBroken("broken", getattr(error, "smtp_code", None)) from None
        return int(code)

    def forget(self) -> bool:
        """Leave a mail that was refused behind; whether the line can carry another."""
        import smtplib

        try:
            return bool(self._smtp.rset()[0] == 250)
        except (OSError, smtplib.SMTPException):
            return False

    def close(self) -> None:
        """Hang up; whatever is to be said was said."""
        import smtplib

        try:
            if self._smtp.sock:
                self._smtp.sock.settimeout(PATIENCE_AT_THE_END)
            self._smtp.quit()
        except (OSError, smtplib.SMTPException):
            self._smtp.close()


def _open(server: MailServer, own_name: str, patience: float) -> SMTP:
    import smtplib
    import ssl

    smtp: SMTP | None = None
    try:
        if server.tls == "wrap":
            context = ssl.create_default_context()
            smtp = smtplib.SMTP_SSL(
                server.host, server.port, own_name, timeout=patience, context=context
            )
        else:
            smtp = smtplib.SMTP(server.host, server.port, own_name, timeout=patience)
        if server.tls == "start":
            smtp.starttls(context=ssl.create_default_context())
        smtp.ehlo_or_helo_if_needed()
        if server.user:
            smtp.login(server.user, server.password)
    except (OSError, UnicodeError) as error:
        if smtp is not None:
            smtp.close()
        raise _away(error) from None
    return smtp


def _away(error: OSError | UnicodeError) -> ServerAway:
    """Why a line could not be opened, as one word."""
    import smtplib
    import ssl

    code, said = getattr(error, "smtp_code", None), getattr(error, "smtp_error", "")
    if isinstance(error, smtplib.SMTPAuthenticationError | UnicodeError):
        return ServerAway("login", code, said)
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return ServerAway("tls" if "STARTTLS" in str(error) else "login")
    if isinstance(error, ssl.SSLError):
        return ServerAway("tls", None, error.reason or "")
    if isinstance(error, smtplib.SMTPException) and code:
        return ServerAway("busy", code, said)
    if isinstance(error, smtplib.SMTPServerDisconnected):
        # Which is also what the library makes of an answer that never came.
        return ServerAway("silent" if "timed out" in str(error) else "broken")
    if isinstance(error, TimeoutError):
        return ServerAway("silent")
    return ServerAway("unreachable", None, getattr(error, "strerror", "") or "")


def _refusal(reason: str, code: int, said: bytes | str) -> Trouble:
    if code == CLOSING:
        return LineBroken("broken", code, said)
    return Refused(reason, code, said)


def _own_name(settings: Settings) -> str:
    """How we greet: a name, or an address as mail servers write one."""
    host = urlsplit(settings.public_url).hostname or "localhost"
    if ":" in host:
        return f"[IPv6:{host}]"
    return f"[{host}]" if host.replace(".", "").isdigit() else host
