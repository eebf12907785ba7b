"""The outbox for admins: what waits, what was parked, and whether mail works at all."""

from __future__ import annotations

from flask import flash, request, url_for
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from flask_login import current_user

from app.accounts.access import admins_only
from app.clock import now
from app.fields import read_id
from app.formatting import number
from app.fragments import Answer, respond, see_other
from app.outbox import actions, queries, wording
from app.outbox.claiming import find_server_state
from app.outbox.owing import is_mail_on
from app.outbox.trying import try_mail
from app.upkeep.blueprint import blueprint
from app.upkeep.waking import wake_ticker

PAGE = 100
"""Parked mails on the page; a button takes all there are."""


@blueprint.get("/section/outbox")
@admins_only
def outbox() -> Answer:
    """What waits, what was sent, what was parked: by kind and hour, without a word of any mail."""
    moment = now()
    return respond(
        "upkeep/outbox.html",
        "upkeep/_outbox.html",
        is_on=is_mail_on(),
        server=find_server_state(),
        kinds=queries.list_kinds_of_mail(now=moment),
        hours=queries.list_sent_hours(now=moment),
        parked=queries.list_parked(most=PAGE),
        parked_count=queries.count_parked(),
        oldest=queries.find_oldest_waiting(now=moment),
        say=wording,
    )


@blueprint.post("/section/outbox/parked")
@admins_only
def settle_parked() -> Answer:
    """Send parked mails again, or give them up: those that were ticked, or all."""
    every = request.form.get("which") == "all"
    ids = list(filter(None, map(read_id, request.form.getlist("mail")[:PAGE])))
    if not ids and not every:
        flash(_("Tick the mails first."), "info")
        return see_other(url_for("upkeep.outbox"))
    chosen = None if every else ids
    if request.form.get("deed") == "drop":
        count = actions.drop(chosen, actor=current_user.public_id, now=now())
        said = ngettext(
            "One mail is given up.", "%(shown)s mails are given up.", count, shown=number(count)
        )
    else:
        count = actions.send_again(chosen, actor=current_user.public_id, now=now())
        said = ngettext(
            "One mail is tried again.",
            "%(shown)s mails are tried again.",
            count,
            shown=number(count),
        )
        wake_ticker()
    flash(said, "success")
    return see_other(url_for("upkeep.outbox"))


@blueprint.post("/section/outbox/test")
@admins_only
def send_test_mail() -> Answer:
    """Send a mail to whoever asks, here and now, and say what the server made of it."""
    if not is_mail_on():
        flash(_("Mail is off."), "info")
        return see_other(url_for("upkeep.outbox"))
    actions.count_try(actor=current_user.public_id, now=now())
    to, language = current_user.email, str(get_locale())
    told = try_mail(to, language=language, now=now())
    if told.reason:
        flash(wording.told_in_words(*told), "error")
    else:
        flash(
            _("The mail server took it. Look into the mailbox of %(address)s.", address=to),
            "success",
        )
    return see_other(url_for("upkeep.outbox"))
