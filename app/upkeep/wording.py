"""Deeds and things of the audit in words."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

VERBS = {
    "ask_for": _l("asked for"),
    "campaign_created": _l("set up the campaign"),
    "campaign_edited": _l("changed the campaign"),
    "case_paused": _l("asked everybody to stop writing"),
    "case_resumed": _l("let people write again"),
    "code_renewed": _l("renewed the code"),
    "create": _l("made an account"),
    "device_revoked": _l("signed a phone off"),
    "event_closed": _l("closed the event"),
    "event_edited": _l("changed the event"),
    "event_opened": _l("opened the event"),
    "event_planned": _l("planned the event"),
    "sign_in": _l("signed in"),
    "sign_out_everywhere": _l("signed out everywhere"),
    "table_added": _l("added a table"),
}
THINGS = {
    "campaign": _l("campaign"),
    "case": _l("case"),
    "device": _l("phone"),
    "event": _l("event"),
    "job": _l("upkeep"),
    "table": _l("table"),
    "user": _l("person"),
}


def deed_in_words(verb: str) -> str:
    """What was done; a deed without words of its own is told by its name."""
    return str(VERBS.get(verb, verb.replace("_", " ")))


def thing_in_words(thing: str) -> str:
    """What it was done to."""
    return str(THINGS.get(thing, thing.replace("_", " ")))
