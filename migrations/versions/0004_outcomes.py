"""What became of cases, the totals of past years, and the section's own texts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

WORDS = ("contact", "act_colour", "link_colour")
SWITCHES = ("shows_good_news", "shows_history", "shows_totals")


def upgrade() -> None:
    for name, most in zip(WORDS, (300, 7, 7), strict=True):
        op.add_column(
            "section", sa.Column(name, sa.String(most), nullable=False, server_default="")
        )
    for name in SWITCHES:
        op.add_column(
            "section", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.true())
        )
    op.create_table(
        "outcome",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("country", sa.String(80), nullable=False),
        sa.Column("campaign_year", sa.Integer(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("month", sa.Integer(), nullable=True),
        sa.Column("day", sa.Integer(), nullable=True),
        sa.Column("change", sa.String(20), nullable=False),
        sa.Column("headline", sa.String(160), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("actions_stated", sa.String(160), nullable=False),
        sa.Column("sources", sa.Text(), nullable=False),
        sa.Column("quote", sa.String(600), nullable=False),
        sa.Column("quote_by", sa.String(120), nullable=False),
        sa.Column("quote_agreed", sa.Boolean(), nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edit_version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(year IS NOT NULL OR campaign_year IS NOT NULL)"
            " AND (year IS NOT NULL OR month IS NULL) AND (month IS NOT NULL OR day IS NULL)",
            name=op.f("ck_outcome_date"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_outcome_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome")),
    )
    op.create_index(op.f("ix_outcome_case_id"), "outcome", ["case_id"])
    op.create_table(
        "past_total",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("whose", sa.String(8), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("precision", sa.String(12), nullable=False),
        sa.Column("at_close", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(300), nullable=False),
        sa.Column("sources", sa.Text(), nullable=False),
        sa.Column("edit_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("whose IN ('world', 'section')", name=op.f("ck_past_total_whose")),
        sa.CheckConstraint(
            "precision IN ('exact', 'more_than', 'about', 'disputed')",
            name=op.f("ck_past_total_precision"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_past_total")),
        sa.UniqueConstraint("whose", "year", name=op.f("uq_past_total_whose_year")),
    )
    op.create_table(
        "page_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("page", sa.String(16), nullable=False),
        sa.Column("language", sa.String(12), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("edit_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page_text")),
        sa.UniqueConstraint("page", "language", name=op.f("uq_page_text_page_language")),
    )


def downgrade() -> None:
    for table in ("page_text", "past_total", "outcome"):
        op.drop_table(table)
    for name in (*SWITCHES, *WORDS):
        op.drop_column("section", name)
