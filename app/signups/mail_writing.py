"""Mails that say the same but for whose links they hold, written once for all who are sent them."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from app.outbox.writing import Mail, write_mail
from app.signups.mail_words import Words
from app.signups.models import SignUp
from app.signups.visits import calendar_for, link_token, may_know_place

WITH_CALENDAR = ("confirmation", "moved")
"""What whoever has a seat puts into a calendar, where a later file replaces the earlier."""
WITHOUT_PLACE = ("cancellation", "thanks")
"""What tells nobody where in the line they are."""


class MailWriter:
    """Writes mails of one kind; keep it no longer than a deed."""

    def __init__(self, kind: str, *, letters: int = 0) -> None:
        self.kind, self.letters = kind, letters
        self._written: dict[object, tuple[list[str], Mail]] = {}

    def write(self, sign_ups: Sequence[SignUp], *, language: str) -> Mail:
        """The mail about these, with their own links."""
        said = (language, *(self._what_is_said_of(each) for each in sign_ups))
        if said not in self._written:
            # Stand-ins that nobody can guess: a link that was forgotten would open nothing.
            stand_ins = [secrets.token_hex(32) for _each in sign_ups]
            words = Words(self.kind, sign_ups, stand_ins, letters=self.letters)
            mail = write_mail("signups/guest_mail", language=language, words=words)
            self._written[said] = stand_ins, mail
        stand_ins, mail = self._written[said]
        text, html = mail.text, mail.html
        for stand_in, sign_up in zip(stand_ins, sign_ups, strict=True):
            token = link_token(sign_up)
            text, html = text.replace(stand_in, token), html.replace(stand_in, token)
        return Mail(mail.subject, text, html, self._calendar_for(sign_ups))

    def _what_is_said_of(self, one: SignUp) -> tuple[object, ...]:
        """All of a sign-up that its mail depends on, but its link."""
        in_line = one.id if one.state == "waiting" and self.kind not in WITHOUT_PLACE else None
        said = one.list_id, one.state, one.party_size, one.offer_ends_at, bool(one.ended_by)
        return *said, in_line

    def _calendar_for(self, sign_ups: Sequence[SignUp]) -> str:
        seats = [each for each in sign_ups if may_know_place(each) and each.list.purpose != "home"]
        return calendar_for(*seats) if self.kind in WITH_CALENDAR and seats else ""
