"""When and where an event is, in words; what young people's events keep from the public."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from babel import Locale
from babel.dates import format_date, format_skeleton, format_timedelta, get_timezone_location
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.events.models import Event
from app.fields import pick_list
from app.folding import folded
from app.formatting import clock, number

JUST_NOW = timedelta(minutes=2)
ACCESS = {
    "step_free": _l("No steps"),
    "toilet": _l("Accessible toilet"),
    "hearing_loop": _l("Hearing loop"),
    "sign_language": _l("Sign language"),
    "quiet_corner": _l("A quiet corner"),
    "parking": _l("Parking near the door"),
    "children": _l("A corner for children"),
}
"""What makes it easy to come to an event, by its stored name."""


class Leaf(NamedTuple):
    """A date as a tear-off calendar shows it; `iso` is for machines."""

    weekday: str
    day: str
    month: str
    iso: str


def when_in_words(event: Event) -> str:
    """From when until when by the event's own clocks, in full: for those who may know exactly."""
    return _from_to(event, _full_day)


def when_in_short(event: Event) -> str:
    """The same, short enough for a line above a title."""
    return _from_to(event, _short_day)


def hours_in_words(event: Event) -> str:
    """When it begins and ends, for beside the day on which it begins."""
    return _hours(event, _short_day)


def span_in_words(event: Event, starts_at: datetime, ends_at: datetime) -> str:
    """From when until when something at the event is, by its own clocks, in short."""
    hours = _hours_between(event, starts_at, ends_at, _short_day)
    return str(_("%(day)s, %(hours)s", day=_short_day(_local(starts_at, event)), hours=hours))


def _from_to(event: Event, write_day: Callable[[datetime], str]) -> str:
    day = write_day(_local(event.starts_at, event))
    return str(_("%(day)s, %(hours)s", day=day, hours=_hours(event, write_day)))


def _hours(event: Event, write_day: Callable[[datetime], str]) -> str:
    return _hours_between(event, event.starts_at, event.ends_at, write_day)


def _hours_between(
    event: Event, starts_at: datetime, ends_at: datetime, write_day: Callable[[datetime], str]
) -> str:
    start, end = clock(starts_at, event.zone), clock(ends_at, event.zone)
    last = _local(ends_at, event)
    if _local(starts_at, event).date() == last.date():
        return str(_("%(start)s to %(end)s", start=start, end=end))
    return str(
        _("%(start)s to %(last_day)s, %(end)s", start=start, last_day=write_day(last), end=end)
    )


def public_when(event: Event) -> str:
    """What the public may know of when; of young people's events the day alone."""
    if event.has_young_people:
        return _full_day(_local(event.starts_at, event))
    return when_in_words(event)


def public_hours(event: Event) -> str:
    """What the public may know of the hours; of young people's events nothing."""
    return "" if event.has_young_people else hours_in_words(event)


def public_place(event: Event) -> str:
    """What the public may know of where; of young people's events nothing."""
    return "" if event.has_young_people else event.place


def public_address(event: Event) -> str:
    """The street and the town; of a household's event its street is on guests' own links alone."""
    if event.has_young_people:
        return ""
    return event.town if event.is_private else full_address(event)


def full_address(event: Event) -> str:
    """The street and the town, which many write with the street."""
    return _joined(event.address, event.town)


def public_town(event: Event) -> str:
    """What the public may know of the town; of young people's events nothing."""
    return "" if event.has_young_people else event.town


def public_spot(event: Event) -> str:
    """The place and its town in one line, each once; of young people's events nothing."""
    return _joined(public_place(event), public_town(event))


def _joined(there: str, town: str) -> str:
    if not town or folded(town) in folded(there):
        return there
    return str(_("%(place)s, %(town)s", place=there, town=town)) if there else town


def public_link_there(event: Event) -> str:
    """Where people write together online, for whoever may know the place."""
    return "" if event.has_young_people else event.online_link


def public_host(event: Event) -> str:
    """Who holds it; of young people's events nothing, for a school's name is a place."""
    return "" if event.has_young_people else event.held_by


def access_in_words(event: Event) -> list[str]:
    """What makes it easy to come, in the order of the form."""
    return [str(words) for name, words in ACCESS.items() if name in event.access]


def access_choices() -> list[Any]:
    """Boxes to tick."""
    return pick_list(ACCESS.items())


def zone_in_words(event: Event) -> str:
    """Whose clocks they are: "Lisbon time"."""
    place = get_timezone_location(event.time_zone, locale=_locale(), return_city=True)
    return str(_("%(place)s time", place=place))


def leaf_of(event: Event) -> Leaf:
    """The event's first day."""
    starts = _local(event.starts_at, event)
    weekday, day, month = (
        str(format_skeleton(part, starts, locale=_locale())) for part in ("E", "d", "MMM")
    )
    return Leaf(weekday, day, month, iso=f"{starts:%Y-%m-%d}")


def code_in_parts(code: str) -> str:
    """A join code as it is read out: two groups of four."""
    return f"{code[:4]}-{code[4:]}"


def seen_in_words(seen_at: datetime, now: datetime) -> str:
    """How long ago a device was heard from."""
    ago = now - seen_at
    if ago < JUST_NOW:
        return str(_("now"))
    return str(format_timedelta(-ago, add_direction=True, locale=_locale()))


def _full_day(day: datetime) -> str:
    return str(format_date(day, "full", locale=_locale()))


def _short_day(day: datetime) -> str:
    return str(format_skeleton("MMMEd", day, locale=_locale()))


def _local(moment: datetime, event: Event) -> datetime:
    return moment.astimezone(event.zone)


def _locale() -> Locale | str:
    locale: Locale = get_locale()
    # Plain "en" means the United States' dates to Unicode; our English is British.
    return "en_GB" if str(locale) == "en" else locale


def devices_in_words(count: int) -> str:
    """How many phones sit at a table."""
    if not count:
        return str(_("nobody yet"))
    return str(ngettext("%(count)s device", "%(count)s devices", count, count=number(count)))
