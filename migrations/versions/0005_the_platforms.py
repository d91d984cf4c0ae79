"""The platforms."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

BEFORE = ("feed", "webhook", "push", "file")
KINDS = (
    "app_store", "bluesky", "facebook", "feed", "file", "google", "instagram", "mail", "mastodon",
    "page", "places", "play", "push", "reddit", "tiktok", "tripadvisor", "trustpilot", "webhook",
    "x", "yelp", "youtube",
)  # fmt: skip


def _one_of(words: tuple[str, ...]) -> str:
    return "kind IN (" + ", ".join(f"'{word}'" for word in words) + ")"


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("renew_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tell_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("spent", sa.JSON(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"],
            ["client.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_account_client_id"), ["client_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_account_renew_at"), ["renew_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_account_tell_at"), ["tell_at"], unique=False)

    op.create_table(
        "connection",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("finish_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'answered', 'connected', 'failed', 'expired')", name="state_known"
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
        ),
        sa.ForeignKeyConstraint(
            ["client_id"],
            ["client.id"],
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("token_hash"),
    )
    with op.batch_alter_table("connection", schema=None) as batch_op:
        batch_op.create_index(
            "connection_to_finish",
            ["finish_at"],
            unique=False,
            sqlite_where=sa.text("state = 'answered'"),
            postgresql_where=sa.text("state = 'answered'"),
        )
        batch_op.create_index(batch_op.f("ix_connection_client_id"), ["client_id"], unique=False)

    op.create_table(
        "hint",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("delivery", sa.String(), nullable=False),
        sa.Column("about", sa.JSON(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["source_id"],
            ["source.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("delivery"),
    )
    with op.batch_alter_table("hint", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hint_source_id"), ["source_id"], unique=False)

    with op.batch_alter_table("review", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kind", sa.String(), nullable=False, server_default="review"))
        batch_op.add_column(sa.Column("parent_id", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("reply", sa.JSON(), nullable=True))
        batch_op.add_column(
            sa.Column("hidden", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.add_column(sa.Column("missing_since", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_check_constraint(
            "kind_known", _one_of(("review", "comment", "mention", "post"))
        )

    with op.batch_alter_table("source", schema=None) as batch_op:
        batch_op.add_column(sa.Column("account_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("place", sa.JSON(), nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column("whole_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("check_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("counters", sa.JSON(), nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column("probed", sa.JSON(), nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column("ready", sa.Boolean(), nullable=True))
        batch_op.add_column(
            sa.Column("ready_detail", sa.String(), nullable=False, server_default="")
        )
        batch_op.create_index(batch_op.f("ix_source_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_source_check_at"), ["check_at"], unique=False)
        batch_op.create_foreign_key("source_account_id_fkey", "account", ["account_id"], ["id"])
        batch_op.drop_constraint("kind_known", type_="check")
        batch_op.create_check_constraint("kind_known", _one_of(KINDS))


def downgrade() -> None:
    with op.batch_alter_table("source", schema=None) as batch_op:
        batch_op.drop_constraint("kind_known", type_="check")
        batch_op.create_check_constraint("kind_known", _one_of(BEFORE))
        batch_op.drop_constraint("source_account_id_fkey", type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_source_check_at"))
        batch_op.drop_index(batch_op.f("ix_source_account_id"))
        batch_op.drop_column("ready_detail")
        batch_op.drop_column("ready")
        batch_op.drop_column("probed")
        batch_op.drop_column("counters")
        batch_op.drop_column("checked_at")
        batch_op.drop_column("check_at")
        batch_op.drop_column("whole_at")
        batch_op.drop_column("place")
        batch_op.drop_column("account_id")

    with op.batch_alter_table("review", schema=None) as batch_op:
        batch_op.drop_constraint("kind_known", type_="check")
        batch_op.drop_column("gone_at")
        batch_op.drop_column("missing_since")
        batch_op.drop_column("hidden")
        batch_op.drop_column("reply")
        batch_op.drop_column("parent_id")
        batch_op.drop_column("kind")

    with op.batch_alter_table("hint", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_hint_source_id"))

    op.drop_table("hint")
    with op.batch_alter_table("connection", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_connection_client_id"))
        batch_op.drop_index(
            "connection_to_finish",
            sqlite_where=sa.text("state = 'answered'"),
            postgresql_where=sa.text("state = 'answered'"),
        )

    op.drop_table("connection")
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_account_tell_at"))
        batch_op.drop_index(batch_op.f("ix_account_renew_at"))
        batch_op.drop_index(batch_op.f("ix_account_client_id"))

    op.drop_table("account")
