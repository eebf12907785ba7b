"""What events do when their campaign changes, in the same transaction."""

from __future__ import annotations

from app.campaigns.actions import pause_case, resume_case
from app.clock import now
from app.database import db
from tests import factories


def test_pausing_and_resuming_move_the_version_of_the_case_s_events_only(app, campaign):
    amina, ilyas = campaign.cases
    both, other = factories.event(campaign), factories.event(campaign, cases=[ilyas])
    versions = []
    for act in (
        lambda: pause_case(amina, reason="Freed", actor="a", now=now()),
        lambda: resume_case(amina, actor="a", now=now()),
    ):
        act()
        db.session.rollback()
        versions.append((both.live_version, other.live_version))
    assert versions == [(2, 1), (3, 1)]
