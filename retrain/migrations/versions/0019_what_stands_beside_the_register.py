"""What stands beside the register: who says that they are there, evidence of hours without a class, templates of sheets

Revision ID: 0019
Revises: 0011
"""
import sqlalchemy as sa
from alembic import op

revision = '0019'
down_revision = '0011'
branch_labels = None
depends_on = None

KINDS = ('lecture', 'practical', 'independent', 'distance', 'internship')


def _kind(*values, name):
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade():
    op.create_table('sheet_template',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('provider_id', sa.Integer(), nullable=False),
    sa.Column('kind', _kind('journal', 'month', 'statement', 'hours', name='sheetkind'), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('columns', sa.JSON(), nullable=False),
    sa.Column('signers', sa.JSON(), nullable=False),
    sa.Column('foot', sa.String(length=500), nullable=False),
    sa.Column('changed_by_id', sa.Integer(), nullable=True),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['changed_by_id'], ['person.id'], name=op.f('fk_sheet_template_changed_by_id_person')),
    sa.ForeignKeyConstraint(['provider_id'], ['organisation.id'], name=op.f('fk_sheet_template_provider_id_organisation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sheet_template')),
    sa.UniqueConstraint('provider_id', 'kind', 'name', name='uq_sheet_template_provider_id_kind_name'),
    sqlite_autoincrement=True
    )
    op.create_table('check_in',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('enrolment_id', sa.Integer(), nullable=False),
    sa.Column('came_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('device', sa.String(length=64), nullable=False),
    sa.Column('network', sa.String(length=64), nullable=False),
    sa.Column('other_device', sa.Boolean(), nullable=False),
    sa.Column('state', _kind('proposed', 'confirmed', 'dismissed', name='checkinstate'), nullable=False),
    sa.Column('settled_by_id', sa.Integer(), nullable=True),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(state = 'proposed') = (settled_at IS NULL)", name=op.f('ck_check_in_settled')),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name=op.f('fk_check_in_enrolment_id_enrolment')),
    sa.ForeignKeyConstraint(['session_id'], ['class_session.id'], name=op.f('fk_check_in_session_id_class_session'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['settled_by_id'], ['person.id'], name=op.f('fk_check_in_settled_by_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_check_in')),
    sa.UniqueConstraint('session_id', 'enrolment_id', name='uq_check_in_session_id_enrolment_id')
    )
    op.create_index(op.f('ix_check_in_enrolment_id'), 'check_in', ['enrolment_id'], unique=False)
    op.create_table('evidence',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('enrolment_id', sa.Integer(), nullable=False),
    sa.Column('module_id', sa.Integer(), nullable=False),
    sa.Column('kind', _kind(*KINDS, name='hourkind'), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.Column('source', _kind('report', 'mentor', 'platform', name='evidencesource'), nullable=False),
    sa.Column('state', _kind('waiting', 'accepted', 'returned', name='evidencestate'), nullable=False),
    sa.Column('on_date', sa.Date(), nullable=False),
    sa.Column('file_id', sa.Integer(), nullable=True),
    sa.Column('reference', sa.String(length=120), nullable=False),
    sa.Column('note', sa.String(length=500), nullable=False),
    sa.Column('handed_in_by_id', sa.Integer(), nullable=True),
    sa.Column('handed_in_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('why', sa.String(length=500), nullable=False),
    sa.CheckConstraint("(state = 'waiting') = (decided_at IS NULL)", name=op.f('ck_evidence_decided')),
    sa.CheckConstraint("source <> 'report' OR file_id IS NOT NULL", name=op.f('ck_evidence_report_has_file')),
    sa.CheckConstraint("state <> 'returned' OR why <> ''", name=op.f('ck_evidence_returned_with_reason')),
    sa.CheckConstraint('minutes > 0', name=op.f('ck_evidence_minutes')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['person.id'], name=op.f('fk_evidence_decided_by_id_person')),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name=op.f('fk_evidence_enrolment_id_enrolment')),
    sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_evidence_file_id_stored_file')),
    sa.ForeignKeyConstraint(['handed_in_by_id'], ['person.id'], name=op.f('fk_evidence_handed_in_by_id_person')),
    sa.ForeignKeyConstraint(['module_id'], ['module.id'], name=op.f('fk_evidence_module_id_module')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_evidence'))
    )
    op.create_index(op.f('ix_evidence_enrolment_id'), 'evidence', ['enrolment_id'], unique=False)
    op.create_index('ix_evidence_module_id', 'evidence', ['module_id'], unique=False)
    op.create_index('uq_evidence_platform_line', 'evidence', ['enrolment_id', 'module_id', 'kind', 'on_date', 'reference'], unique=True, sqlite_where=sa.text("source = 'platform'"), postgresql_where=sa.text("source = 'platform'"))
    op.create_table('mentor_letter',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('enrolment_id', sa.Integer(), nullable=False),
    sa.Column('module_id', sa.Integer(), nullable=False),
    sa.Column('kind', _kind(*KINDS, name='hourkind'), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.Column('mentor', sa.String(length=200), nullable=False),
    sa.Column('address', sa.String(length=254), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('sent_by_id', sa.Integer(), nullable=True),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('evidence_id', sa.Integer(), nullable=True),
    sa.Column('note', sa.String(length=500), nullable=False),
    sa.CheckConstraint('evidence_id IS NULL OR used_at IS NOT NULL', name=op.f('ck_mentor_letter_confirmed_is_used')),
    sa.CheckConstraint('minutes > 0', name=op.f('ck_mentor_letter_minutes')),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name=op.f('fk_mentor_letter_enrolment_id_enrolment')),
    sa.ForeignKeyConstraint(['evidence_id'], ['evidence.id'], name=op.f('fk_mentor_letter_evidence_id_evidence'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['module_id'], ['module.id'], name=op.f('fk_mentor_letter_module_id_module')),
    sa.ForeignKeyConstraint(['sent_by_id'], ['person.id'], name=op.f('fk_mentor_letter_sent_by_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mentor_letter')),
    sa.UniqueConstraint('digest', name='uq_mentor_letter_digest')
    )
    op.create_index(op.f('ix_mentor_letter_enrolment_id'), 'mentor_letter', ['enrolment_id'], unique=False)
    op.create_index(op.f('ix_mentor_letter_module_id'), 'mentor_letter', ['module_id'], unique=False)


def downgrade():
    op.drop_table('mentor_letter')
    op.drop_table('evidence')
    op.drop_table('check_in')
    op.drop_table('sheet_template')
