"""The ways to reach a person."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "escalation_plan",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=True),
        sa.Column("steps", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"],
            ["client.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("client_id"),
    )
    with op.batch_alter_table("device", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("channel", sa.String(), nullable=False, server_default="webpush")
        )
        batch_op.add_column(
            sa.Column("address_sealed", sa.LargeBinary(), nullable=False, server_default="")
        )
        batch_op.add_column(sa.Column("hint", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("broken_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.alter_column("push_key_id", existing_type=sa.Uuid(), nullable=True)
        batch_op.alter_column("endpoint", existing_type=sa.String(), nullable=True)
        batch_op.create_check_constraint(
            "channel_known",
            "channel IN ('webpush', 'voice', 'sms', 'pushover', 'ntfy', 'email', 'apprise')",
        )

    with op.batch_alter_table("notification", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reference", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("ask_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("take_back_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("facts", sa.JSON(), nullable=True))
        batch_op.create_index(batch_op.f("ix_notification_reference"), ["reference"], unique=False)
        batch_op.create_index(
            "notification_to_ask",
            ["ask_at"],
            unique=False,
            sqlite_where=sa.text("ask_at IS NOT NULL"),
            postgresql_where=sa.text("ask_at IS NOT NULL"),
        )
        batch_op.create_index(
            "notification_to_take_back",
            ["take_back_at"],
            unique=False,
            sqlite_where=sa.text("take_back_at IS NOT NULL"),
            postgresql_where=sa.text("take_back_at IS NOT NULL"),
        )

    with op.batch_alter_table("user_account", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("quiet_from", sa.String(), nullable=False, server_default="22:00")
        )
        batch_op.add_column(
            sa.Column("quiet_until", sa.String(), nullable=False, server_default="07:30")
        )
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        batch_op.add_column(sa.Column("arm_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f("ix_user_account_arm_at"), ["arm_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("user_account", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_user_account_arm_at"))
        batch_op.drop_column("arm_at")
        batch_op.drop_column("version")
        batch_op.drop_column("quiet_until")
        batch_op.drop_column("quiet_from")

    with op.batch_alter_table("notification", schema=None) as batch_op:
        batch_op.drop_index(
            "notification_to_take_back",
            sqlite_where=sa.text("take_back_at IS NOT NULL"),
            postgresql_where=sa.text("take_back_at IS NOT NULL"),
        )
        batch_op.drop_index(
            "notification_to_ask",
            sqlite_where=sa.text("ask_at IS NOT NULL"),
            postgresql_where=sa.text("ask_at IS NOT NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_notification_reference"))
        batch_op.drop_column("facts")
        batch_op.drop_column("take_back_at")
        batch_op.drop_column("ask_at")
        batch_op.drop_column("reference")

    op.execute("DELETE FROM notification WHERE channel <> 'webpush'")
    op.execute("DELETE FROM device WHERE channel <> 'webpush'")
    with op.batch_alter_table("device", schema=None) as batch_op:
        batch_op.drop_constraint("channel_known", type_="check")
        batch_op.alter_column("endpoint", existing_type=sa.String(), nullable=False)
        batch_op.alter_column("push_key_id", existing_type=sa.Uuid(), nullable=False)
        batch_op.drop_column("broken_at")
        batch_op.drop_column("hint")
        batch_op.drop_column("address_sealed")
        batch_op.drop_column("channel")

    op.drop_table("escalation_plan")
