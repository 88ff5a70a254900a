"""several processes on one database

What an older release may still run beside: new columns have defaults, and nothing is taken away.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None

WAITING = sa.text("state = 'waiting'")
# Rows come and go: without this the planner works with the numbers of a table that was empty.
BUSY = "autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000, autovacuum_analyze_scale_factor = 0.02, autovacuum_analyze_threshold = 1000"


def upgrade() -> None:
    op.create_table(
        'lease',
        sa.Column('name', sa.String(length=64), nullable=False),
        sa.Column('holder', sa.String(length=64), nullable=False),
        sa.Column('until', sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('name', name=op.f('pk_lease')),
    )
    op.create_table(
        'mark',
        sa.Column('name', sa.String(length=64), nullable=False),
        sa.Column('value', sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint('name', name=op.f('pk_mark')),
    )
    op.create_table(
        'blob',
        sa.Column('sha256', sa.String(length=64), nullable=False),
        sa.Column('sealed', sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint('sha256', name=op.f('pk_blob')),
    )
    attempts = sa.Column(
        'attempts',
        sa.BigInteger().with_variant(sa.Integer(), 'sqlite'),
        server_default='0',
        nullable=False,
    )
    op.add_column('inbox', attempts)
    # What could not be handled until now had no note, and nobody would be shown it.
    op.execute(
        "INSERT INTO audit (at, act, subject, subject_id, data) SELECT coalesce(done_at, received_at), 'parked',"
        """ 'inbox', id, '{"province": ""}' FROM inbox WHERE state = 'failed'"""
    )
    if op.get_bind().dialect.name != 'postgresql':
        return
    op.create_index('ix_inbox_chat_waiting', 'inbox', ['chat_key', 'id'], postgresql_where=WAITING)
    op.create_index('ix_outbox_chat_waiting', 'outbox', ['chat_key', 'id'], postgresql_where=WAITING)
    op.execute('ALTER TABLE blob ALTER COLUMN sealed SET STORAGE EXTERNAL')  # sealed bytes cannot be compressed
    for table in ('inbox', 'outbox'):
        op.execute(f'ALTER TABLE {table} SET ({BUSY})')


def downgrade() -> None:
    raise NotImplementedError("migrations go forward; restore a backup to go back")
