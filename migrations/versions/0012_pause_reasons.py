"""Why a case is paused, in the other languages that it is told in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing is said in another language until somebody does."""
    reasons = sa.Column("pause_reasons", sa.JSON(), nullable=False, server_default="{}")
    op.add_column("case_file", reasons)


def downgrade() -> None:
    """Without them."""
    op.drop_column("case_file", "pause_reasons")
