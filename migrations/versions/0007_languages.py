"""Which languages a section offers, and the one that an event's screens speak."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("section", sa.Column("languages", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("event", sa.Column("language", sa.String(12), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("event", "language")
    op.drop_column("section", "languages")
