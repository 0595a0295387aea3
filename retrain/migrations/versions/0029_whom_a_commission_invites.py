"""A commission's members have mailboxes or accounts, sessions are called, and a closed protocol keeps its names.

Revision ID: 0029
Revises: 0026
Create Date: 2026-11-26
"""

import sqlalchemy as sa
from alembic import op

revision = '0029'
down_revision = '0026'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('commission_member') as batch:
        batch.add_column(sa.Column('email', sa.String(length=254), server_default='', nullable=False))
        batch.add_column(sa.Column('language', sa.String(length=8), server_default='uz', nullable=False))
        batch.add_column(sa.Column('person_id', sa.Integer(), nullable=True))
        batch.create_foreign_key('fk_commission_member_person_id_person', 'person', ['person_id'], ['id'])
        batch.create_index('ix_commission_member_person_id', ['person_id'])
    op.create_table(
        'commission_invitation',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('commission_id', sa.Integer(), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('place', sa.String(length=200), nullable=False),
        sa.Column('sequence', sa.Integer(), nullable=False),
        sa.Column('enrolments', sa.JSON(), nullable=False),
        sa.Column('members', sa.JSON(), nullable=False),
        sa.Column('sent_by_id', sa.Integer(), nullable=True),
        sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('called_off_at', sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint('sequence >= 0', name='ck_commission_invitation_sequence'),
        sa.CheckConstraint("place <> ''", name='ck_commission_invitation_place'),
        sa.ForeignKeyConstraint(
            ['commission_id'], ['commission.id'], name='fk_commission_invitation_commission_id_commission'
        ),
        sa.ForeignKeyConstraint(['sent_by_id'], ['person.id'], name='fk_commission_invitation_sent_by_id_person'),
        sa.PrimaryKeyConstraint('id', name='pk_commission_invitation'),
    )
    op.create_index('ix_commission_invitation_commission_id', 'commission_invitation', ['commission_id'])
    living = sa.text('called_off_at IS NULL')
    op.create_index(
        'uq_commission_invitation_at', 'commission_invitation', ['commission_id', 'at'], unique=True,
        sqlite_where=living, postgresql_where=living,
    )
    # Altered or not, its numbers are given once: see revision 0004.
    with op.batch_alter_table('sitting', table_kwargs={'sqlite_autoincrement': True}) as batch:
        batch.add_column(sa.Column('heard', sa.JSON(), nullable=True))
    with op.batch_alter_table('message') as batch:
        batch.add_column(sa.Column('outsider', sa.JSON(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('message') as batch:
        batch.drop_column('outsider')
    with op.batch_alter_table('sitting', table_kwargs={'sqlite_autoincrement': True}) as batch:
        batch.drop_column('heard')
    op.drop_table('commission_invitation')
    with op.batch_alter_table('commission_member') as batch:
        batch.drop_index('ix_commission_member_person_id')
        batch.drop_constraint('fk_commission_member_person_id_person', type_='foreignkey')
        batch.drop_column('person_id')
        batch.drop_column('language')
        batch.drop_column('email')
