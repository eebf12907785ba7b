"""The order in which parties stood on a printed sign-in sheet."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; sheets that were printed before are typed back by the names of now."""
    op.create_table(
        "printed_sheet",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("printed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("parties", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_printed_sheet_event_id_event")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_printed_sheet")),
    )
    op.create_index(op.f("ix_printed_sheet_event_id"), "printed_sheet", ["event_id"])


def downgrade() -> None:
    """Forget the orders."""
    op.drop_table("printed_sheet")
