"""Repairs of a published timetable

A room is out from one day to another; a scenario may repair what is published, and knows which change published it.

Revision ID: 0014
Revises: 0010
"""
import sqlalchemy as sa
from alembic import op

revision = '0014'
down_revision = '0010'
branch_labels = None
depends_on = None

SORTS = ('put', 'series', 'move', 'following', 'swap', 'cancel', 'lecturer', 'pin', 'day', 'shift')
NEW_SORTS = ('publication', 'repair')


def _sorts(*values):
    return sa.Enum(*values, name='changesort', native_enum=False, create_constraint=False, length=32)


def _allow(*values):
    """Which sorts of change there may be."""
    with op.batch_alter_table('timetable_change', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_timetable_change_changesort'), type_='check')
        batch_op.create_check_constraint(op.f('ck_timetable_change_changesort'), sa.column('sort').in_(values))


def upgrade():
    with op.batch_alter_table('room', schema=None) as batch_op:
        batch_op.add_column(sa.Column('outages', sa.JSON(), nullable=False, server_default='[]'))
    with op.batch_alter_table('room', schema=None) as batch_op:
        batch_op.alter_column('outages', existing_type=sa.JSON(), existing_nullable=False, server_default=None)
    _allow(*SORTS, *NEW_SORTS)
    with op.batch_alter_table('scenario', schema=None) as batch_op:
        batch_op.add_column(sa.Column('outage', sa.JSON(), nullable=False, server_default='{}'))
        batch_op.add_column(sa.Column('change_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(op.f('fk_scenario_change_id_timetable_change'), 'timetable_change', ['change_id'], ['id'])
    with op.batch_alter_table('scenario', schema=None) as batch_op:
        batch_op.alter_column('outage', existing_type=sa.JSON(), existing_nullable=False, server_default=None)
    with op.batch_alter_table('scenario_class', schema=None) as batch_op:
        batch_op.add_column(sa.Column('session_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('seen_lock', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(op.f('fk_scenario_class_session_id_class_session'), 'class_session', ['session_id'], ['id'], ondelete='CASCADE')
        batch_op.create_check_constraint(op.f('ck_scenario_class_of_a_class'), '(session_id IS NULL) = (seen_lock IS NULL)')


def downgrade():
    # What a repair made is worth nothing without what it repaired.
    op.execute("DELETE FROM scenario_class WHERE session_id IS NOT NULL")
    with op.batch_alter_table('scenario_class', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_scenario_class_of_a_class'), type_='check')
        batch_op.drop_constraint(op.f('fk_scenario_class_session_id_class_session'), type_='foreignkey')
        batch_op.drop_column('seen_lock')
        batch_op.drop_column('session_id')
    with op.batch_alter_table('scenario', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('fk_scenario_change_id_timetable_change'), type_='foreignkey')
        batch_op.drop_column('change_id')
        batch_op.drop_column('outage')
    op.execute("UPDATE timetable_change SET sort = 'move' WHERE sort IN ('publication', 'repair')")
    _allow(*SORTS)
    with op.batch_alter_table('room', schema=None) as batch_op:
        batch_op.drop_column('outages')
