"""Who was warned of missed hours, and whose exclusion was proposed

Revision ID: 0011
Revises: 0018
"""
import sqlalchemy as sa
from alembic import op

revision = '0011'
down_revision = '0018'
branch_labels = None
depends_on = None


def _kind(*values, name):
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade():
    op.create_table('absence_warning',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('enrolment_id', sa.Integer(), nullable=False),
    sa.Column('hours', sa.Integer(), nullable=False),
    sa.Column('missed_minutes', sa.Integer(), nullable=False),
    sa.Column('given_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('hours > 0', name=op.f('ck_absence_warning_hours')),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name=op.f('fk_absence_warning_enrolment_id_enrolment')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_absence_warning')),
    sa.UniqueConstraint('enrolment_id', 'hours', name='uq_absence_warning_enrolment_id_hours')
    )
    op.create_table('exclusion_proposal',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('enrolment_id', sa.Integer(), nullable=False),
    sa.Column('missed_minutes', sa.Integer(), nullable=False),
    sa.Column('limit_minutes', sa.Integer(), nullable=False),
    sa.Column('proposed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answer', _kind('excluded', 'kept', name='answer'), nullable=True),
    sa.Column('answered_by_id', sa.Integer(), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('why', sa.String(length=500), nullable=False),
    sa.CheckConstraint("answer IS NULL OR why <> ''", name=op.f('ck_exclusion_proposal_answer_has_reason')),
    sa.CheckConstraint('(answer IS NULL) = (answered_at IS NULL)', name=op.f('ck_exclusion_proposal_answered')),
    sa.ForeignKeyConstraint(['answered_by_id'], ['person.id'], name=op.f('fk_exclusion_proposal_answered_by_id_person')),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name=op.f('fk_exclusion_proposal_enrolment_id_enrolment')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_exclusion_proposal')),
    sa.UniqueConstraint('enrolment_id', name='uq_exclusion_proposal_enrolment_id')
    )


def downgrade():
    op.drop_table('exclusion_proposal')
    op.drop_table('absence_warning')
