"""Cases with everything a writer needs: targets, translations, portraits."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

NEW_COLUMNS = {
    "language": (sa.String(12), "en"),
    "key_points": (sa.Text(), ""),
    "sample_lines": (sa.Text(), ""),
    "targets": (sa.JSON(), "[]"),
    "copies_to": (sa.Text(), ""),
    "solidarity_address": (sa.Text(), ""),
    "languages": (sa.JSON(), "[]"),
    "social_handles": (sa.Text(), ""),
    "sources": (sa.Text(), ""),
    "portrait": (sa.String(64), ""),
    "portrait_alt": (sa.String(200), ""),
    "portrait_made_from": (sa.String(64), ""),
    "portrait_credit": (sa.String(160), ""),
    "file_slug": (sa.String(80), ""),
    "file_sum": (sa.String(64), ""),
}
"""Of a case, with what the cases that are there begin with."""


def upgrade() -> None:
    for name, (kind, begins_with) in NEW_COLUMNS.items():
        column = sa.Column(name, kind, nullable=False, server_default=begins_with)
        op.add_column("case_file", column)
    op.create_table(
        "case_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(12), nullable=False),
        sa.Column("summary", sa.String(120), nullable=False),
        sa.Column("story", sa.Text(), nullable=False),
        sa.Column("what_is_asked", sa.Text(), nullable=False),
        sa.Column("key_points", sa.Text(), nullable=False),
        sa.Column("sample_lines", sa.Text(), nullable=False),
        sa.Column("portrait_alt", sa.String(200), nullable=False),
        sa.Column("salutations", sa.JSON(), nullable=False),
        sa.Column("edit_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_case_text_case_id_case_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_text")),
        sa.UniqueConstraint("case_id", "language", name=op.f("uq_case_text_case_id_language")),
    )


def downgrade() -> None:
    op.drop_table("case_text")
    for name in reversed(NEW_COLUMNS):
        op.drop_column("case_file", name)
