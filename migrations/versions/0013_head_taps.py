"""Taps that counted heads at a door, so that one whose answer was lost is not counted twice."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "head_tap",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("op", sa.String(16), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_head_tap_event_id_event")
        ),
        sa.PrimaryKeyConstraint("event_id", "op", name=op.f("pk_head_tap")),
    )


def downgrade() -> None:
    op.drop_table("head_tap")
