"""What mail to people on lists says; asked for while it is written, in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import exists, select

from app.database import db
from app.events.wording import (
    full_address,
    public_address,
    public_place,
    public_when,
    zone_in_words,
)
from app.formatting import number
from app.signups.guest_queries import count_place
from app.signups.guest_wording import state_in_words, when_of_list
from app.signups.models import SignUp
from app.signups.visits import may_know_place, private_link
from app.signups.wording import list_title


class Words:
    """One mail to one address, about its sign-ups at one event; most are about a single one."""

    def __init__(
        self, kind: str, sign_ups: Sequence[SignUp], tokens: Sequence[str], *, letters: int = 0
    ) -> None:
        self.kind, self.sign_ups, self.tokens, self.letters = kind, sign_ups, tokens, letters
        self.sign_up = sign_ups[0]
        self.event = self.sign_up.list.event

    @property
    def subject(self) -> str:
        """One line, which begins with what it is about."""
        title = self.event.title
        return {
            "confirmation": _("Your sign-up: %(event)s", event=title),
            "offer": _("A seat is free for you: %(event)s", event=title),
            "ended": _("About your sign-up: %(event)s", event=title),
            "cancellation": _("Cancelled: %(event)s", event=title),
            "moved": _("Moved: %(event)s", event=title),
            "reinstated": _("Held after all: %(event)s", event=title),
            "tomorrow": _("Tomorrow: %(event)s", event=title),
            "today": _("Today: %(event)s", event=title),
            "thanks": _("Thank you: %(event)s", event=title),
        }[self.kind]

    @property
    def lead(self) -> str:
        """What has happened, and what to do."""
        if self.kind == "thanks":
            return ngettext(
                "Thank you for coming! Together we wrote %(letters)s letter.",
                "Thank you for coming! Together we wrote %(letters)s letters.",
                self.letters,
                letters=number(self.letters),
            )
        if self.kind == "cancellation":
            return " ".join((_("This event is cancelled."), self.event.cancel_reason)).strip()
        if self.kind in ("tomorrow", "today"):
            return self._reminder()
        state = state_in_words(self.sign_up, count_place(self.sign_up))
        if self.kind in ("moved", "reinstated"):
            news = (
                _("The time or the place of this event has changed: see below.")
                if self.kind == "moved"
                else _("This event is held after all.")
            )
            return news if len(self.sign_ups) > 1 else f"{news} {state}"
        if self.kind == "ended":
            return " ".join((state, _("Thank you for wanting to write with us.")))
        return state

    @property
    def facts(self) -> list[str]:
        """When and where, as much as this person may know; of a cancelled event the time alone."""
        event = self.event
        if self.kind in ("ended", "thanks"):
            return []
        if self.kind == "cancellation":
            return [self._with_zone(public_when(event))]
        coming = [each for each in self.sign_ups if each.list.purpose != "home"]
        seated = [each for each in coming if may_know_place(each)]
        if seated:
            said = [*map(self._when, seated), event.place, full_address(event), event.online_link]
        elif coming:
            said = [
                self._with_zone(public_when(event)),
                public_place(event),
                public_address(event),
            ]
        else:
            said = []
        return [fact for fact in said if fact]

    @property
    def links(self) -> list[tuple[str, str]]:
        """What each button says, and its private link; none once it is over."""
        if self.kind == "thanks":
            return []
        links = [private_link(token) for token in self.tokens]
        if len(links) > 1:
            titles = [list_title(each.list) for each in self.sign_ups]
            return list(zip(titles, links, strict=True))
        act = _("Take or decline the seat") if self.kind == "offer" else _("See or change it")
        return [(act, links[0])]

    def _when(self, sign_up: SignUp) -> str:
        when = when_of_list(sign_up.list)
        if len(self.sign_ups) > 1:
            when = _("%(list)s: %(when)s", list=list_title(sign_up.list), when=when)
        return self._with_zone(when)

    def _with_zone(self, when: str) -> str:
        # Of young people's events the public knows the day alone: no clock's zone belongs to it.
        is_day = self.event.has_young_people and not may_know_place(self.sign_up)
        if is_day:
            return when
        return str(_("%(when)s (%(zone)s)", when=when, zone=zone_in_words(self.event)))

    def _reminder(self) -> str:
        if self.sign_up.list.purpose == "home":
            return _("You wanted to write at home: today is the day. Paper and pen will do.")
        is_today, others_wait = self.kind == "today", self._others_wait()
        if is_today and others_wait:
            return _("We see you today. Cannot come? Say so by the link: others wait for a seat.")
        if others_wait:
            return _(
                "We see you tomorrow. Cannot come? Say so by the link: others wait for a seat."
            )
        if is_today:
            return _("We see you today. Cannot come? Say so by the link.")
        return _("We see you tomorrow. Cannot come? Say so by the link.")

    def _others_wait(self) -> bool:
        lists = [each.list_id for each in self.sign_ups]
        waiting = select(SignUp.id).where(SignUp.list_id.in_(lists), SignUp.state == "waiting")
        return bool(db.session.scalar(select(exists(waiting))))
