"""The town of an event, by which guests find it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Empty where nobody has said it yet; an event is only ever added to."""
    town = sa.Column("town", sa.String(80), nullable=False, server_default="")
    op.add_column("event", town)


def downgrade() -> None:
    """Without it."""
    op.drop_column("event", "town")
