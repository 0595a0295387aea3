"""Notes in the register book, documents from before, and what a national register was sent

Revision ID: 0021
Revises: 0012

"""
import sqlalchemy as sa
from alembic import op

revision = '0021'
down_revision = '0012'
branch_labels = None
depends_on = None


def _kind(*values, name):
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade():
    op.create_table('book_note',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('certificate_id', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('made_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("text <> ''", name=op.f('ck_book_note_text')),
    sa.ForeignKeyConstraint(['certificate_id'], ['certificate.id'], name=op.f('fk_book_note_certificate_id_certificate')),
    sa.ForeignKeyConstraint(['made_by_id'], ['person.id'], name=op.f('fk_book_note_made_by_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_book_note'))
    )
    op.create_index('ix_book_note_certificate_id', 'book_note', ['certificate_id'], unique=False)

    op.create_table('old_document',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('provider_id', sa.Integer(), nullable=False),
    sa.Column('document_type', _kind('advanced_training_certificate', 'retraining_diploma', 'participation', name='documenttype'), nullable=False),
    sa.Column('series', sa.String(length=8), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('workplace', sa.String(length=300), nullable=False),
    sa.Column('course', sa.String(length=300), nullable=False),
    sa.Column('hours', sa.Integer(), nullable=True),
    sa.Column('starts_on', sa.Date(), nullable=True),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('issued_on', sa.Date(), nullable=False),
    sa.Column('order_number', sa.String(length=40), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('file_name', sa.String(length=255), nullable=False),
    sa.Column('entered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('entered_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint('number >= 1', name=op.f('ck_old_document_number')),
    sa.ForeignKeyConstraint(['entered_by_id'], ['person.id'], name=op.f('fk_old_document_entered_by_id_person')),
    sa.ForeignKeyConstraint(['provider_id'], ['organisation.id'], name=op.f('fk_old_document_provider_id_organisation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_old_document')),
    sa.UniqueConstraint('provider_id', 'series', 'year', 'number', name='uq_old_document_number')
    )

    op.create_table('registry_sending',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('provider_id', sa.Integer(), nullable=False),
    sa.Column('file_id', sa.Integer(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('made_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_registry_sending_file_id_stored_file')),
    sa.ForeignKeyConstraint(['made_by_id'], ['person.id'], name=op.f('fk_registry_sending_made_by_id_person')),
    sa.ForeignKeyConstraint(['provider_id'], ['organisation.id'], name=op.f('fk_registry_sending_provider_id_organisation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_registry_sending'))
    )
    op.create_index('ix_registry_sending_provider_id', 'registry_sending', ['provider_id'], unique=False)

    op.create_table('registry_line',
    sa.Column('sending_id', sa.Integer(), nullable=False),
    sa.Column('certificate_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('said', sa.String(length=16), nullable=False),
    sa.Column('state', _kind('sent', 'accepted', 'error', name='registrystate'), nullable=False),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(state = 'sent') = (answered_at IS NULL)", name=op.f('ck_registry_line_answered')),
    sa.ForeignKeyConstraint(['certificate_id'], ['certificate.id'], name=op.f('fk_registry_line_certificate_id_certificate')),
    sa.ForeignKeyConstraint(['sending_id'], ['registry_sending.id'], name=op.f('fk_registry_line_sending_id_registry_sending')),
    sa.PrimaryKeyConstraint('sending_id', 'certificate_id', name=op.f('pk_registry_line'))
    )
    op.create_index('ix_registry_line_certificate', 'registry_line', ['certificate_id', 'sending_id'], unique=False)


def downgrade():
    op.drop_table('registry_line')
    op.drop_table('registry_sending')
    op.drop_table('old_document')
    op.drop_table('book_note')
