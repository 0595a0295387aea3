"""A document is found by its number and its check code at once: many providers count from one in the same series.

Revision ID: 0022
Revises: 0021
Create Date: 2026-11-26
"""

from alembic import op

revision = '0022'
down_revision = '0021'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index('ix_certificate_series_number', table_name='certificate')
    op.create_index('ix_certificate_series_number_code', 'certificate', ['series', 'number', 'check_code'])


def downgrade() -> None:
    op.drop_index('ix_certificate_series_number_code', table_name='certificate')
    op.create_index('ix_certificate_series_number', 'certificate', ['series', 'number'])
