"""Deeds and things of the audit in words."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

VERBS = {
    "accept_invitation": _l("accepted an invitation"),
    "ask_for": _l("asked for"),
    "campaign_created": _l("set up the campaign"),
    "campaign_edited": _l("changed the campaign"),
    "case_brought_over": _l("brought a case over"),
    "case_paused": _l("asked everybody to stop writing"),
    "case_resumed": _l("let people write again"),
    "case_translated": _l("translated a case"),
    "cases_imported": _l("brought cases in"),
    "change_password": _l("changed the password"),
    "choose_password": _l("chose a new password"),
    "code_renewed": _l("renewed the code"),
    "create": _l("made an account"),
    "device_revoked": _l("signed a phone off"),
    "end_access": _l("ended somebody’s access"),
    "event_cancelled": _l("cancelled the event"),
    "event_closed": _l("closed the event"),
    "event_copied": _l("copied the event"),
    "event_edited": _l("changed the event"),
    "event_opened": _l("opened the event"),
    "event_planned": _l("planned the event"),
    "event_reinstated": _l("said that the event is held after all"),
    "host_added": _l("added a host"),
    "host_edited": _l("changed a host"),
    "hosts_imported": _l("brought hosts in"),
    "invite": _l("invited somebody"),
    "invite_anew": _l("made a new link for an invitation"),
    "invite_to_event": _l("invited somebody to run an event"),
    "issue_password_link": _l("made a link to a new password"),
    "joining_allowed": _l("let phones join again"),
    "joining_shut": _l("let no new phones join"),
    "letters_let_in": _l("let letters in"),
    "letters_move": _l("moved letters"),
    "letters_put_back": _l("put letters back"),
    "letters_take_back": _l("took letters back"),
    "letters_undo": _l("undid a change of letters"),
    "make_admin": _l("made somebody an admin"),
    "make_organiser": _l("made somebody an organiser"),
    "make_owner": _l("made somebody an owner"),
    "offer_approved": _l("said yes to an offer"),
    "offer_declined": _l("declined an offer"),
    "organiser_added": _l("brought an organiser in"),
    "organiser_removed": _l("let an organiser go"),
    "outcome_edited": _l("changed an outcome"),
    "outcome_removed": _l("removed an outcome"),
    "outcome_told": _l("told an outcome"),
    "past_total_added": _l("added a past year"),
    "past_total_edited": _l("changed a past year"),
    "past_total_removed": _l("removed a past year"),
    "past_totals_imported": _l("brought past years in"),
    "portrait_removed": _l("took a portrait away"),
    "portrait_set": _l("set a portrait"),
    "restore_access": _l("let somebody in again"),
    "set_up": _l("set up Lettertally"),
    "settings_changed": _l("changed the settings"),
    "sign_in": _l("signed in"),
    "sign_out_everywhere": _l("signed out everywhere"),
    "table_added": _l("added a table"),
    "take_back_invitation": _l("took an invitation back"),
    "text_dropped": _l("went back to our text"),
    "text_written": _l("wrote the section’s own words"),
    "translation_removed": _l("removed a translation"),
}
THINGS = {
    "campaign": _l("campaign"),
    "case": _l("case"),
    "device": _l("phone"),
    "event": _l("event"),
    "host": _l("host"),
    "invitation": _l("invitation"),
    "job": _l("upkeep"),
    "offer": _l("offer"),
    "outcome": _l("outcome"),
    "past_total": _l("past year"),
    "section": _l("section"),
    "table": _l("table"),
    "text": _l("own words"),
    "user": _l("person"),
}


def deed_in_words(verb: str) -> str:
    """What was done; a deed without words of its own is told by its name."""
    return str(VERBS.get(verb, verb.replace("_", " ")))


def thing_in_words(thing: str) -> str:
    """What it was done to."""
    return str(THINGS.get(thing, thing.replace("_", " ")))
