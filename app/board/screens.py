"""What each live view is drawn from; its page and its fragment take the same."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import url_for

from app.board import queries
from app.board.desk_queries import list_table_rows
from app.board.pulse import since_opening
from app.board.queries import EventBoard, LiveCampaign, LiveEvent
from app.board.wording import clocks_of, minutes_between, minutes_patterns, name_bars
from app.events.models import Event
from app.events.queries import count_devices, find_next, list_coming_events
from app.events.sharing import message_of_today, shared_facts
from app.events.wording import devices_in_words, seen_in_words
from app.letters.entries import count_held
from app.letters.forms import LogForm
from app.letters.queries import count_by_table
from app.outcomes.blueprint import what_there_is
from app.outcomes.queries import list_good_news
from app.qr import draw_qr, public_link
from app.signups.guest_queries import count_thankable
from app.signups.purging import names_kept

AN_HOUR = 3600
A_MINUTE = 60
LATEST_NEWS = 3
MOST_COMING = 6


def event_screen(live: LiveEvent, view: str, *, now: datetime) -> dict[str, Any]:
    """A live view of an event; within one minute and version it is drawn the same."""
    event = live.event
    minute = now.replace(second=0, microsecond=0)
    # By how many hours a chart has, everybody could tell when young people began.
    is_by_hour = view == "desk" and not event.has_young_people
    span = since_opening(event, minute) if is_by_hour else None
    board = queries.get_event_board(live, now=minute, span=span)
    return {
        "event": event,
        "board": board,
        "pace": queries.pace_of(event, view),
        "stands_for": A_MINUTE if board.fades else None,
        "clocks": clocks_of(event, now=minute),
        "patterns": minutes_patterns(),
        "minutes_between": minutes_between,
        "bar_name": name_bars(event, board.pulse.span),
        "minute": minute,
        "now": now,
        **(_beside_the_desk(event, board) if view == "desk" else {"counts": {}}),
    }


def live_screen(live: LiveEvent, *, now: datetime) -> dict[str, Any]:
    """The live board's page around its live view, which leads on to the next event."""
    return event_screen(live, "board", now=now) | {"next_event": find_next(live.event)}


def public_screen(event: Event, *, now: datetime) -> dict[str, Any]:
    """An event's page for everybody, around its live view once people write."""
    is_followed = event.opened_at is not None and not event.is_cancelled
    live = event_screen(queries.follow_event(event), "event", now=now) if is_followed else {}
    return {"event": event, "board": None, **live, **shared_facts(event)}


def hall_screen(live: LiveEvent, *, now: datetime) -> dict[str, Any]:
    """The hall's page around its live view, which shows the way to the event's page."""
    # Never a table's code: whoever sees the wall may come and write, not log.
    link = public_link(url_for("board.show_event", slug=live.event.slug))
    facts = {"link": link, "qr": draw_qr(link), "next_event": find_next(live.event)}
    return event_screen(live, "hall", now=now) | facts


def desk_screen(live: LiveEvent, *, now: datetime) -> dict[str, Any]:
    """An event's page on the desk: the live view, its tables, and what waits for somebody."""
    event = live.event
    screen = event_screen(live, "desk", now=now)
    tables = list_table_rows(event, screen["by_table"], now=now)
    return screen | {
        "tables": tables,
        "log": LogForm.choosing(event.cases, [row.seated.table for row in tables.rows]),
        "seen_in_words": seen_in_words,
        "thankable": count_thankable(event) if event.state == "closed" else 0,
        "kept": names_kept(event, now=now),
    }


def home_screen(live: LiveCampaign, *, now: datetime) -> dict[str, Any]:
    """The home page around the season's live view."""
    return season_screen(live, now=now) | {
        "coming": list_coming_events(live.campaign.id, now=now, most=MOST_COMING),
        "news": list_good_news(most=LATEST_NEWS) if what_there_is().good_news else [],
        "welcome": what_there_is().welcome,
    }


def season_screen(live: LiveCampaign, *, now: datetime) -> dict[str, Any]:
    """The season's live view."""
    board = queries.get_campaign_board(live)
    running = queries.list_running(live.campaign.id)
    counts = {f"case-{row.case.slug}": row.counted.letters for row in board.rows}
    counts |= {f"event-{row.event.slug}": row.counted.letters for row in running}
    return {
        "board": board,
        "running": running,
        "pace": queries.CAMPAIGN_VIEWS["home"],
        # The days left change at midnight.
        "stands_for": AN_HOUR,
        "days_left": queries.days_left(live.campaign, live.zone, now=now),
        "now": now,
        "counts": counts,
    }


def _beside_the_desk(event: Event, board: EventBoard) -> dict[str, Any]:
    """What waits, and what stands elsewhere on the page by its id; a script renews that."""
    counted, joined = count_by_table(event.id), count_devices(event.id)
    return {
        "held": count_held(event.id),
        "by_table": counted,
        "counts": {f"table-{key}": count.letters for key, count in counted.items()},
        "words": {f"devices-{key}": devices_in_words(n) for key, n in joined.items()}
        | {"message": message_of_today(event, board.counted.letters)},
    }
