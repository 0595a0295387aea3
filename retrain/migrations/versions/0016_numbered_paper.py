"""Numbered paper, printings, acts, and the check of names

Sheets of strict account with their keepers, what a printer made of them, and what teachers say of their lines.

Revision ID: 0016
Revises: 0014

"""
import sqlalchemy as sa
from alembic import op

revision = '0016'
down_revision = '0014'
branch_labels = None
depends_on = None


def _kind(*values, name):
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade():
    op.create_table('blank_entry',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('provider_id', sa.Integer(), nullable=False),
    sa.Column('document_type', _kind('advanced_training_certificate', 'retraining_diploma', 'participation', name='documenttype'), nullable=False),
    sa.Column('kind', _kind('received', 'handed', 'used', 'spoiled', 'lost', 'returned', name='entry'), nullable=False),
    sa.Column('series', sa.String(length=8), nullable=False),
    sa.Column('first_number', sa.Integer(), nullable=False),
    sa.Column('last_number', sa.Integer(), nullable=False),
    sa.Column('on_date', sa.Date(), nullable=False),
    sa.Column('giver_id', sa.Integer(), nullable=True),
    sa.Column('taker_id', sa.Integer(), nullable=True),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint('first_number <= last_number', name=op.f('ck_blank_entry_range')),
    sa.ForeignKeyConstraint(['giver_id'], ['person.id'], name=op.f('fk_blank_entry_giver_id_person')),
    sa.ForeignKeyConstraint(['provider_id'], ['organisation.id'], name=op.f('fk_blank_entry_provider_id_organisation')),
    sa.ForeignKeyConstraint(['recorded_by_id'], ['person.id'], name=op.f('fk_blank_entry_recorded_by_id_person')),
    sa.ForeignKeyConstraint(['taker_id'], ['person.id'], name=op.f('fk_blank_entry_taker_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_blank_entry'))
    )
    op.create_index('ix_blank_entry_provider', 'blank_entry', ['provider_id', 'document_type', 'id'], unique=False)

    op.create_table('blank_act',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('provider_id', sa.Integer(), nullable=False),
    sa.Column('state', _kind('draft', 'signed', name='actstate'), nullable=False),
    sa.Column('number', sa.String(length=40), nullable=False),
    sa.Column('on_date', sa.Date(), nullable=True),
    sa.Column('members', sa.Text(), nullable=False),
    sa.Column('scan_id', sa.Integer(), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('made_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("state = 'draft' OR number <> ''", name=op.f('ck_blank_act_number')),
    sa.ForeignKeyConstraint(['made_by_id'], ['person.id'], name=op.f('fk_blank_act_made_by_id_person')),
    sa.ForeignKeyConstraint(['provider_id'], ['organisation.id'], name=op.f('fk_blank_act_provider_id_organisation')),
    sa.ForeignKeyConstraint(['scan_id'], ['stored_file.id'], name=op.f('fk_blank_act_scan_id_stored_file')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_blank_act'))
    )
    op.create_index('ix_blank_act_provider_id', 'blank_act', ['provider_id'], unique=False)
    op.create_index('uq_blank_act_draft', 'blank_act', ['provider_id'], unique=True, sqlite_where=sa.text("state = 'draft'"), postgresql_where=sa.text("state = 'draft'"))

    op.create_table('printing',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('provider_id', sa.Integer(), nullable=False),
    sa.Column('run_id', sa.Integer(), nullable=False),
    sa.Column('officer_id', sa.Integer(), nullable=False),
    sa.Column('state', _kind('open', 'settled', 'given_up', name='printingstate'), nullable=False),
    sa.Column('begun_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(state = 'open') = (settled_at IS NULL)", name=op.f('ck_printing_settled')),
    sa.ForeignKeyConstraint(['officer_id'], ['person.id'], name=op.f('fk_printing_officer_id_person')),
    sa.ForeignKeyConstraint(['provider_id'], ['organisation.id'], name=op.f('fk_printing_provider_id_organisation')),
    sa.ForeignKeyConstraint(['run_id'], ['run.id'], name=op.f('fk_printing_run_id_run')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_printing'))
    )
    op.create_index('ix_printing_officer_id', 'printing', ['officer_id'], unique=False)
    op.create_index('ix_printing_run_id', 'printing', ['run_id'], unique=False)

    op.create_table('name_check',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('enrolment_id', sa.Integer(), nullable=False),
    sa.Column('state', _kind('confirmed', 'asked', 'corrected', 'declined', name='namecheckstate'), nullable=False),
    sa.Column('lines', sa.JSON(), nullable=False),
    sa.Column('said_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('request', sa.Text(), nullable=False),
    sa.Column('paper_id', sa.Integer(), nullable=True),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("state <> 'asked' OR request <> ''", name=op.f('ck_name_check_request')),
    sa.CheckConstraint("state NOT IN ('corrected', 'declined') OR decided_at IS NOT NULL", name=op.f('ck_name_check_decided')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['person.id'], name=op.f('fk_name_check_decided_by_id_person')),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name=op.f('fk_name_check_enrolment_id_enrolment')),
    sa.ForeignKeyConstraint(['paper_id'], ['stored_file.id'], name=op.f('fk_name_check_paper_id_stored_file')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_name_check')),
    sa.UniqueConstraint('enrolment_id', name=op.f('uq_name_check_enrolment_id'))
    )
    op.create_table('blank',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('provider_id', sa.Integer(), nullable=False),
    sa.Column('document_type', _kind('advanced_training_certificate', 'retraining_diploma', 'participation', name='documenttype'), nullable=False),
    sa.Column('series', sa.String(length=8), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('state', _kind('unused', 'set_aside', 'used', 'spoiled', 'lost', 'returned', name='blankstate'), nullable=False),
    sa.Column('holder_id', sa.Integer(), nullable=False),
    sa.Column('certificate_id', sa.Integer(), nullable=True),
    sa.Column('printing_id', sa.Integer(), nullable=True),
    sa.Column('act_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("(state = 'set_aside') = (printing_id IS NOT NULL)", name=op.f('ck_blank_set_aside')),
    sa.CheckConstraint("(state = 'used') = (certificate_id IS NOT NULL)", name=op.f('ck_blank_used')),
    sa.CheckConstraint("act_id IS NULL OR state = 'spoiled'", name=op.f('ck_blank_act')),
    sa.CheckConstraint('number >= 0', name=op.f('ck_blank_number')),
    sa.ForeignKeyConstraint(['act_id'], ['blank_act.id'], name=op.f('fk_blank_act_id_blank_act')),
    sa.ForeignKeyConstraint(['certificate_id'], ['certificate.id'], name=op.f('fk_blank_certificate_id_certificate')),
    sa.ForeignKeyConstraint(['holder_id'], ['person.id'], name=op.f('fk_blank_holder_id_person')),
    sa.ForeignKeyConstraint(['printing_id'], ['printing.id'], name=op.f('fk_blank_printing_id_printing')),
    sa.ForeignKeyConstraint(['provider_id'], ['organisation.id'], name=op.f('fk_blank_provider_id_organisation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_blank')),
    sa.UniqueConstraint('certificate_id', name='uq_blank_certificate'),
    sa.UniqueConstraint('provider_id', 'series', 'number', name='uq_blank_number')
    )
    op.create_index('ix_blank_act_id', 'blank', ['act_id'], unique=False)
    op.create_index('ix_blank_holder', 'blank', ['holder_id', 'document_type', 'state', 'series', 'number'], unique=False)
    op.create_index('ix_blank_printing_id', 'blank', ['printing_id'], unique=False)

    op.create_table('printed_sheet',
    sa.Column('printing_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('certificate_id', sa.Integer(), nullable=False),
    sa.Column('blank_id', sa.Integer(), nullable=False),
    sa.Column('fate', _kind('waiting', 'good', 'spoiled', 'not_printed', name='fate'), nullable=False),
    sa.CheckConstraint('position >= 1', name=op.f('ck_printed_sheet_position')),
    sa.ForeignKeyConstraint(['blank_id'], ['blank.id'], name=op.f('fk_printed_sheet_blank_id_blank')),
    sa.ForeignKeyConstraint(['certificate_id'], ['certificate.id'], name=op.f('fk_printed_sheet_certificate_id_certificate')),
    sa.ForeignKeyConstraint(['printing_id'], ['printing.id'], name=op.f('fk_printed_sheet_printing_id_printing')),
    sa.PrimaryKeyConstraint('printing_id', 'position', name=op.f('pk_printed_sheet'))
    )
    op.create_index('ix_printed_sheet_blank_id', 'printed_sheet', ['blank_id'], unique=False)
    op.create_index('ix_printed_sheet_certificate_id', 'printed_sheet', ['certificate_id'], unique=False)
    op.create_index('uq_printed_sheet_waiting', 'printed_sheet', ['certificate_id'], unique=True, sqlite_where=sa.text("fate = 'waiting'"), postgresql_where=sa.text("fate = 'waiting'"))


def downgrade():
    op.drop_table('printed_sheet')
    op.drop_table('blank')
    op.drop_table('name_check')
    op.drop_table('printing')
    op.drop_table('blank_act')
    op.drop_table('blank_entry')
