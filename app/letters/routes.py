"""The table page and its press."""

from __future__ import annotations

import re
from uuid import uuid4

from flask import current_app, make_response, request, url_for
from flask.wrappers import Response
from flask_babel import get_locale, ngettext
from flask_wtf.csrf import generate_csrf

from app.campaigns.wording import rules_that_say_no
from app.clock import now
from app.events.access import JoinedDevice, get_joined_device
from app.exceptions import Refusal, TooMany
from app.formatting import number, plural_forms
from app.fragments import Answer, respond, see_other, wants_fragment, wants_json
from app.languages import prefer
from app.letters import actions, desk_routes, kind_routes
from app.letters.actions import Receipt
from app.letters.blueprint import blueprint
from app.letters.forms import read_op, read_press
from app.letters.table_view import get_table_view, get_version_at

__all__ = ["blueprint", "desk_routes", "kind_routes"]

RECEIPTS = "lettertally_receipts"
"""Where the fragments that answer presses are kept, by language and by what became of the press."""
NUMBERS = ("version", "at_table", "in_hall")
"""What differs from one to the next."""


@blueprint.get("/table/")
def table_page() -> Answer:
    """The table of this device; as a fragment, 204 while `v` still says what is true."""
    device = get_joined_device()
    if wants_fragment() and request.args.get("v") == get_version_at(device):
        return "", 204
    return show_table(device)


@blueprint.post("/table/letters")
def log_press() -> Answer:
    """Log one press of this device, exactly once for its op."""
    device = get_joined_device()
    try:
        receipt = actions.log_letters(device, read_press(request.form), now=now())
    except Refusal as refusal:
        return answer_refused(device, refusal)
    return answer_press(receipt)


@blueprint.post("/table/letters/<op>/take-back")
def take_back_press(op: str) -> Answer:
    """Take back an entry that this device logged a moment ago."""
    device = get_joined_device()
    try:
        receipt = actions.take_back(device, op.lower(), op=read_op(request.form), now=now())
    except Refusal as refusal:
        return answer_refused(device, refusal)
    return answer_press(receipt)


@blueprint.get("/table/token")
def table_token() -> Answer:
    """A fresh CSRF token for a page that was left open overnight."""
    get_joined_device()
    return {"csrf_token": generate_csrf()}, 200, {"Cache-Control": "no-store"}


def new_op() -> str:
    """An op for a form that no script will touch."""
    return str(uuid4())


def count_not_sent(count: int) -> str:
    """What the page says while it waits for the network."""
    return ngettext(
        "No network: %(count)s saved here, sent as soon as it is back. Keep this page open.",
        "No network: %(count)s saved here, all sent as soon as it is back. Keep this page open.",
        count,
        count=number(count),
    )


def count_kept(count: int) -> str:
    """What the page says of what it keeps while its device is not let in."""
    return ngettext(
        "%(count)s saved here, sent as soon as you have joined again. Keep this page open.",
        "%(count)s saved here, all sent as soon as you have joined again. Keep this page open.",
        count,
        count=number(count),
    )


def count_refused(count: int) -> str:
    """What the page says of what the server refused for good."""
    return ngettext(
        "%(count)s was not taken.", "%(count)s were not taken.", count, count=number(count)
    )


def show_table(device: JoinedDevice, refusal: Refusal | None = None) -> Response:
    """The table page, or what changes on it; with a refusal told where it arose."""
    kind = request.values.get("kind", "")
    view = get_table_view(device, now=now())
    prefer(view.event.language)
    return respond(
        "letters/table.html",
        "letters/_table_now.html",
        refusal.status if refusal else 200,
        view=view,
        kind=next((each for each in view.kinds if each.name == kind), view.front_kinds[0]),
        refusal=refusal,
        press=request.form,
        quantity=stack_to_mend(refusal),
        new_op=new_op,
        plural_forms=plural_forms,
        not_sent=count_not_sent,
        kept=count_kept,
        refused=count_refused,
        rules_that_say_no=rules_that_say_no,
    )


def stack_to_mend(refusal: Refusal | None) -> int:
    """The number that was typed and not logged, to be mended; else a press is one letter."""
    typed = request.form.get("quantity", "")
    # What waits to be confirmed has its own button, and must not be added to the next case too.
    is_waiting = refusal is None or refusal.error == "case_paused"
    return 1 if is_waiting or not re.fullmatch("[0-9]{1,9}", typed) else int(typed)


def answer_press(receipt: Receipt) -> Answer:
    """A receipt as JSON, as a fragment, or as a way back to the table."""
    if wants_json():
        return receipt_as_json(receipt)
    if wants_fragment():
        return receipt_as_fragment(receipt)
    return see_other(url_for("letters.table_page", kind=request.form.get("kind")))


def answer_refused(device: JoinedDevice, refusal: Refusal) -> Answer:
    """Tell a page that has no script what to mend on the table page itself."""
    if wants_json() or wants_fragment():
        raise refusal
    response = show_table(device, refusal)
    if isinstance(refusal, TooMany):
        response.headers["Retry-After"] = str(refusal.retry_after)
    return response


def receipt_as_fragment(receipt: Receipt) -> Response:
    """The fragment, drawn once for all its numbers: a template at each press is a third of it."""
    drawn = current_app.extensions.setdefault(RECEIPTS, {})
    key = str(get_locale()), receipt.state, receipt.is_taken_back
    if key not in drawn:
        template = current_app.jinja_env.get_template("letters/_receipt.html")
        drawn[key] = template.render(receipt=receipt, **{name: f"{{{name}}}" for name in NUMBERS})
    totals = receipt.totals
    told = totals.version, number(totals.table_letters), number(totals.event_letters)
    fragment: str = drawn[key]
    for name, value in zip(NUMBERS, told, strict=True):
        fragment = fragment.replace(f"{{{name}}}", value)
    response = make_response(fragment)
    response.vary.add("HX-Request")
    return response


def receipt_as_json(receipt: Receipt) -> dict[str, object]:
    """The wire's names; `docs/json.md` shows an example."""
    answer = {
        "op": receipt.op,
        "state": receipt.state,
        "quantity": receipt.quantity,
        **receipt.totals._asdict(),
    }
    return answer | {"taken_back": True} if receipt.is_taken_back else answer
