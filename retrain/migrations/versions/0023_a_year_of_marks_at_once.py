"""Marks that say something else than that somebody was there the whole time have an index of their own.

Revision ID: 0023
Revises: 0022
Create Date: 2026-11-26
"""

import sqlalchemy as sa
from alembic import op

revision = '0023'
down_revision = '0022'
branch_labels = None
depends_on = None

WHERE = "missed_minutes > 0 OR kind = 'not_due'"


def upgrade() -> None:
    op.create_index(
        'ix_mark_not_whole', 'mark', ['register_id', 'enrolment_id', 'kind', 'missed_minutes'],
        sqlite_where=sa.text(WHERE), postgresql_where=sa.text(WHERE),
    )


def downgrade() -> None:
    op.drop_index('ix_mark_not_whole', table_name='mark')
