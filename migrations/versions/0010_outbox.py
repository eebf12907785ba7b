"""Mail that is owed, how the mail server was the last time, and who wants a new password."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

UTC_TIME = sa.DateTime(timezone=True)
STATES = "state IN ('waiting', 'sending', 'sent', 'parked', 'dropped')"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "outbox_mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(120), nullable=False),
        sa.Column("uid", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("scope", sa.String(40), nullable=False),
        sa.Column("about", sa.String(80), nullable=False),
        sa.Column("language", sa.String(12), nullable=False),
        sa.Column("sealed_to", sa.LargeBinary(), nullable=True),
        sa.Column("sealed_content", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("owed_at", UTC_TIME, nullable=False),
        sa.Column("due_at", UTC_TIME, nullable=False),
        sa.Column("held_until", UTC_TIME, nullable=True),
        sa.Column("settled_at", UTC_TIME, nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("code", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(16), nullable=False),
        sa.CheckConstraint(STATES, name="ck_outbox_mail_state"),
        sa.PrimaryKeyConstraint("id", name="pk_outbox_mail"),
        sa.UniqueConstraint("key", name="uq_outbox_mail_key"),
        sa.UniqueConstraint("uid", name="uq_outbox_mail_uid"),
    )
    op.create_index("ix_outbox_mail_about", "outbox_mail", ["about"])
    op.create_index("ix_outbox_mail_state_due_at", "outbox_mail", ["state", "due_at"])
    op.create_table(
        "outbox_server",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("down_since", UTC_TIME, nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try_at", UTC_TIME, nullable=True),
        sa.Column("code", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(16), nullable=False),
        sa.Column("succeeded_at", UTC_TIME, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_outbox_server"),
    )
    op.create_table(
        "password_wish",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(32), nullable=False),
        sa.Column("sealed_email", sa.LargeBinary(), nullable=False),
        sa.Column("asked_at", UTC_TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_password_wish"),
        sa.UniqueConstraint("uid", name="uq_password_wish_uid"),
    )


def downgrade() -> None:
    """What was still owed is not sent any more."""
    op.drop_table("password_wish")
    op.drop_table("outbox_server")
    op.drop_table("outbox_mail")
