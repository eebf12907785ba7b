"""Events that moved, until their guests have been written to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; of what moved before nobody is written to."""
    op.create_table(
        "untold_move",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_untold_move_event_id_event")
        ),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_untold_move")),
    )
    op.create_index(op.f("ix_untold_move_moved_at"), "untold_move", ["moved_at"])


def downgrade() -> None:
    """Write to nobody."""
    op.drop_table("untold_move")
