"""Printings keep how far their printer moves the text

A printing on state blanks is opened again until it is settled: the same millimetres go into its file each time.

Revision ID: 0018
Revises: 0013

"""
import sqlalchemy as sa
from alembic import op

revision = '0018'
down_revision = '0013'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('printing') as batch:
        batch.add_column(sa.Column('right_mm', sa.Float(), nullable=False, server_default=sa.text('0')))
        batch.add_column(sa.Column('down_mm', sa.Float(), nullable=False, server_default=sa.text('0')))
        batch.create_check_constraint(
            'ck_printing_shift', 'right_mm BETWEEN -50 AND 50 AND down_mm BETWEEN -50 AND 50'
        )


def downgrade():
    with op.batch_alter_table('printing') as batch:
        batch.drop_constraint('ck_printing_shift', type_='check')
        batch.drop_column('down_mm')
        batch.drop_column('right_mm')
