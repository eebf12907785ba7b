"""The world of the access matrix: all of it Ana's."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app import clock
from app.accounts.models import SignInSession
from app.campaigns.models import CaseText
from app.database import db
from app.letters import actions
from app.signups.visits import link_token
from tests import factories, lists
from tests.architecture.access_matrix import ROLES
from tests.architecture.world import World


@pytest.fixture
def world(app, lisbon, table_1, amina, nobody, bea, carlos, ana, admin):
    """The cast; a table of Ana's event with a device, and a letter that it logged."""
    device = table_1.devices[0]
    entry = actions.log_letters(factories.joined(device), factories.press(amina), now=clock.now())
    anas = SignInSession.user_id == lisbon.organisers[0].id
    session = db.session.execute(select(SignInSession).where(anas)).scalar_one()
    guest = factories.organiser(name="Gustav", email="gustav@example.org")
    factories.change(lisbon, organisers=[*lisbon.organisers, guest])
    invitation, token = factories.invitation(event=lisbon)
    offer, host = factories.offer(), factories.host()
    outcome, total = factories.outcome(amina), factories.past_total()
    values = {
        "public_id": guest.public_id,
        "password_token": factories.password_link(guest),
        "invitation_id": invitation.id,
        "token": token,
        "own_token": link_token(lists.sign_up(lists.sign_up_list(lisbon), "نور")),
        "slug": lisbon.slug,
        "table_id": table_1.id,
        "list_id": lists.sign_up_list(lisbon).id,
        "device_id": device.id,
        "session_id": session.id,
        "code": table_1.join_code,
        "op": entry.op,
        "offer_id": offer.id,
        "host_id": host.id,
        "answer": "take-back",
        "job": "backup",
        "way": "up",
        "kind": "postcard",
        "seen": "hide",
        "group": "letters",
        "name": factories.portrait(amina),
        "held": factories.held_cases(),
        "language": factories.saved(CaseText(case_id=amina.id, language="fr")).language,
        "outcome_id": outcome.id,
        "total_id": total.id,
        "page": "how",
        "act": "b8322a",
        "link": "ours",
        "lang": "ar-XB",
        "who": "volunteer",
        "filename": "css/base.css",
        "fingerprint": "0",
    }
    cast = dict(zip(ROLES, (nobody, bea, carlos, ana, admin), strict=True))
    return World(app, cast, values, amina.slug)
