"""Scenarios stand beside the timetable

What was asked of the machine, what it costs by part, and where it puts each class. They occupy nothing.

Revision ID: 0009
Revises: 0008
"""
import sqlalchemy as sa
from alembic import op

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None

KINDS = ('lecture', 'practical', 'independent', 'distance', 'internship')
PARTS = ('whole', 'first_half', 'second_half')
KEEPS = ('placed', 'published', 'pinned')
STATES = ('waiting', 'working', 'ready', 'impossible', 'published', 'dropped')


def _kind(*values, name):
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade():
    op.create_table('scenario',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('provider_id', sa.Integer(), nullable=False),
    sa.Column('first_on', sa.Date(), nullable=False),
    sa.Column('last_on', sa.Date(), nullable=False),
    sa.Column('run_ids', sa.JSON(), nullable=False),
    sa.Column('keep', _kind(*KEEPS, name='keep'), nullable=False),
    sa.Column('state', _kind(*STATES, name='scenariostate'), nullable=False),
    sa.Column('weights', sa.JSON(), nullable=False),
    sa.Column('seed', sa.Integer(), nullable=False),
    sa.Column('seconds', sa.Integer(), nullable=False),
    sa.Column('steps', sa.BigInteger(), nullable=False),
    sa.Column('cost', sa.JSON(), nullable=False),
    sa.Column('curve', sa.JSON(), nullable=False),
    sa.Column('placed', sa.Integer(), nullable=False),
    sa.Column('wanted', sa.Integer(), nullable=False),
    sa.Column('why_not', sa.JSON(), nullable=False),
    sa.Column('base', sa.String(length=32), nullable=False),
    sa.Column('stop', sa.Boolean(), nullable=False),
    sa.Column('job_id', sa.Integer(), nullable=True),
    sa.Column('made_by_id', sa.Integer(), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('first_on <= last_on', name=op.f('ck_scenario_dates')),
    sa.CheckConstraint('seconds BETWEEN 1 AND 3600', name=op.f('ck_scenario_seconds')),
    sa.ForeignKeyConstraint(['made_by_id'], ['person.id'], name=op.f('fk_scenario_made_by_id_person')),
    sa.ForeignKeyConstraint(['provider_id'], ['organisation.id'], name=op.f('fk_scenario_provider_id_organisation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_scenario'))
    )
    op.create_index('ix_scenario_provider_id', 'scenario', ['provider_id', 'id'], unique=False)
    op.create_table('scenario_class',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('scenario_id', sa.Integer(), nullable=False),
    sa.Column('run_id', sa.Integer(), nullable=False),
    sa.Column('module_id', sa.Integer(), nullable=False),
    sa.Column('kind', _kind(*KINDS, name='hourkind'), nullable=False),
    sa.Column('part', _kind(*PARTS, name='part'), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.Column('lecturer_id', sa.Integer(), nullable=True),
    sa.Column('room_id', sa.Integer(), nullable=True),
    sa.Column('on_date', sa.Date(), nullable=False),
    sa.Column('pair', sa.Integer(), nullable=False),
    sa.CheckConstraint('minutes > 0', name=op.f('ck_scenario_class_minutes')),
    sa.ForeignKeyConstraint(['lecturer_id'], ['person.id'], name=op.f('fk_scenario_class_lecturer_id_person')),
    sa.ForeignKeyConstraint(['module_id'], ['module.id'], name=op.f('fk_scenario_class_module_id_module')),
    sa.ForeignKeyConstraint(['room_id'], ['room.id'], name=op.f('fk_scenario_class_room_id_room')),
    sa.ForeignKeyConstraint(['run_id'], ['run.id'], name=op.f('fk_scenario_class_run_id_run')),
    sa.ForeignKeyConstraint(['scenario_id'], ['scenario.id'], name=op.f('fk_scenario_class_scenario_id_scenario'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_scenario_class'))
    )
    op.create_index('ix_scenario_class_scenario_id', 'scenario_class', ['scenario_id', 'run_id', 'on_date'], unique=False)


def downgrade():
    op.drop_table('scenario_class')
    op.drop_table('scenario')
