"""Registers are marked without a network

Each operation of a device is kept once, guests wait for the coordinator, a substitute has a register for a day; one
may leave early, and an excuse has its paper.

Revision ID: 0010
Revises: 0009
"""
import sqlalchemy as sa
from alembic import op

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None

KINDS = ('present', 'late', 'absent', 'excused', 'not_due')
NEW_KINDS = ('present', 'late', 'left_early', 'absent', 'excused', 'not_due')
WHAT = ('mark', 'topic', 'guest', 'sign')
OUTCOMES = ('applied', 'same', 'overtaken', 'disputed', 'refused')


def _kind(*values, name):
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _is_one_of(column, kinds):
    return f'{column} IN (' + ', '.join(f"'{kind}'" for kind in kinds) + ')'


def _allow(kinds):
    for table, column in (('mark', 'kind'), ('mark_change', 'was')):
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_constraint(op.f(f'ck_{table}_markkind'), type_='check')
            batch_op.create_check_constraint(op.f(f'ck_{table}_markkind'), _is_one_of(column, kinds))


def upgrade():
    _allow(NEW_KINDS)
    with op.batch_alter_table('register') as batch_op:
        batch_op.add_column(sa.Column('taught_by_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_register_taught_by_id_person'), 'person', ['taught_by_id'], ['id'])
    # Until now nobody signed but whose class it was, or a coordinator for them.
    op.execute(
        "UPDATE register SET taught_by_id = (SELECT class_session.lecturer_id FROM class_session "
        "WHERE class_session.id = register.session_id) WHERE state <> 'open'"
    )
    with op.batch_alter_table('mark') as batch_op:
        batch_op.add_column(sa.Column('paper_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_mark_paper_id_stored_file'), 'stored_file', ['paper_id'], ['id'])
    with op.batch_alter_table('mark_change') as batch_op:
        batch_op.add_column(sa.Column('was_reason', sa.Text(), nullable=False, server_default=''))
    with op.batch_alter_table('mark_change') as batch_op:
        batch_op.alter_column('was_reason', existing_type=sa.Text(), existing_nullable=False, server_default=None)

    op.create_table('register_operation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('client_id', sa.String(length=36), nullable=False),
    sa.Column('register_id', sa.Integer(), nullable=False),
    sa.Column('what', _kind(*WHAT, name='what'), nullable=False),
    sa.Column('enrolment_id', sa.Integer(), nullable=True),
    sa.Column('kind', _kind(*NEW_KINDS, name='markkind'), nullable=True),
    sa.Column('missed_minutes', sa.Integer(), nullable=False),
    sa.Column('said', sa.Text(), nullable=False),
    sa.Column('device', sa.String(length=36), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('base', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=True),
    sa.Column('outcome', _kind(*OUTCOMES, name='outcome'), nullable=False),
    sa.Column('why', sa.JSON(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('settled_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("(what = 'mark') = (enrolment_id IS NOT NULL)", name=op.f('ck_register_operation_mark_of_somebody')),
    sa.CheckConstraint("(outcome = 'applied') = (version IS NOT NULL)", name=op.f('ck_register_operation_applied_has_version')),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_register_operation_by_id_person')),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name=op.f('fk_register_operation_enrolment_id_enrolment')),
    sa.ForeignKeyConstraint(['register_id'], ['register.id'], name=op.f('fk_register_operation_register_id_register'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['settled_by_id'], ['person.id'], name=op.f('fk_register_operation_settled_by_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_register_operation')),
    sa.UniqueConstraint('client_id', name='uq_register_operation_client_id')
    )
    op.create_index('ix_register_operation_register_id_enrolment_id', 'register_operation', ['register_id', 'enrolment_id'])
    op.create_index('ix_register_operation_enrolment_id', 'register_operation', ['enrolment_id'])
    op.create_index(
        'uq_register_operation_version', 'register_operation', ['register_id', 'what', 'enrolment_id', 'version'], unique=True,
        sqlite_where=sa.text("what = 'mark' AND version IS NOT NULL"),
        postgresql_where=sa.text("what = 'mark' AND version IS NOT NULL"),
    )
    op.create_table('register_guest',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('client_id', sa.String(length=36), nullable=False),
    sa.Column('register_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('workplace', sa.String(length=200), nullable=False),
    sa.Column('kind', _kind(*NEW_KINDS, name='markkind'), nullable=False),
    sa.Column('missed_minutes', sa.Integer(), nullable=False),
    sa.Column('added_by_id', sa.Integer(), nullable=True),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('state', _kind('waiting', 'taken', 'dismissed', name='gueststate'), nullable=False),
    sa.Column('enrolment_id', sa.Integer(), nullable=True),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.Column('settled_by_id', sa.Integer(), nullable=True),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(state = 'taken') = (enrolment_id IS NOT NULL)", name=op.f('ck_register_guest_taken_is_somebody')),
    sa.CheckConstraint("(state = 'waiting') = (settled_at IS NULL)", name=op.f('ck_register_guest_settled')),
    sa.CheckConstraint('missed_minutes >= 0', name=op.f('ck_register_guest_missed_minutes')),
    sa.ForeignKeyConstraint(['added_by_id'], ['person.id'], name=op.f('fk_register_guest_added_by_id_person')),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name=op.f('fk_register_guest_enrolment_id_enrolment')),
    sa.ForeignKeyConstraint(['register_id'], ['register.id'], name=op.f('fk_register_guest_register_id_register'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['settled_by_id'], ['person.id'], name=op.f('fk_register_guest_settled_by_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_register_guest')),
    sa.UniqueConstraint('client_id', name='uq_register_guest_client_id')
    )
    op.create_index('ix_register_guest_register_id', 'register_guest', ['register_id'])
    op.create_index('ix_register_guest_enrolment_id', 'register_guest', ['enrolment_id'])
    op.create_table('substitution',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('valid_on', sa.Date(), nullable=False),
    sa.Column('given_by_id', sa.Integer(), nullable=True),
    sa.Column('given_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['given_by_id'], ['person.id'], name=op.f('fk_substitution_given_by_id_person')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_substitution_person_id_person')),
    sa.ForeignKeyConstraint(['session_id'], ['class_session.id'], name=op.f('fk_substitution_session_id_class_session'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_substitution')),
    sa.UniqueConstraint('session_id', 'person_id', 'valid_on', name='uq_substitution_session_id_person_id_valid_on')
    )
    op.create_index('ix_substitution_person_id_valid_on', 'substitution', ['person_id', 'valid_on'])


def downgrade():
    op.drop_table('substitution')
    op.drop_table('register_guest')
    op.drop_table('register_operation')
    with op.batch_alter_table('mark_change') as batch_op:
        batch_op.drop_column('was_reason')
    with op.batch_alter_table('mark') as batch_op:
        batch_op.drop_constraint(op.f('fk_mark_paper_id_stored_file'), type_='foreignkey')
        batch_op.drop_column('paper_id')
    with op.batch_alter_table('register') as batch_op:
        batch_op.drop_constraint(op.f('fk_register_taught_by_id_person'), type_='foreignkey')
        batch_op.drop_column('taught_by_id')
    # The older program knows no leaving early; the hours missed are the same.
    op.execute("UPDATE mark SET kind = 'late' WHERE kind = 'left_early'")
    op.execute("UPDATE mark_change SET was = 'late' WHERE was = 'left_early'")
    _allow(KINDS)
