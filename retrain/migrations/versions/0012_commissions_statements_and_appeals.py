"""Commissions, statements, appeals, and certificates from elsewhere

Attempts, retakes and a second examiner of an assessment; statements closed and what was corrected after; commissions
with sessions and protocols; overrides by two people; appeals; orders of a commission's composition.

Revision ID: 0012
Revises: 0019
"""
import sqlalchemy as sa
from alembic import op

revision = '0012'
down_revision = '0019'
branch_labels = None
depends_on = None

BEFORE = ('enrolment', 'completion', 'exclusion', 'change')
KINDS = (*BEFORE, 'commission')
NEW = ('external_certificate', 'commission', 'commission_member', 'sitting', 'statement', 'appeal', 'completion_override', 'decision_change', 'protocol_line', 'result_change')
POINTS = ('first_points', 'second_points')


def _is_one_of(kinds):
    return "kind IN ({})".format(', '.join(f"'{kind}'" for kind in kinds))


def _kinds_of_orders(kinds):
    with op.batch_alter_table('official_order', schema=None, table_kwargs={'sqlite_autoincrement': True}) as batch_op:
        batch_op.drop_constraint(op.f('ck_official_order_orderkind'), type_='check')
        batch_op.create_check_constraint(op.f('ck_official_order_orderkind'), _is_one_of(kinds))
    with op.batch_alter_table('order_counter', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_order_counter_orderkind'), type_='check')
        batch_op.create_check_constraint(op.f('ck_order_counter_orderkind'), _is_one_of(kinds))


def upgrade():
    _kinds_of_orders(KINDS)
    _new_tables()
    with op.batch_alter_table('assessment', schema=None) as batch_op:
        batch_op.add_column(sa.Column('attempts', sa.Integer(), nullable=False, server_default='1'))
        batch_op.add_column(sa.Column('retake_by', sa.Date(), nullable=True))
        for column in ('examiner_id', 'second_examiner_id'):
            batch_op.add_column(sa.Column(column, sa.Integer(), nullable=True))
            batch_op.create_foreign_key(op.f(f'fk_assessment_{column}_person'), 'person', [column], ['id'])
        batch_op.create_check_constraint(op.f('ck_assessment_attempts'), 'attempts BETWEEN 1 AND 5')
        batch_op.create_check_constraint(
            op.f('ck_assessment_two_examiners'),
            'second_examiner_id IS NULL OR (examiner_id IS NOT NULL AND second_examiner_id <> examiner_id)',
        )
    with op.batch_alter_table('assessment', schema=None) as batch_op:
        batch_op.alter_column('attempts', server_default=None)
    with op.batch_alter_table('result', schema=None) as batch_op:
        batch_op.add_column(sa.Column('attempt', sa.Integer(), nullable=False, server_default='1'))
        for column in POINTS:
            batch_op.add_column(sa.Column(column, sa.Integer(), nullable=True))
            batch_op.create_check_constraint(op.f(f'ck_result_{column}'), f'{column} BETWEEN 0 AND 100')
        batch_op.alter_column('points', existing_type=sa.Integer(), nullable=True)
        batch_op.drop_constraint('uq_result_assessment_id_enrolment_id', type_='unique')
        batch_op.create_unique_constraint('uq_result_attempt', ['assessment_id', 'enrolment_id', 'attempt'])
        batch_op.create_check_constraint(op.f('ck_result_attempt'), 'attempt >= 1')
        batch_op.create_check_constraint(
            op.f('ck_result_says_something'),
            'points IS NOT NULL OR first_points IS NOT NULL OR second_points IS NOT NULL',
        )
    with op.batch_alter_table('result', schema=None) as batch_op:
        batch_op.alter_column('attempt', server_default=None)


def _new_tables():
    op.create_table('external_certificate',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('teacher_id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('issuer', sa.String(length=300), nullable=False),
    sa.Column('number', sa.String(length=80), nullable=False),
    sa.Column('issued_on', sa.Date(), nullable=False),
    sa.Column('hours', sa.Integer(), nullable=False),
    sa.Column('scan_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.Enum('shown', 'recognised', 'refused', 'taken_back', name='externalstate', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('shown_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('recognised_hours', sa.Integer(), nullable=True),
    sa.Column('why', sa.Text(), nullable=False),
    sa.CheckConstraint("(state = 'recognised') = (recognised_hours IS NOT NULL)", name=op.f('ck_external_certificate_recognised_has_hours')),
    sa.CheckConstraint("title <> '' AND issuer <> ''", name=op.f('ck_external_certificate_named')),
    sa.CheckConstraint('hours > 0', name=op.f('ck_external_certificate_hours')),
    sa.CheckConstraint('recognised_hours > 0 AND recognised_hours <= hours', name=op.f('ck_external_certificate_recognised_hours')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['person.id'], name=op.f('fk_external_certificate_decided_by_id_person')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_external_certificate_organisation_id_organisation')),
    sa.ForeignKeyConstraint(['scan_id'], ['stored_file.id'], name=op.f('fk_external_certificate_scan_id_stored_file')),
    sa.ForeignKeyConstraint(['teacher_id'], ['teacher.id'], name=op.f('fk_external_certificate_teacher_id_teacher')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_external_certificate')),
    sqlite_autoincrement=True
    )
    op.create_index('ix_external_certificate_organisation_id', 'external_certificate', ['organisation_id', 'state'], unique=False)
    op.create_index(op.f('ix_external_certificate_teacher_id'), 'external_certificate', ['teacher_id'], unique=False)
    op.create_table('commission',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('run_id', sa.Integer(), nullable=False),
    sa.Column('purpose', sa.Enum('final', 'appeal', name='purpose', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.ForeignKeyConstraint(['run_id'], ['run.id'], name=op.f('fk_commission_run_id_run')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_commission')),
    sa.UniqueConstraint('run_id', 'purpose', name='uq_commission_run_id_purpose')
    )
    op.create_table('commission_member',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('commission_id', sa.Integer(), nullable=False),
    sa.Column('seat', sa.Enum('chair', 'deputy', 'member', 'secretary', name='seat', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('post', sa.String(length=200), nullable=False),
    sa.Column('workplace', sa.String(length=200), nullable=False),
    sa.CheckConstraint("name <> ''", name=op.f('ck_commission_member_name')),
    sa.ForeignKeyConstraint(['commission_id'], ['commission.id'], name=op.f('fk_commission_member_commission_id_commission'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_commission_member')),
    sa.UniqueConstraint('commission_id', 'name', name='uq_commission_member_commission_id_name')
    )
    op.create_index('uq_commission_member_chair', 'commission_member', ['commission_id'], unique=True, sqlite_where=sa.text("seat = 'chair'"), postgresql_where=sa.text("seat = 'chair'"))
    op.create_table('sitting',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('commission_id', sa.Integer(), nullable=False),
    sa.Column('provider_id', sa.Integer(), nullable=False),
    sa.Column('held_on', sa.Date(), nullable=False),
    sa.Column('members', sa.JSON(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=True),
    sa.Column('number', sa.Integer(), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint('closed_at IS NULL OR (number IS NOT NULL AND year IS NOT NULL)', name=op.f('ck_sitting_closed_has_number')),
    sa.CheckConstraint('number >= 1', name=op.f('ck_sitting_number')),
    sa.ForeignKeyConstraint(['closed_by_id'], ['person.id'], name=op.f('fk_sitting_closed_by_id_person')),
    sa.ForeignKeyConstraint(['commission_id'], ['commission.id'], name=op.f('fk_sitting_commission_id_commission')),
    sa.ForeignKeyConstraint(['provider_id'], ['organisation.id'], name=op.f('fk_sitting_provider_id_organisation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sitting')),
    sa.UniqueConstraint('provider_id', 'year', 'number', name='uq_sitting_number'),
    sqlite_autoincrement=True
    )
    op.create_index(op.f('ix_sitting_commission_id'), 'sitting', ['commission_id'], unique=False)
    op.create_table('statement',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('assessment_id', sa.Integer(), nullable=False),
    sa.Column('attempt', sa.Integer(), nullable=False),
    sa.Column('lines', sa.JSON(), nullable=False),
    sa.Column('closed_by_id', sa.Integer(), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('attempt >= 1', name=op.f('ck_statement_attempt')),
    sa.ForeignKeyConstraint(['assessment_id'], ['assessment.id'], name=op.f('fk_statement_assessment_id_assessment'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['closed_by_id'], ['person.id'], name=op.f('fk_statement_closed_by_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_statement')),
    sa.UniqueConstraint('assessment_id', 'attempt', name='uq_statement_assessment_id_attempt')
    )
    op.create_table('appeal',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('enrolment_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.Enum('filed', 'withdrawn', 'upheld', 'rejected', name='appealstate', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('why', sa.Text(), nullable=False),
    sa.Column('filed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decide_by', sa.Date(), nullable=False),
    sa.Column('decided_on', sa.Date(), nullable=True),
    sa.Column('copy_by', sa.Date(), nullable=True),
    sa.Column('copied_on', sa.Date(), nullable=True),
    sa.Column('sitting_id', sa.Integer(), nullable=True),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.CheckConstraint("(state IN ('upheld', 'rejected')) = (decided_on IS NOT NULL)", name=op.f('ck_appeal_decided')),
    sa.CheckConstraint("why <> ''", name=op.f('ck_appeal_why')),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name=op.f('fk_appeal_enrolment_id_enrolment')),
    sa.ForeignKeyConstraint(['sitting_id'], ['sitting.id'], name=op.f('fk_appeal_sitting_id_sitting')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_appeal'))
    )
    op.create_index(op.f('ix_appeal_enrolment_id'), 'appeal', ['enrolment_id'], unique=False)
    op.create_index('uq_appeal_open', 'appeal', ['enrolment_id'], unique=True, sqlite_where=sa.text("state = 'filed'"), postgresql_where=sa.text("state = 'filed'"))
    op.create_table('completion_override',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('enrolment_id', sa.Integer(), nullable=False),
    sa.Column('outcome', sa.Enum('completed', 'not_completed', name='outcome', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('state', sa.Enum('proposed', 'confirmed', 'refused', name='overridestate', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('why', sa.String(length=500), nullable=False),
    sa.Column('proposed_by_id', sa.Integer(), nullable=False),
    sa.Column('proposed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answered_by_id', sa.Integer(), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.CheckConstraint("(state = 'proposed') = (answered_at IS NULL)", name=op.f('ck_completion_override_answered')),
    sa.CheckConstraint("why <> ''", name=op.f('ck_completion_override_why')),
    sa.CheckConstraint('answered_by_id IS NULL OR answered_by_id <> proposed_by_id', name=op.f('ck_completion_override_second_person')),
    sa.ForeignKeyConstraint(['answered_by_id'], ['person.id'], name=op.f('fk_completion_override_answered_by_id_person')),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name=op.f('fk_completion_override_enrolment_id_enrolment')),
    sa.ForeignKeyConstraint(['proposed_by_id'], ['person.id'], name=op.f('fk_completion_override_proposed_by_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_completion_override'))
    )
    op.create_index(op.f('ix_completion_override_enrolment_id'), 'completion_override', ['enrolment_id'], unique=False)
    op.create_index('uq_completion_override_one', 'completion_override', ['enrolment_id'], unique=True, sqlite_where=sa.text("state IN ('proposed', 'confirmed')"), postgresql_where=sa.text("state IN ('proposed', 'confirmed')"))
    op.create_table('decision_change',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('enrolment_id', sa.Integer(), nullable=False),
    sa.Column('was', sa.Enum('completed', 'not_completed', name='outcome', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('reasons', sa.JSON(), nullable=False),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['changed_by_id'], ['person.id'], name=op.f('fk_decision_change_changed_by_id_person')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['person.id'], name=op.f('fk_decision_change_decided_by_id_person')),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name=op.f('fk_decision_change_enrolment_id_enrolment')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_decision_change'))
    )
    op.create_index(op.f('ix_decision_change_enrolment_id'), 'decision_change', ['enrolment_id'], unique=False)
    op.create_table('protocol_line',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('sitting_id', sa.Integer(), nullable=False),
    sa.Column('enrolment_id', sa.Integer(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('votes_for', sa.Integer(), nullable=False),
    sa.Column('votes_against', sa.Integer(), nullable=False),
    sa.Column('abstained', sa.Integer(), nullable=False),
    sa.Column('chair_for', sa.Boolean(), nullable=False),
    sa.Column('points', sa.Integer(), nullable=True),
    sa.Column('note', sa.Text(), nullable=False),
    sa.CheckConstraint('points BETWEEN 0 AND 100', name=op.f('ck_protocol_line_points')),
    sa.CheckConstraint('votes_for >= 0 AND votes_against >= 0 AND abstained >= 0', name=op.f('ck_protocol_line_votes')),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name=op.f('fk_protocol_line_enrolment_id_enrolment')),
    sa.ForeignKeyConstraint(['sitting_id'], ['sitting.id'], name=op.f('fk_protocol_line_sitting_id_sitting'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_protocol_line')),
    sa.UniqueConstraint('sitting_id', 'enrolment_id', name='uq_protocol_line_sitting_id_enrolment_id')
    )
    op.create_index(op.f('ix_protocol_line_enrolment_id'), 'protocol_line', ['enrolment_id'], unique=False)
    op.create_table('result_change',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('assessment_id', sa.Integer(), nullable=False),
    sa.Column('enrolment_id', sa.Integer(), nullable=False),
    sa.Column('attempt', sa.Integer(), nullable=False),
    sa.Column('was', sa.Integer(), nullable=True),
    sa.Column('became', sa.Integer(), nullable=False),
    sa.Column('why', sa.String(length=500), nullable=False),
    sa.Column('changed_by_id', sa.Integer(), nullable=True),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("why <> ''", name=op.f('ck_result_change_why')),
    sa.CheckConstraint('became BETWEEN 0 AND 100', name=op.f('ck_result_change_became')),
    sa.CheckConstraint('was BETWEEN 0 AND 100', name=op.f('ck_result_change_was')),
    sa.ForeignKeyConstraint(['assessment_id'], ['assessment.id'], name=op.f('fk_result_change_assessment_id_assessment'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['changed_by_id'], ['person.id'], name=op.f('fk_result_change_changed_by_id_person')),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name=op.f('fk_result_change_enrolment_id_enrolment')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_result_change'))
    )
    op.create_index('ix_result_change_assessment_id', 'result_change', ['assessment_id', 'enrolment_id'], unique=False)
    op.create_index(op.f('ix_result_change_enrolment_id'), 'result_change', ['enrolment_id'], unique=False)


def downgrade():
    # The older program knows one result for each person: the best that counts.
    op.execute('DELETE FROM result WHERE points IS NULL')
    op.execute(
        'DELETE FROM result WHERE EXISTS (SELECT 1 FROM result AS other'
        ' WHERE other.assessment_id = result.assessment_id AND other.enrolment_id = result.enrolment_id'
        ' AND (other.points > result.points OR (other.points = result.points AND other.id < result.id)))'
    )
    with op.batch_alter_table('result', schema=None) as batch_op:
        for name in ('attempt', 'says_something', *POINTS):
            batch_op.drop_constraint(op.f(f'ck_result_{name}'), type_='check')
        batch_op.drop_constraint('uq_result_attempt', type_='unique')
        batch_op.create_unique_constraint('uq_result_assessment_id_enrolment_id', ['assessment_id', 'enrolment_id'])
        batch_op.alter_column('points', existing_type=sa.Integer(), nullable=False)
        for column in (*POINTS, 'attempt'):
            batch_op.drop_column(column)
    with op.batch_alter_table('assessment', schema=None) as batch_op:
        for name in ('attempts', 'two_examiners'):
            batch_op.drop_constraint(op.f(f'ck_assessment_{name}'), type_='check')
        for column in ('examiner_id', 'second_examiner_id'):
            batch_op.drop_constraint(op.f(f'fk_assessment_{column}_person'), type_='foreignkey')
            batch_op.drop_column(column)
        for column in ('retake_by', 'attempts'):
            batch_op.drop_column(column)
    op.execute("DELETE FROM official_order WHERE kind = 'commission'")
    op.execute("DELETE FROM order_counter WHERE kind = 'commission'")
    _kinds_of_orders(BEFORE)
    for table in reversed(NEW):
        op.drop_table(table)
