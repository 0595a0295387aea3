"""What must be taught, and by whom

Time on the way between sites; limits, availability and wishes of lecturers; who may teach a module, what it needs and
in which order; groups in halves and pinned classes. A run is held by its halves: what took the run takes both.

Revision ID: 0007
Revises: 0005
"""
import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0005'
branch_labels = None
depends_on = None

OLDER = "resource_kind IN ('room', 'lecturer', 'run')"
NEWER = "resource_kind IN ('room', 'lecturer', 'first_half', 'second_half')"
LIMITS = ('pairs_a_day', 'pairs_a_week', 'hours_a_year')
KINDS = ('lecture', 'practical', 'independent', 'distance', 'internship')
PARTS = ('whole', 'first_half', 'second_half')


def upgrade():
    _make_tables()
    with op.batch_alter_table('room', schema=None) as batch_op:
        batch_op.add_column(sa.Column('lock', sa.Integer(), nullable=False, server_default='0'))
    with op.batch_alter_table('room', schema=None) as batch_op:
        batch_op.alter_column('lock', existing_type=sa.Integer(), existing_nullable=False, server_default=None)
    with op.batch_alter_table('lecturer', table_kwargs={'sqlite_autoincrement': True}) as batch_op:
        for name in LIMITS:
            batch_op.add_column(sa.Column(name, sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('lock', sa.Integer(), nullable=False, server_default='0'))
    with op.batch_alter_table('lecturer', table_kwargs={'sqlite_autoincrement': True}) as batch_op:
        batch_op.alter_column('lock', existing_type=sa.Integer(), existing_nullable=False, server_default=None)
        for name in LIMITS:
            batch_op.create_check_constraint(op.f(f'ck_lecturer_{name}'), f'{name} >= 1')
    with op.batch_alter_table('class_session', schema=None) as batch_op:
        batch_op.add_column(sa.Column('part', sa.String(length=32), nullable=False, server_default='whole'))
        batch_op.add_column(sa.Column('pinned', sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table('class_session', schema=None) as batch_op:
        batch_op.alter_column('part', existing_type=sa.String(length=32), existing_nullable=False, server_default=None)
        batch_op.alter_column('pinned', existing_type=sa.Boolean(), existing_nullable=False, server_default=None)
        batch_op.create_check_constraint(op.f('ck_class_session_part'), "part IN ('whole', 'first_half', 'second_half')")
    with op.batch_alter_table('occupancy', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_occupancy_resource'), type_='check')
    op.execute("UPDATE occupancy SET resource_kind = 'first_half' WHERE resource_kind = 'run'")
    op.execute(
        "INSERT INTO occupancy (resource_kind, resource_id, slot, session_id)"
        " SELECT 'second_half', resource_id, slot, session_id FROM occupancy WHERE resource_kind = 'first_half'"
    )
    with op.batch_alter_table('occupancy', schema=None) as batch_op:
        batch_op.create_check_constraint(op.f('ck_occupancy_resource'), NEWER)


def downgrade():
    with op.batch_alter_table('occupancy', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_occupancy_resource'), type_='check')
    # A run was held once: by the whole group, or by the first of two halves that meet at the same time.
    op.execute(
        "DELETE FROM occupancy WHERE resource_kind = 'second_half' AND EXISTS ("
        "SELECT 1 FROM occupancy AS first WHERE first.resource_kind = 'first_half'"
        " AND first.resource_id = occupancy.resource_id AND first.slot = occupancy.slot)"
    )
    op.execute("UPDATE occupancy SET resource_kind = 'run' WHERE resource_kind IN ('first_half', 'second_half')")
    with op.batch_alter_table('occupancy', schema=None) as batch_op:
        batch_op.create_check_constraint(op.f('ck_occupancy_resource'), OLDER)
    with op.batch_alter_table('class_session', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_class_session_part'), type_='check')
        batch_op.drop_column('pinned')
        batch_op.drop_column('part')
    with op.batch_alter_table('lecturer', table_kwargs={'sqlite_autoincrement': True}) as batch_op:
        for name in LIMITS:
            batch_op.drop_constraint(op.f(f'ck_lecturer_{name}'), type_='check')
        batch_op.drop_column('lock')
        for name in LIMITS:
            batch_op.drop_column(name)
    with op.batch_alter_table('room', schema=None) as batch_op:
        batch_op.drop_column('lock')
    for table in ('half_of_group', 'teaching_order', 'module_order', 'teaching_need', 'may_teach', 'availability', 'travel'):
        op.drop_table(table)


def _kind(*values, name):
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _make_tables():
    op.create_table('travel',
    sa.Column('provider_id', sa.Integer(), nullable=False),
    sa.Column('one_site', sa.String(length=120), nullable=False),
    sa.Column('other_site', sa.String(length=120), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.CheckConstraint('minutes BETWEEN 0 AND 600', name=op.f('ck_travel_minutes')),
    sa.CheckConstraint('one_site <> other_site', name=op.f('ck_travel_two_sites')),
    sa.ForeignKeyConstraint(['provider_id'], ['organisation.id'], name=op.f('fk_travel_provider_id_organisation')),
    sa.PrimaryKeyConstraint('provider_id', 'one_site', 'other_site', name=op.f('pk_travel'))
    )
    op.create_table('availability',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('lecturer_id', sa.Integer(), nullable=False),
    sa.Column('stance', _kind('unavailable', 'unwished', 'wished', name='stance'), nullable=False),
    sa.Column('standing', _kind('proposed', 'agreed', 'declined', name='standing'), nullable=False),
    sa.Column('weekday', sa.Integer(), nullable=True),
    sa.Column('first_on', sa.Date(), nullable=True),
    sa.Column('last_on', sa.Date(), nullable=True),
    sa.Column('from_minute', sa.Integer(), nullable=False),
    sa.Column('to_minute', sa.Integer(), nullable=False),
    sa.Column('note', sa.String(length=200), nullable=False),
    sa.CheckConstraint('(weekday IS NULL) <> (first_on IS NULL)', name=op.f('ck_availability_weekday_or_dates')),
    sa.CheckConstraint('(first_on IS NULL) = (last_on IS NULL)', name=op.f('ck_availability_both_dates')),
    sa.CheckConstraint('first_on <= last_on', name=op.f('ck_availability_dates')),
    sa.CheckConstraint('weekday BETWEEN 1 AND 7', name=op.f('ck_availability_weekday')),
    sa.CheckConstraint('0 <= from_minute AND from_minute < to_minute AND to_minute <= 1440', name=op.f('ck_availability_minutes')),
    sa.CheckConstraint("standing = 'agreed' OR stance = 'unavailable'", name=op.f('ck_availability_wishes_need_nobody')),
    sa.ForeignKeyConstraint(['lecturer_id'], ['lecturer.id'], name=op.f('fk_availability_lecturer_id_lecturer'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_availability')),
    sqlite_autoincrement=True
    )
    op.create_index('ix_availability_lecturer_id', 'availability', ['lecturer_id'], unique=False)
    op.create_table('may_teach',
    sa.Column('module_id', sa.Integer(), nullable=False),
    sa.Column('kind', _kind(*KINDS, name='hourkind'), nullable=False),
    sa.Column('lecturer_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['lecturer_id'], ['lecturer.id'], name=op.f('fk_may_teach_lecturer_id_lecturer'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['module_id'], ['module.id'], name=op.f('fk_may_teach_module_id_module'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('module_id', 'kind', 'lecturer_id', name=op.f('pk_may_teach'))
    )
    op.create_index('ix_may_teach_lecturer_id', 'may_teach', ['lecturer_id'], unique=False)
    op.create_table('teaching_need',
    sa.Column('module_id', sa.Integer(), nullable=False),
    sa.Column('kind', _kind(*KINDS, name='hourkind'), nullable=False),
    sa.Column('equipment', sa.JSON(), nullable=False),
    sa.Column('site', sa.String(length=120), nullable=False),
    sa.Column('in_halves', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['module_id'], ['module.id'], name=op.f('fk_teaching_need_module_id_module'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('module_id', 'kind', name=op.f('pk_teaching_need'))
    )
    op.create_table('module_order',
    sa.Column('module_id', sa.Integer(), nullable=False),
    sa.Column('after_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('module_id <> after_id', name=op.f('ck_module_order_two_modules')),
    sa.ForeignKeyConstraint(['after_id'], ['module.id'], name=op.f('fk_module_order_after_id_module'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['module_id'], ['module.id'], name=op.f('fk_module_order_module_id_module'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('module_id', 'after_id', name=op.f('pk_module_order'))
    )
    op.create_index('ix_module_order_after_id', 'module_order', ['after_id'], unique=False)
    op.create_table('teaching_order',
    sa.Column('course_version_id', sa.Integer(), nullable=False),
    sa.Column('lectures_first', sa.Boolean(), nullable=False),
    sa.Column('last_module_last', sa.Boolean(), nullable=False),
    sa.Column('lock', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['course_version_id'], ['course_version.id'], name=op.f('fk_teaching_order_course_version_id_course_version'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('course_version_id', name=op.f('pk_teaching_order'))
    )
    op.create_table('half_of_group',
    sa.Column('enrolment_id', sa.Integer(), nullable=False),
    sa.Column('part', _kind(*PARTS, name='part'), nullable=False),
    sa.CheckConstraint("part <> 'whole'", name=op.f('ck_half_of_group_one_half')),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name=op.f('fk_half_of_group_enrolment_id_enrolment'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('enrolment_id', name=op.f('pk_half_of_group'))
    )
