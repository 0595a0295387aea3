"""Orders are signed and numbered

Orders of a changed list; who was asked to sign and what came of it; our own numbers.

Revision ID: 0003
Revises: 0001
"""
import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0001'
branch_labels = None
depends_on = None

BEFORE = ('enrolment', 'completion', 'exclusion')
KINDS = (*BEFORE, 'change')
PEOPLE = ('sent_by_id', 'signed_by_id')


def _kind(kinds):
    return sa.Enum(*kinds, name='orderkind', native_enum=False, create_constraint=True, length=32)


def _is_one_of(kinds):
    return "kind IN ({})".format(', '.join(f"'{kind}'" for kind in kinds))


def upgrade():
    op.create_table('order_counter',
    sa.Column('provider_id', sa.Integer(), nullable=False),
    sa.Column('kind', _kind(KINDS), nullable=False),
    sa.Column('year', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('next_number', sa.Integer(), nullable=False),
    sa.CheckConstraint('next_number >= 1', name=op.f('ck_order_counter_next_number')),
    sa.ForeignKeyConstraint(['provider_id'], ['organisation.id'], name=op.f('fk_order_counter_provider_id_organisation')),
    sa.PrimaryKeyConstraint('provider_id', 'kind', 'year', name=op.f('pk_order_counter'))
    )
    with op.batch_alter_table('official_order', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_official_order_orderkind'), type_='check')
        batch_op.create_check_constraint(op.f('ck_official_order_orderkind'), _is_one_of(KINDS))
        batch_op.add_column(sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('sent_by_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('signed_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('signed_by_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('returned_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('returned_why', sa.String(), nullable=True))
        for column in PEOPLE:
            batch_op.create_foreign_key(op.f(f'fk_official_order_{column}_person'), 'person', [column], ['id'])
        batch_op.create_check_constraint(op.f('ck_official_order_draft_is_unsigned'), "state <> 'draft' OR signed_at IS NULL")


def downgrade():
    # An order of a changed list holds the whole list, so the older program reads it as an order of enrolment.
    op.execute("DELETE FROM official_order WHERE kind = 'change' AND state <> 'registered'")
    op.execute(
        "UPDATE official_order SET kind = 'enrolment', number = number || ' (' || id || ')'"
        " WHERE kind = 'change'"
    )
    with op.batch_alter_table('official_order', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_official_order_draft_is_unsigned'), type_='check')
        for column in PEOPLE:
            batch_op.drop_constraint(op.f(f'fk_official_order_{column}_person'), type_='foreignkey')
        for column in ('returned_why', 'returned_at', 'signed_by_id', 'signed_at', 'sent_by_id', 'sent_at'):
            batch_op.drop_column(column)
        batch_op.drop_constraint(op.f('ck_official_order_orderkind'), type_='check')
        batch_op.create_check_constraint(op.f('ck_official_order_orderkind'), _is_one_of(BEFORE))
    op.drop_table('order_counter')
