"""The whole desk's first schema: accounts, season, events, ledger, limits, audit."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

UTC_TIME = sa.DateTime(timezone=True)
APPEND_ONLY = ("entry", "audit")


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("happened_at", UTC_TIME, nullable=False),
        sa.Column("actor", sa.String(length=16), nullable=True),
        sa.Column("verb", sa.String(length=40), nullable=False),
        sa.Column("thing", sa.String(length=40), nullable=False),
        sa.Column("thing_id", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )
    op.create_table(
        "campaign",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("public_on", sa.Date(), nullable=False),
        sa.Column("core_from", sa.Date(), nullable=False),
        sa.Column("core_until", sa.Date(), nullable=False),
        sa.Column("writing_until", sa.Date(), nullable=False),
        sa.Column("reports_due_on", sa.Date(), nullable=False),
        sa.Column("goal", sa.Integer(), nullable=True),
        sa.Column("previous_total", sa.Integer(), nullable=True),
        sa.Column("live_version", sa.Integer(), nullable=False),
        sa.Column("locked_at", UTC_TIME, nullable=True),
        sa.Column("created_at", UTC_TIME, nullable=False),
        sa.Column("edit_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_campaign"),
        sa.UniqueConstraint("slug", name="uq_campaign_slug"),
    )
    op.create_table(
        "rate_limit",
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("free_at_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_rate_limit"),
    )
    op.create_table(
        "section",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("edit_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_section"),
    )
    op.create_table(
        "user_account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("password_hash", sa.String(length=255), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", UTC_TIME, nullable=False),
        sa.Column("edit_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("role IN ('owner', 'admin', 'organiser')", name="ck_user_account_role"),
        sa.PrimaryKeyConstraint("id", name="pk_user_account"),
        sa.UniqueConstraint("email", name="uq_user_account_email"),
        sa.UniqueConstraint("public_id", name="uq_user_account_public_id"),
    )
    op.create_table(
        "case_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("country", sa.String(length=80), nullable=False),
        sa.Column("summary", sa.String(length=120), nullable=False),
        sa.Column("story", sa.Text(), nullable=False),
        sa.Column("what_is_asked", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("from_age", sa.Integer(), nullable=True),
        sa.Column("as_of_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("paused_at", UTC_TIME, nullable=True),
        sa.Column("pause_reason", sa.String(length=300), nullable=False),
        sa.Column("religious_card", sa.String(length=8), nullable=True),
        sa.Column("name_organisation", sa.String(length=8), nullable=True),
        sa.Column("sender_address", sa.String(length=8), nullable=True),
        sa.Column("mention_charges", sa.String(length=8), nullable=True),
        sa.Column("holiday_wishes", sa.String(length=8), nullable=True),
        sa.Column("created_at", UTC_TIME, nullable=False),
        sa.Column("edit_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state IN ('draft', 'public', 'paused')", name="ck_case_file_state"),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name="fk_case_file_campaign_id"),
        sa.PrimaryKeyConstraint("id", name="pk_case_file"),
        sa.UniqueConstraint("slug", name="uq_case_file_slug"),
    )
    op.create_index(
        "ix_case_file_campaign_id_position", "case_file", ["campaign_id", "position"], unique=False
    )
    op.create_table(
        "event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("starts_at", UTC_TIME, nullable=False),
        sa.Column("ends_at", UTC_TIME, nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("opened_at", UTC_TIME, nullable=True),
        sa.Column("closed_at", UTC_TIME, nullable=True),
        sa.Column("report_submitted_at", UTC_TIME, nullable=True),
        sa.Column("goal", sa.Integer(), nullable=True),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("kinds_in_front", sa.JSON(), nullable=False),
        sa.Column("is_rehearsal", sa.Boolean(), nullable=False),
        sa.Column("is_private", sa.Boolean(), nullable=False),
        sa.Column("has_young_people", sa.Boolean(), nullable=False),
        sa.Column("is_written_at_home", sa.Boolean(), nullable=False),
        sa.Column("live_version", sa.Integer(), nullable=False),
        sa.Column("chain_seq", sa.Integer(), nullable=False),
        sa.Column("chain_head", sa.String(length=64), nullable=False),
        sa.Column("created_at", UTC_TIME, nullable=False),
        sa.Column("edit_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state IN ('upcoming', 'running', 'closed')", name="ck_event_state"),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name="fk_event_campaign_id"),
        sa.PrimaryKeyConstraint("id", name="pk_event"),
        sa.UniqueConstraint("slug", name="uq_event_slug"),
    )
    op.create_index(
        "ix_event_campaign_id_starts_at", "event", ["campaign_id", "starts_at"], unique=False
    )
    op.create_table(
        "sign_in_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", UTC_TIME, nullable=False),
        sa.Column("last_seen_at", UTC_TIME, nullable=False),
        sa.Column("password_checked_at", UTC_TIME, nullable=False),
        sa.Column("revoked_at", UTC_TIME, nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name="fk_sign_in_session_user_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_sign_in_session"),
        sa.UniqueConstraint("token_hash", name="uq_sign_in_session_token_hash"),
    )
    op.create_index("ix_sign_in_session_user_id", "sign_in_session", ["user_id"], unique=False)
    op.create_table(
        "event_case",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name="fk_event_case_case_id"),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name="fk_event_case_event_id"),
        sa.PrimaryKeyConstraint("event_id", "case_id", name="pk_event_case"),
    )
    op.create_index("ix_event_case_case_id", "event_case", ["case_id"], unique=False)
    op.create_table(
        "event_organiser",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name="fk_event_organiser_event_id"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name="fk_event_organiser_user_id"
        ),
        sa.PrimaryKeyConstraint("event_id", "user_id", name="pk_event_organiser"),
    )
    op.create_index("ix_event_organiser_user_id", "event_organiser", ["user_id"], unique=False)
    op.create_table(
        "pulse",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("minute", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("table_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name="fk_pulse_event_id"),
        sa.PrimaryKeyConstraint("event_id", "minute", "table_id", name="pk_pulse"),
    )
    op.create_table(
        "tally",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("table_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("source", sa.String(length=8), nullable=False),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name="fk_tally_case_id"),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name="fk_tally_event_id"),
        sa.PrimaryKeyConstraint(
            "event_id", "table_id", "case_id", "kind", "source", name="pk_tally"
        ),
    )
    op.create_table(
        "writing_table",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("join_code", sa.String(length=8), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("created_at", UTC_TIME, nullable=False),
        sa.Column("edit_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("seats BETWEEN 1 AND 200", name="ck_writing_table_seats"),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name="fk_writing_table_event_id"),
        sa.PrimaryKeyConstraint("id", name="pk_writing_table"),
        sa.UniqueConstraint("join_code", name="uq_writing_table_join_code"),
    )
    op.create_index("ix_writing_table_event_id", "writing_table", ["event_id"], unique=False)
    op.create_table(
        "device",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("table_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("joined_at", UTC_TIME, nullable=False),
        sa.Column("last_seen_at", UTC_TIME, nullable=False),
        sa.Column("revoked_at", UTC_TIME, nullable=True),
        sa.ForeignKeyConstraint(["table_id"], ["writing_table.id"], name="fk_device_table_id"),
        sa.PrimaryKeyConstraint("id", name="pk_device"),
        sa.UniqueConstraint("token_hash", name="uq_device_token_hash"),
    )
    op.create_index("ix_device_table_id", "device", ["table_id"], unique=False)
    op.create_table(
        "entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("op", sa.String(length=36), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("table_id", sa.Integer(), nullable=True),
        sa.Column("device_id", sa.Integer(), nullable=True),
        sa.Column("actor", sa.String(length=16), nullable=True),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(length=8), nullable=False),
        sa.Column("refers_to", sa.String(length=36), nullable=True),
        sa.Column("log_op", sa.String(length=36), nullable=False),
        sa.Column("effect", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("is_late", sa.Boolean(), nullable=False),
        sa.Column("pressed_at", UTC_TIME, nullable=False),
        sa.Column("recorded_at", UTC_TIME, nullable=False),
        sa.Column("chain", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "act IN ('log', 'void', 'restore', 'count', 'recount')", name="ck_entry_act"
        ),
        sa.CheckConstraint("quantity > 0 OR act = 'recount'", name="ck_entry_quantity"),
        sa.CheckConstraint(
            "source IN ('tap', 'sheet', 'desk', 'report', 'recount', 'import')",
            name="ck_entry_source",
        ),
        sa.CheckConstraint("state IN ('counted', 'held')", name="ck_entry_state"),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name="fk_entry_case_id"),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name="fk_entry_device_id"),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name="fk_entry_event_id"),
        sa.ForeignKeyConstraint(["refers_to"], ["entry.op"], name="fk_entry_refers_to"),
        sa.ForeignKeyConstraint(["table_id"], ["writing_table.id"], name="fk_entry_table_id"),
        sa.PrimaryKeyConstraint("id", name="pk_entry"),
        sa.UniqueConstraint("event_id", "seq", name="uq_entry_event_id_seq"),
        sa.UniqueConstraint("op", name="uq_entry_op"),
        sa.UniqueConstraint("refers_to", name="uq_entry_refers_to"),
    )
    op.create_index("ix_entry_device_id_seq", "entry", ["device_id", "seq"], unique=False)
    op.create_index(
        "ix_entry_held",
        "entry",
        ["event_id"],
        unique=False,
        sqlite_where=sa.text("state = 'held'"),
        postgresql_where=sa.text("state = 'held'"),
    )
    op.create_index("ix_entry_log_op_seq", "entry", ["log_op", "seq"], unique=False)
    for table in APPEND_ONLY:
        forbid_changes(table)


def downgrade() -> None:
    op.drop_table("entry")
    op.drop_table("device")
    op.drop_table("writing_table")
    op.drop_table("tally")
    op.drop_table("pulse")
    op.drop_table("event_organiser")
    op.drop_table("event_case")
    op.drop_table("sign_in_session")
    op.drop_table("event")
    op.drop_table("case_file")
    op.drop_table("user_account")
    op.drop_table("section")
    op.drop_table("rate_limit")
    op.drop_table("campaign")
    op.drop_table("audit")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_change()")


def forbid_changes(table: str) -> None:
    """Rows of an append-only table can be neither changed nor removed, not even by hand."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_refuses_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        return
    op.execute(
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_refuses_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
