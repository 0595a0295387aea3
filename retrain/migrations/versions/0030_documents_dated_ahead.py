"""Documents dated ahead are found at once on their day: there are few of them among many.

Revision ID: 0030
Revises: 0029
Create Date: 2026-11-26
"""

import sqlalchemy as sa
from alembic import op

revision = '0030'
down_revision = '0029'
branch_labels = None
depends_on = None

PREPARED = sa.text("state = 'prepared'")


def upgrade() -> None:
    op.create_index(
        'ix_certificate_prepared', 'certificate', ['provider_id'],
        sqlite_where=PREPARED, postgresql_where=PREPARED,
    )  # fmt: skip


def downgrade() -> None:
    op.drop_index('ix_certificate_prepared', table_name='certificate')
