"""Events with everything a host plans, offers to hold one, and hosts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TEXTS = {
    "held_by": 120,
    "address": 300,
    "online_link": 500,
    "languages": 120,
    "what_to_bring": 200,
    "access_notes": 500,
    "cancel_reason": 300,
}


def upgrade() -> None:
    for name, length in TEXTS.items():
        op.add_column("event", _text(name, length))
    op.add_column(
        "event", sa.Column("preset", sa.String(8), nullable=False, server_default="group")
    )
    op.add_column(
        "event", sa.Column("logged_by", sa.String(9), nullable=False, server_default="volunteer")
    )
    op.add_column("event", sa.Column("access", sa.JSON(), nullable=False, server_default="[]"))
    for name in ("is_draft", "is_shut"):
        op.add_column(
            "event", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())
        )
    for name in ("cancelled_at", "edited_at"):
        op.add_column("event", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    # A column with a foreign key could not be dropped again on SQLite.
    op.create_table(
        "event_handover",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("next_event_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_event_handover_event_id_event")
        ),
        sa.ForeignKeyConstraint(
            ["next_event_id"], ["event.id"], name=op.f("fk_event_handover_next_event_id_event")
        ),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_event_handover")),
    )
    op.create_index(op.f("ix_event_handover_next_event_id"), "event_handover", ["next_event_id"])
    _create_hosts()


def _create_hosts() -> None:
    op.create_table(
        "host",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("region", sa.String(80), nullable=False),
        sa.Column("contact", sa.String(300), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edit_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_host")),
    )
    op.create_table(
        "hosting",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("host_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_hosting_event_id_event")),
        sa.ForeignKeyConstraint(["host_id"], ["host.id"], name=op.f("fk_hosting_host_id_host")),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_hosting")),
    )
    op.create_index(op.f("ix_hosting_host_id"), "hosting", ["host_id"])
    op.create_table(
        "offer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("held_by", sa.String(120), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("town", sa.String(80), nullable=False),
        sa.Column("wished_on", sa.Date(), nullable=False),
        sa.Column("wish", sa.Text(), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decline_reason", sa.String(300), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('waiting', 'approved', 'declined')", name=op.f("ck_offer_state")
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_offer_campaign_id_campaign")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer")),
    )
    op.create_index(op.f("ix_offer_campaign_id"), "offer", ["campaign_id"])


def downgrade() -> None:
    op.drop_table("hosting")
    op.drop_table("host")
    op.drop_table("offer")
    op.drop_index(op.f("ix_event_handover_next_event_id"), table_name="event_handover")
    op.drop_table("event_handover")
    new = ("preset", "logged_by", "access", "is_draft", "is_shut", "cancelled_at", "edited_at")
    for name in (*TEXTS, *new):
        op.drop_column("event", name)


def _text(name: str, length: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(length), nullable=False, server_default="")
