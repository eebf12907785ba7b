"""The section's own kinds, regions and logo.

What counts as a letter is written down with each season, so that a later choice leaves the
seasons before as they were. What was known of a host's place was "town or region": it is the town.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

GROUPING = "handwritten_letter signed_letter postcard solidarity_card"
COLUMNS = (
    ("section", "kinds", sa.JSON(), "{}"),
    ("section", "regions", sa.JSON(), "[]"),
    ("section", "logo", sa.String(64), ""),
    ("campaign", "letter_kinds", sa.String(200), GROUPING),
    ("event", "region", sa.String(80), ""),
    ("host", "town", sa.String(80), ""),
)


def upgrade() -> None:
    """Add the columns, and make each host's place its town."""
    for table, name, kind, default in COLUMNS:
        op.add_column(table, sa.Column(name, kind, nullable=False, server_default=default))
    op.execute("UPDATE host SET town = region, region = ''")


def downgrade() -> None:
    """Town and region share a column again."""
    op.execute("UPDATE host SET region = town WHERE town <> ''")
    for table, name, _kind, _default in reversed(COLUMNS):
        op.drop_column(table, name)
