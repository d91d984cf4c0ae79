"""The watch over each client."""

from collections.abc import Sequence
from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "baseline",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.LargeBinary(), nullable=True),
        sa.Column("settled_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("prior_per_day", sa.Float(), nullable=False),
        sa.Column("prior_share", sa.Float(), nullable=False),
        sa.Column("woke_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("woke_by", sa.String(), nullable=False),
        sa.Column("noticed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("notice", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"],
            ["client.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("client_id"),
    )
    with op.batch_alter_table("baseline", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_baseline_woke_at"), ["woke_at"], unique=False)

    op.create_table(
        "sight",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("share", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"],
            ["client.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("sight", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sight_client_id"), ["client_id"], unique=False)

    with op.batch_alter_table("client", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("sensitivity", sa.String(), nullable=False, server_default="normal")
        )
        batch_op.create_check_constraint(
            "sensitivity_known", "sensitivity IN ('calm', 'normal', 'sharp')"
        )

    with op.batch_alter_table("incident", schema=None) as batch_op:
        batch_op.add_column(sa.Column("slowing_at", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("review", schema=None) as batch_op:
        batch_op.add_column(sa.Column("told_at", sa.DateTime(timezone=True), nullable=True))

    op.execute("UPDATE review SET told_at = seen_at")

    with op.batch_alter_table("review", schema=None) as batch_op:
        batch_op.alter_column("told_at", existing_type=sa.DateTime(timezone=True), nullable=False)
        batch_op.create_index("ix_review_client_told", ["client_id", "told_at"], unique=False)

    _remember_blindness()


def _remember_blindness() -> None:
    """Clients with a source that is blind at the upgrade: what can be seen since the first failed."""
    ledger = op.get_bind()
    source = sa.table(
        "source",
        sa.column("client_id", sa.Uuid()),
        sa.column("failing_since", sa.DateTime(timezone=True)),
        sa.column("removed_at", sa.DateTime(timezone=True)),
    )
    sight = sa.table(
        "sight",
        sa.column("id", sa.Uuid()),
        sa.column("created_at", sa.DateTime(timezone=True)),
        sa.column("client_id", sa.Uuid()),
        sa.column("share", sa.Float()),
    )
    rows = ledger.execute(
        sa.select(
            source.c.client_id,
            sa.func.min(source.c.failing_since),
            sa.func.count(),
            sa.func.count(source.c.failing_since),
        )
        .where(source.c.removed_at.is_(None))
        .group_by(source.c.client_id)
    ).all()
    for client_id, since, sources, blind in rows:
        if blind:
            share = (sources - blind) / sources
            ledger.execute(
                sa.insert(sight).values(
                    id=uuid4(), created_at=since, client_id=client_id, share=share
                )
            )


def downgrade() -> None:
    with op.batch_alter_table("review", schema=None) as batch_op:
        batch_op.drop_index("ix_review_client_told")
        batch_op.drop_column("told_at")

    with op.batch_alter_table("incident", schema=None) as batch_op:
        batch_op.drop_column("slowing_at")

    with op.batch_alter_table("client", schema=None) as batch_op:
        batch_op.drop_constraint("sensitivity_known", type_="check")
        batch_op.drop_column("sensitivity")

    with op.batch_alter_table("sight", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sight_client_id"))

    op.drop_table("sight")
    with op.batch_alter_table("baseline", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_baseline_woke_at"))

    op.drop_table("baseline")
