"""Mail to addresses that nobody has proven waits for its day; until when a mail is of use."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Whether the links that are there were on a screen nobody knows: they prove nothing."""
    op.add_column("outbox_mail", sa.Column("useful_until", sa.DateTime(timezone=True)))
    op.add_column("outbox_mail", sa.Column("stranger", sa.String(64)))
    op.create_index("ix_outbox_mail_stranger", "outbox_mail", ["stranger"])
    for name, default in (("link_was_shown", sa.true()), ("is_proven", sa.false())):
        column = sa.Column(name, sa.Boolean(), nullable=False, server_default=default)
        op.add_column("sign_up", column)


def downgrade() -> None:
    """What waits for its day is sent at once."""
    op.drop_column("sign_up", "is_proven")
    op.drop_column("sign_up", "link_was_shown")
    op.drop_index("ix_outbox_mail_stranger", "outbox_mail")
    op.drop_column("outbox_mail", "stranger")
    op.drop_column("outbox_mail", "useful_until")
