"""What a coordinator did to the week

One row for an action and one for each class it touched, before and after: an action can be taken back as one.

Revision ID: 0008
Revises: 0006
"""
import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0006'
branch_labels = None
depends_on = None

SORTS = ('put', 'series', 'move', 'following', 'swap', 'cancel', 'lecturer', 'pin', 'day', 'shift')


def upgrade():
    op.create_table('timetable_change',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('provider_id', sa.Integer(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('sort', sa.Enum(*SORTS, name='changesort', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('state', sa.Enum('done', 'undone', 'overtaken', name='changestate', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_timetable_change_by_id_person')),
    sa.ForeignKeyConstraint(['provider_id'], ['organisation.id'], name=op.f('fk_timetable_change_provider_id_organisation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_timetable_change'))
    )
    op.create_index('ix_timetable_change_by_id_provider_id_state', 'timetable_change', ['by_id', 'provider_id', 'state'])
    op.create_table('session_change',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('change_id', sa.Integer(), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('before', sa.JSON(), nullable=True),
    sa.Column('after', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['change_id'], ['timetable_change.id'], name=op.f('fk_session_change_change_id_timetable_change'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['session_id'], ['class_session.id'], name=op.f('fk_session_change_session_id_class_session'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_session_change')),
    sa.UniqueConstraint('change_id', 'session_id', name='uq_session_change_change_id_session_id')
    )
    op.create_index('ix_session_change_session_id', 'session_change', ['session_id'])


def downgrade():
    op.drop_index('ix_session_change_session_id', table_name='session_change')
    op.drop_table('session_change')
    op.drop_index('ix_timetable_change_by_id_provider_id_state', table_name='timetable_change')
    op.drop_table('timetable_change')
