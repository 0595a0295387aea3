"""A revoked document names the order that revoked it; the text printed on a blank has its digest beside the whole file's.

Revision ID: 0026
Revises: 0023
Create Date: 2026-11-26
"""

import sqlalchemy as sa
from alembic import op

revision = '0026'
down_revision = '0023'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('certificate') as batch:
        batch.add_column(sa.Column('end_order', sa.String(length=40), nullable=True))
        batch.add_column(sa.Column('end_order_on', sa.Date(), nullable=True))
        batch.add_column(sa.Column('overlay_digest', sa.String(length=64), nullable=True))
        batch.create_check_constraint('ck_certificate_end_order', '(end_order IS NULL) = (end_order_on IS NULL)')


def downgrade() -> None:
    with op.batch_alter_table('certificate') as batch:
        batch.drop_constraint('ck_certificate_end_order', type_='check')
        batch.drop_column('overlay_digest')
        batch.drop_column('end_order_on')
        batch.drop_column('end_order')
