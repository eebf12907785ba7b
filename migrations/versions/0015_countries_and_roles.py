"""Where a case is and what its targets are, in the other languages that it is told in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing is said in another language until somebody does."""
    country = sa.Column("country", sa.String(80), nullable=False, server_default="")
    op.add_column("case_text", country)
    op.add_column("case_text", sa.Column("roles", sa.JSON(), nullable=False, server_default="{}"))


def downgrade() -> None:
    """Without them."""
    op.drop_column("case_text", "roles")
    op.drop_column("case_text", "country")
