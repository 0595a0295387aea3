"""A number is given once

What the audit trail names stays named when its row goes, so the number of a row that went is never given to another
one. PostgreSQL's counters never turn back; SQLite takes the number after the highest there is, unless the table says
AUTOINCREMENT.

A later revision that alters one of these tables on SQLite passes ``table_kwargs={'sqlite_autoincrement': True}``
to ``batch_alter_table``: a table that is read back from SQLite has forgotten it.

Revision ID: 0004
Revises: 0003
"""
import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

TABLES = (
    'account_session', 'credit', 'enrolment', 'job', 'lecturer', 'official_order', 'qualification', 'role', 'setting',
)

HIGHEST = """
    SELECT max(number) FROM (
        SELECT max(id) AS number FROM {table}
        UNION ALL SELECT max(CAST(subject_id AS INTEGER)) FROM audit_entry WHERE subject_type = '{table}'
    )
"""


def upgrade():
    if not _is_sqlite():
        return
    for table in TABLES:
        with op.batch_alter_table(table, recreate='always', table_kwargs={'sqlite_autoincrement': True}):
            pass
        _go_on_after(table)


def _go_on_after(table):
    """Rows that went before this revision are named in the trail: their numbers are taken too."""
    highest = op.get_bind().scalar(sa.text(HIGHEST.format(table=table)))
    if highest is not None:
        op.execute(f"DELETE FROM sqlite_sequence WHERE name = '{table}'")
        op.execute(f"INSERT INTO sqlite_sequence (name, seq) VALUES ('{table}', {highest})")


def downgrade():
    if not _is_sqlite():
        return
    for table in TABLES:
        with op.batch_alter_table(table, recreate='always') as batch_op:
            batch_op.create_primary_key(op.f(f'pk_{table}'), ['id'])


def _is_sqlite():
    return op.get_bind().dialect.name == 'sqlite'
