"""the villager's side

What an older release may still run beside: new columns have defaults or are empty, and nothing is taken away.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        'backing',
        sa.Column('id', ID, nullable=False),
        sa.Column('report_id', ID, nullable=False),
        sa.Column('person_id', ID, nullable=False),
        sa.Column('own_id', ID, nullable=True),
        sa.Column('at', TIME, nullable=False),
        sa.Column('left_at', TIME, nullable=True),
        sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_backing_report_id_report')),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_backing_person_id_person')),
        sa.ForeignKeyConstraint(['own_id'], ['report.id'], name=op.f('fk_backing_own_id_report')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_backing')),
        sa.UniqueConstraint('report_id', 'person_id', name=op.f('uq_backing_report_id_person_id')),
    )
    op.create_index(op.f('ix_backing_person_id'), 'backing', ['person_id'])
    op.create_index(op.f('ix_backing_own_id'), 'backing', ['own_id'])
    op.add_column('report', sa.Column('on_behalf', sa.String(length=64), server_default=sa.text("''"), nullable=False))
    op.add_column('report', sa.Column('proposed_at', TIME, nullable=True))
    op.add_column('report', sa.Column('proposed_by_id', ID, nullable=True))
    op.add_column('report', sa.Column('closed_at', TIME, nullable=True))
    op.add_column('report', sa.Column('duplicate_of_id', ID, nullable=True))
    op.add_column('report', sa.Column('rating', ID, nullable=True))
    op.create_index(op.f('ix_report_duplicate_of_id'), 'report', ['duplicate_of_id'])
    op.add_column('medium', sa.Column('album_key', sa.LargeBinary(length=20), nullable=True))
    op.add_column('medium', sa.Column('position', ID, server_default='0', nullable=False))
    op.add_column('medium', sa.Column('heard_sealed', sa.LargeBinary(), nullable=True))
    op.add_column('medium', sa.Column('heard', sa.String(length=64), server_default=sa.text("''"), nullable=False))
    op.create_index(op.f('ix_medium_album_key'), 'medium', ['album_key'])
    op.add_column('person', sa.Column('burst_at', TIME, nullable=True))
    op.add_column('person', sa.Column('burst', ID, server_default='0', nullable=False))
    op.add_column('identity', sa.Column('private_at', TIME, nullable=True))


def downgrade() -> None:
    raise NotImplementedError("migrations go forward; restore a backup to go back")
