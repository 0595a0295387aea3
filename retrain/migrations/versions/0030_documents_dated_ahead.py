"""Documents dated ahead are found at once on their day, and everybody's own whatever their state.

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
    # The unique index of living documents serves no question that names their states by parameters.
    op.create_index('ix_certificate_enrolment_id', 'certificate', ['enrolment_id'])


def downgrade() -> None:
    op.drop_index('ix_certificate_enrolment_id', table_name='certificate')
    op.drop_index('ix_certificate_prepared', table_name='certificate')
