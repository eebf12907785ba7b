"""A real mail server of our own that does as it is told: takes, refuses, stalls, hangs up."""

from __future__ import annotations

import contextlib
import email
import email.policy
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

OK = "250 OK"
Rule = Callable[[str], str]
"""What is answered for an address: a reply, or `hang up` or `take and hang up`."""


class _Office:
    """aiosmtpd's handler: asks the post office what to say."""

    def __init__(self, office: PostOffice) -> None:
        self.office = office

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.office.at_mail(address)
        if answer == OK:
            envelope.mail_from = address
        return answer

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.office.at_rcpt(address)
        if answer == "hang up":
            server.transport.close()
        if answer == OK:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        answer = self.office.at_data(envelope.rcpt_tos[0])
        if answer in (OK, "take and hang up"):
            self.office.taken.append((envelope.rcpt_tos[0], bytes(envelope.content or b"")))
        if answer.endswith("hang up"):
            server.transport.close()
        return answer


class PostOffice:
    """Opens on a free port of this machine; `taken` is what was acknowledged, or kept silently."""

    def __init__(self, *, tls: ssl.SSLContext | None = None, password: str = "") -> None:
        self.taken: list[tuple[str, bytes]] = []
        self.at_mail: Rule = lambda _address: OK
        self.at_rcpt: Rule = lambda _address: OK
        self.at_data: Rule = lambda _address: OK
        self.port = free_port()
        self.connections = 0
        how: dict[str, Any] = {}
        if tls:
            how = {"tls_context": tls, "require_starttls": True}
        if password:
            how |= {
                "authenticator": lambda _s, _x, _e, _m, data: AuthResult(
                    success=data.password == password.encode(), handled=False
                ),
                "auth_required": True,
                "auth_require_tls": bool(tls),
            }
        self._how = how
        self._controller: Controller | None = None

    def open(self) -> PostOffice:
        """Take mail from now on."""
        self._controller = Controller(
            _Office(self), hostname="127.0.0.1", port=self.port, **self._how
        )
        self._controller.start()
        return self

    def close(self) -> None:
        """Take none: whoever comes finds the door shut."""
        if self._controller:
            self._controller.stop(no_assert=True)
        self._controller = None

    @contextlib.contextmanager
    def shut(self) -> Iterator[None]:
        """Let nobody in for a while."""
        self.close()
        yield
        self.open()

    @contextlib.contextmanager
    def deaf(self, greeting: bytes = b"") -> Iterator[None]:
        """Let whoever comes wait for ever, or turn them away at the door with a greeting."""
        self.close()
        with socket.create_server(("127.0.0.1", self.port), backlog=64) as door:
            if greeting:
                threading.Thread(target=_turn_away, args=(door, greeting), daemon=True).start()
            yield
            with contextlib.suppress(OSError):
                door.shutdown(socket.SHUT_RDWR)
        self.open()

    def __enter__(self) -> PostOffice:
        return self.open()

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def url(self) -> str:
        """The setting that leads here."""
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def addresses(self) -> list[str]:
        """To whom mail was taken, in order."""
        return [to for to, _ in self.taken]

    def mails(self) -> list[EmailMessage]:
        """What was taken, read."""
        return [
            email.message_from_bytes(data, policy=email.policy.default) for _to, data in self.taken
        ]


def _turn_away(door: socket.socket, greeting: bytes) -> None:
    with contextlib.suppress(OSError):
        while True:
            guest, _ = door.accept()
            with guest:
                guest.sendall(greeting)


def free_port() -> int:
    """A port that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
