"""Quotas, consents, terms, rounds and plans

What a run asks of those who want a place; places kept for groups; both sides' consents; allocation rounds; annual
plans; money, lodging and deadlines on an enrolment; what conditions look at in a teacher.

Revision ID: 0005
Revises: 0004
"""
import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

CHECKS = {
    'lodging': "lodging IN ('none', 'asked', 'given', 'refused')",
    'offer_expires': "(state = 'offered') = (offer_expires_at IS NOT NULL)",
    'request_lapses': "(state = 'requested') = (lapses_at IS NOT NULL)",
    'price': 'price >= 0',
    'instead_of_another': 'instead_of_id <> id',
}


SOURCES = ('self', 'nomination', 'import', 'coordinator')
NEW_SOURCES = ('round', 'transfer', 'substitution')


def _is_one_of(sources):
    return "source IN ({})".format(', '.join(f"'{source}'" for source in sources))


def upgrade():
    op.create_table('allocation_round',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=32), nullable=False),
    sa.Column('provider_id', sa.Integer(), nullable=False),
    sa.Column('titles', sa.JSON(), nullable=False),
    sa.Column('state', sa.Enum('draft', 'published', 'done', 'cancelled', name='roundstate', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('opens_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closes_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seed', sa.String(length=64), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('lock', sa.Integer(), nullable=False),
    sa.CheckConstraint("(state = 'done') = (done_at IS NOT NULL)", name=op.f('ck_allocation_round_done')),
    sa.CheckConstraint("seed <> ''", name=op.f('ck_allocation_round_seed')),
    sa.CheckConstraint('opens_at < closes_at', name=op.f('ck_allocation_round_window')),
    sa.ForeignKeyConstraint(['created_by_id'], ['person.id'], name=op.f('fk_allocation_round_created_by_id_person')),
    sa.ForeignKeyConstraint(['provider_id'], ['organisation.id'], name=op.f('fk_allocation_round_provider_id_organisation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_allocation_round')),
    sa.UniqueConstraint('code', name=op.f('uq_allocation_round_code')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('allocation_round', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_allocation_round_provider_id_state'), ['provider_id', 'state'], unique=False)
        batch_op.create_index(batch_op.f('ix_allocation_round_state_closes_at'), ['state', 'closes_at'], unique=False)

    op.create_table('approval',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('run_id', sa.Integer(), nullable=False),
    sa.Column('teacher_id', sa.Integer(), nullable=False),
    sa.Column('side', sa.Enum('college', 'provider', name='side', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('given', sa.Boolean(), nullable=True),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('reason', sa.String(), nullable=True),
    sa.CheckConstraint('(given IS NULL) = (decided_at IS NULL)', name=op.f('ck_approval_decided')),
    sa.CheckConstraint('given IS NULL OR given OR reason IS NOT NULL', name=op.f('ck_approval_refused_with_reason')),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_approval_by_id_person')),
    sa.ForeignKeyConstraint(['run_id'], ['run.id'], name=op.f('fk_approval_run_id_run')),
    sa.ForeignKeyConstraint(['teacher_id'], ['teacher.id'], name=op.f('fk_approval_teacher_id_teacher')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_approval')),
    sa.UniqueConstraint('run_id', 'teacher_id', 'side', name='uq_approval_run_id_teacher_id_side'),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('approval', schema=None) as batch_op:
        batch_op.create_index('ix_approval_teacher_id', ['teacher_id'], unique=False)

    op.create_table('quota',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('run_id', sa.Integer(), nullable=False),
    sa.Column('sort', sa.Enum('set_aside', 'ceiling', name='quotasort', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('of', sa.String(length=80), nullable=False),
    sa.Column('places', sa.Integer(), nullable=False),
    sa.Column('taken', sa.Integer(), nullable=False),
    sa.Column('releases_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('released_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("taken >= 0 AND (taken <= places OR (sort = 'ceiling' AND releases_at IS NOT NULL))", name=op.f('ck_quota_taken')),
    sa.CheckConstraint('places >= 0', name=op.f('ck_quota_places')),
    sa.ForeignKeyConstraint(['run_id'], ['run.id'], name=op.f('fk_quota_run_id_run'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_quota')),
    sa.UniqueConstraint('run_id', 'sort', 'of', name='uq_quota_run_id_sort_of'),
    sqlite_autoincrement=True
    )
    op.create_table('round_run',
    sa.Column('run_id', sa.Integer(), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['round_id'], ['allocation_round.id'], name=op.f('fk_round_run_round_id_allocation_round')),
    sa.ForeignKeyConstraint(['run_id'], ['run.id'], name=op.f('fk_round_run_run_id_run')),
    sa.PrimaryKeyConstraint('run_id', name=op.f('pk_round_run'))
    )
    with op.batch_alter_table('round_run', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_round_run_round_id'), ['round_id'], unique=False)

    op.create_table('run_terms',
    sa.Column('run_id', sa.Integer(), nullable=False),
    sa.Column('consent', sa.Enum('none', 'college', 'provider', 'both', name='consent', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('way', sa.Enum('first_come', 'round', name='way', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('offer_hours', sa.Integer(), nullable=True),
    sa.Column('request_hours', sa.Integer(), nullable=False),
    sa.Column('withdraw_days', sa.Integer(), nullable=False),
    sa.Column('funding', sa.Enum('budget', 'college', 'own', name='funding', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('price', sa.BigInteger(), nullable=True),
    sa.Column('with_release', sa.Boolean(), nullable=False),
    sa.Column('lodging', sa.Boolean(), nullable=False),
    sa.Column('map_url', sa.String(length=500), nullable=False),
    sa.Column('to_bring', sa.Text(), nullable=False),
    sa.Column('lock', sa.Integer(), nullable=False),
    sa.CheckConstraint('offer_hours >= 1', name=op.f('ck_run_terms_offer_hours')),
    sa.CheckConstraint('price >= 0', name=op.f('ck_run_terms_price')),
    sa.CheckConstraint('request_hours >= 1', name=op.f('ck_run_terms_request_hours')),
    sa.CheckConstraint('withdraw_days >= 0', name=op.f('ck_run_terms_withdraw_days')),
    sa.ForeignKeyConstraint(['run_id'], ['run.id'], name=op.f('fk_run_terms_run_id_run'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('run_id', name=op.f('pk_run_terms'))
    )
    op.create_table('wish',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('teacher_id', sa.Integer(), nullable=False),
    sa.Column('run_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('college_rank', sa.Integer(), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('college_rank >= 1', name=op.f('ck_wish_college_rank')),
    sa.CheckConstraint('number BETWEEN 1 AND 5', name=op.f('ck_wish_number')),
    sa.ForeignKeyConstraint(['round_id'], ['allocation_round.id'], name=op.f('fk_wish_round_id_allocation_round')),
    sa.ForeignKeyConstraint(['run_id'], ['run.id'], name=op.f('fk_wish_run_id_run')),
    sa.ForeignKeyConstraint(['teacher_id'], ['teacher.id'], name=op.f('fk_wish_teacher_id_teacher')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_wish')),
    sa.UniqueConstraint('round_id', 'teacher_id', 'number', name='uq_wish_round_id_teacher_id_number'),
    sa.UniqueConstraint('round_id', 'teacher_id', 'run_id', name='uq_wish_round_id_teacher_id_run_id'),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('wish', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_wish_run_id'), ['run_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_wish_teacher_id'), ['teacher_id'], unique=False)

    op.create_table('plan_item',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('teacher_id', sa.Integer(), nullable=False),
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('month', sa.Integer(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('enrolment_id', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint('month BETWEEN 1 AND 12', name=op.f('ck_plan_item_month')),
    sa.CheckConstraint('year BETWEEN 2000 AND 2200', name=op.f('ck_plan_item_year')),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_plan_item_course_id_course')),
    sa.ForeignKeyConstraint(['created_by_id'], ['person.id'], name=op.f('fk_plan_item_created_by_id_person')),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name=op.f('fk_plan_item_enrolment_id_enrolment')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_plan_item_organisation_id_organisation')),
    sa.ForeignKeyConstraint(['teacher_id'], ['teacher.id'], name=op.f('fk_plan_item_teacher_id_teacher')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_item')),
    sa.UniqueConstraint('teacher_id', 'course_id', 'year', name='uq_plan_item_teacher_id_course_id_year'),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('plan_item', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_plan_item_course_id_year'), ['course_id', 'year'], unique=False)
        batch_op.create_index(batch_op.f('ix_plan_item_organisation_id_year'), ['organisation_id', 'year'], unique=False)

    op.create_table('round_outcome',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('teacher_id', sa.Integer(), nullable=False),
    sa.Column('enrolment_id', sa.Integer(), nullable=True),
    sa.Column('reasons', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name=op.f('fk_round_outcome_enrolment_id_enrolment')),
    sa.ForeignKeyConstraint(['round_id'], ['allocation_round.id'], name=op.f('fk_round_outcome_round_id_allocation_round')),
    sa.ForeignKeyConstraint(['teacher_id'], ['teacher.id'], name=op.f('fk_round_outcome_teacher_id_teacher')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_round_outcome')),
    sa.UniqueConstraint('round_id', 'teacher_id', name='uq_round_outcome_round_id_teacher_id'),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('round_outcome', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_round_outcome_teacher_id'), ['teacher_id'], unique=False)

    with op.batch_alter_table('enrolment', table_kwargs={'sqlite_autoincrement': True}) as batch_op:
        batch_op.add_column(sa.Column('taken_from', sa.JSON(), nullable=False, server_default='[]'))
        batch_op.add_column(sa.Column('offer_expires_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('lapses_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('reminded_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('instead_of_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('contract', sa.String(length=80), nullable=True))
        batch_op.add_column(sa.Column('price', sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column('paid_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('lodging', sa.String(length=32), nullable=False, server_default='none'))
    # What stood open before has its days from the last change on.
    op.execute("UPDATE enrolment SET offer_expires_at = changed_at WHERE state = 'offered'")
    op.execute("UPDATE enrolment SET lapses_at = changed_at WHERE state = 'requested'")
    with op.batch_alter_table('enrolment', table_kwargs={'sqlite_autoincrement': True}) as batch_op:
        batch_op.alter_column('taken_from', existing_type=sa.JSON(), existing_nullable=False, server_default=None)
        batch_op.alter_column('lodging', existing_type=sa.String(length=32), existing_nullable=False, server_default=None)
        batch_op.drop_constraint(op.f('ck_enrolment_source'), type_='check')
        batch_op.create_check_constraint(op.f('ck_enrolment_source'), _is_one_of((*SOURCES, *NEW_SOURCES)))
        for name, condition in CHECKS.items():
            batch_op.create_check_constraint(op.f(f'ck_enrolment_{name}'), condition)
        batch_op.create_index('ix_enrolment_lapses_at', ['lapses_at'], unique=False, sqlite_where=sa.text("state = 'requested'"), postgresql_where=sa.text("state = 'requested'"))
        batch_op.create_index('ix_enrolment_offer_expires_at', ['offer_expires_at'], unique=False, sqlite_where=sa.text("state = 'offered'"), postgresql_where=sa.text("state = 'offered'"))
        batch_op.create_foreign_key(batch_op.f('fk_enrolment_instead_of_id_enrolment'), 'enrolment', ['instead_of_id'], ['id'])

    with op.batch_alter_table('teacher', schema=None) as batch_op:
        batch_op.add_column(sa.Column('teaching_since', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('languages', sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column('youngest_child_born', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('disability', sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table('teacher', schema=None) as batch_op:
        batch_op.alter_column('disability', existing_type=sa.Boolean(), existing_nullable=False, server_default=None)


def downgrade():
    # The older program knows four ways in; whoever came by another was put on the run by an office.
    op.execute(f"UPDATE enrolment SET source = 'coordinator' WHERE NOT ({_is_one_of(SOURCES)})")
    with op.batch_alter_table('teacher', schema=None) as batch_op:
        batch_op.drop_column('disability')
        batch_op.drop_column('youngest_child_born')
        batch_op.drop_column('languages')
        batch_op.drop_column('teaching_since')

    with op.batch_alter_table('enrolment', table_kwargs={'sqlite_autoincrement': True}) as batch_op:
        batch_op.drop_constraint(op.f('ck_enrolment_source'), type_='check')
        batch_op.create_check_constraint(op.f('ck_enrolment_source'), _is_one_of(SOURCES))
        for name in CHECKS:
            batch_op.drop_constraint(op.f(f'ck_enrolment_{name}'), type_='check')
        batch_op.drop_constraint(batch_op.f('fk_enrolment_instead_of_id_enrolment'), type_='foreignkey')
        batch_op.drop_index('ix_enrolment_offer_expires_at', sqlite_where=sa.text("state = 'offered'"), postgresql_where=sa.text("state = 'offered'"))
        batch_op.drop_index('ix_enrolment_lapses_at', sqlite_where=sa.text("state = 'requested'"), postgresql_where=sa.text("state = 'requested'"))
        batch_op.drop_column('lodging')
        batch_op.drop_column('paid_on')
        batch_op.drop_column('price')
        batch_op.drop_column('contract')
        batch_op.drop_column('instead_of_id')
        batch_op.drop_column('reminded_at')
        batch_op.drop_column('lapses_at')
        batch_op.drop_column('offer_expires_at')
        batch_op.drop_column('taken_from')

    with op.batch_alter_table('round_outcome', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_round_outcome_teacher_id'))

    op.drop_table('round_outcome')
    with op.batch_alter_table('plan_item', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_plan_item_organisation_id_year'))
        batch_op.drop_index(batch_op.f('ix_plan_item_course_id_year'))

    op.drop_table('plan_item')
    with op.batch_alter_table('wish', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_wish_teacher_id'))
        batch_op.drop_index(batch_op.f('ix_wish_run_id'))

    op.drop_table('wish')
    op.drop_table('run_terms')
    with op.batch_alter_table('round_run', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_round_run_round_id'))

    op.drop_table('round_run')
    op.drop_table('quota')
    with op.batch_alter_table('approval', schema=None) as batch_op:
        batch_op.drop_index('ix_approval_teacher_id')

    op.drop_table('approval')
    with op.batch_alter_table('allocation_round', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_allocation_round_state_closes_at'))
        batch_op.drop_index(batch_op.f('ix_allocation_round_provider_id_state'))

    op.drop_table('allocation_round')
