"""Sign-up lists, the names on them locked; where each event stands with its names."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

UTC_TIME = sa.DateTime(timezone=True)
STATES = "'asked', 'waiting', 'offered', 'in', 'lapsed', 'cancelled', 'declined'"
EVENT_COLUMNS = (
    ("lists_version", sa.Integer(), "1"),
    ("keeps_names_days", sa.Integer(), "30"),
    ("names_deleted_at", UTC_TIME, None),
    ("counts_heads", sa.Boolean(), sa.false()),
    ("head_count", sa.Integer(), "0"),
    ("thanked_at", UTC_TIME, None),
)


def upgrade() -> None:
    for name, kind, default in EVENT_COLUMNS:
        column = sa.Column(name, kind, nullable=default is None, server_default=default)
        op.add_column("event", column)
    op.create_table(
        "data_key",
        sa.Column("scope", sa.String(40), nullable=False),
        sa.Column("key_id", sa.String(32), nullable=False),
        sa.Column("created_at", UTC_TIME, nullable=False),
        sa.Column("destroyed_at", UTC_TIME, nullable=True),
        sa.PrimaryKeyConstraint("scope", name=op.f("pk_data_key")),
        sa.UniqueConstraint("key_id", name=op.f("uq_data_key_key_id")),
    )
    op.create_table(
        "sign_up_list",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(8), nullable=False),
        sa.Column("title", sa.String(80), nullable=False),
        sa.Column("starts_at", UTC_TIME, nullable=True),
        sa.Column("ends_at", UTC_TIME, nullable=True),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("party_limit", sa.Integer(), nullable=False),
        sa.Column("opens_at", UTC_TIME, nullable=True),
        sa.Column("closes_at", UTC_TIME, nullable=True),
        sa.Column("asks", sa.JSON(), nullable=False),
        sa.Column("offer_hours", sa.Integer(), nullable=True),
        sa.Column("is_checked", sa.Boolean(), nullable=False),
        sa.Column("shows_seats", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("created_at", UTC_TIME, nullable=False),
        sa.Column("edit_version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "purpose IN ('guests', 'helpers', 'home')", name=op.f("ck_sign_up_list_purpose")
        ),
        sa.CheckConstraint("capacity BETWEEN 1 AND 100000", name=op.f("ck_sign_up_list_capacity")),
        sa.CheckConstraint(
            "party_limit BETWEEN 1 AND 200", name=op.f("ck_sign_up_list_party_limit")
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_sign_up_list_event_id_event")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_up_list")),
    )
    op.create_index(op.f("ix_sign_up_list_event_id"), "sign_up_list", ["event_id"])
    op.create_table(
        "sign_up",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(16), nullable=False),
        sa.Column("nonce", sa.String(32), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("state", sa.String(9), nullable=False),
        sa.Column("party_size", sa.Integer(), nullable=False),
        sa.Column("arrived", sa.Integer(), nullable=False),
        sa.Column("arrived_at", UTC_TIME, nullable=True),
        sa.Column("name", sa.LargeBinary(), nullable=True),
        sa.Column("email", sa.LargeBinary(), nullable=True),
        sa.Column("access_needs", sa.LargeBinary(), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("name_likeness", sa.String(64), nullable=True),
        sa.Column("email_likeness", sa.String(64), nullable=True),
        sa.Column("language", sa.String(12), nullable=False),
        sa.Column("wants_news", sa.Boolean(), nullable=False),
        sa.Column("may_show_name", sa.Boolean(), nullable=False),
        sa.Column("shows_name", sa.Boolean(), nullable=False),
        sa.Column("is_possible_duplicate", sa.Boolean(), nullable=False),
        sa.Column("is_walk_in", sa.Boolean(), nullable=False),
        sa.Column("created_at", UTC_TIME, nullable=False),
        sa.Column("queued_at", UTC_TIME, nullable=False),
        sa.Column("offer_ends_at", UTC_TIME, nullable=True),
        sa.Column("offers_made", sa.Integer(), nullable=False),
        sa.Column("ended_at", UTC_TIME, nullable=True),
        sa.Column("ended_by", sa.String(16), nullable=False),
        sa.Column("deed", sa.String(32), nullable=True),
        sa.Column("ended_from", sa.String(9), nullable=False),
        sa.CheckConstraint(f"state IN ({STATES})", name=op.f("ck_sign_up_state")),
        sa.CheckConstraint("party_size BETWEEN 1 AND 200", name=op.f("ck_sign_up_party_size")),
        sa.CheckConstraint("arrived BETWEEN 0 AND party_size", name=op.f("ck_sign_up_arrived")),
        sa.ForeignKeyConstraint(
            ["list_id"], ["sign_up_list.id"], name=op.f("fk_sign_up_list_id_sign_up_list")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_up")),
        sa.UniqueConstraint("public_id", name=op.f("uq_sign_up_public_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_up_token_hash")),
    )
    op.create_index("ix_sign_up_list_id_queued_at", "sign_up", ["list_id", "queued_at"])
    op.create_index("ix_sign_up_list_id_email_likeness", "sign_up", ["list_id", "email_likeness"])
    op.create_index(op.f("ix_sign_up_deed"), "sign_up", ["deed"])


def downgrade() -> None:
    op.drop_table("sign_up")
    op.drop_table("sign_up_list")
    op.drop_table("data_key")
    for name, _kind, _default in reversed(EVENT_COLUMNS):
        op.drop_column("event", name)
