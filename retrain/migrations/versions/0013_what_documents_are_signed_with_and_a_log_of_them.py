"""What documents are signed with, and a log of them

Keys of the providers (their public half), what the public log tells of each document, published heads, and the tiles
that make proofs quick. Documents that were issued before are told of as they stand.

Revision ID: 0013
Revises: 0016
"""
import secrets
from datetime import datetime, time

import sqlalchemy as sa
from alembic import op

revision = '0013'
down_revision = '0016'
branch_labels = None
depends_on = None

PLACES = ('file', 'device')
KINDS = ('issued', 'replaced', 'revoked')
ENDED = ('replaced', 'revoked')
AT_ONCE = 1000


def _kind(*values, name):
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade():
    op.create_table('ledger_tile',
    sa.Column('log', sa.String(length=32), nullable=False),
    sa.Column('level', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('place', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['log'], ['ledger_log.name'], name=op.f('fk_ledger_tile_log_ledger_log')),
    sa.PrimaryKeyConstraint('log', 'level', 'place', name=op.f('pk_ledger_tile'))
    )
    op.create_table('published_head',
    sa.Column('log', sa.String(length=32), nullable=False),
    sa.Column('on_date', sa.Date(), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('root', sa.String(length=64), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('signature', sa.String(length=128), nullable=False),
    sa.CheckConstraint('size > 0', name=op.f('ck_published_head_size')),
    sa.PrimaryKeyConstraint('log', 'on_date', name=op.f('pk_published_head'))
    )
    op.create_table('signing_key',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('provider_id', sa.Integer(), nullable=False),
    sa.Column('algorithm', sa.String(length=16), nullable=False),
    sa.Column('kept_in', _kind(*PLACES, name='keyplace'), nullable=False),
    sa.Column('place', sa.String(length=300), nullable=False),
    sa.Column('chain', sa.Text(), nullable=False),
    sa.Column('fingerprint', sa.String(length=64), nullable=False),
    sa.Column('not_before', sa.DateTime(timezone=True), nullable=False),
    sa.Column('not_after', sa.DateTime(timezone=True), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('made_by_id', sa.Integer(), nullable=True),
    sa.Column('retired_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('not_before < not_after', name=op.f('ck_signing_key_validity')),
    sa.ForeignKeyConstraint(['made_by_id'], ['person.id'], name=op.f('fk_signing_key_made_by_id_person')),
    sa.ForeignKeyConstraint(['provider_id'], ['organisation.id'], name=op.f('fk_signing_key_provider_id_organisation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_signing_key')),
    sa.UniqueConstraint('provider_id', 'fingerprint', name='uq_signing_key_fingerprint')
    )
    op.create_index('uq_signing_key_in_use', 'signing_key', ['provider_id'], unique=True, sqlite_where=sa.text('retired_at IS NULL'), postgresql_where=sa.text('retired_at IS NULL'))
    op.create_table('certificate_event',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('certificate_id', sa.Integer(), nullable=False),
    sa.Column('kind', _kind(*KINDS, name='eventkind'), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('salt', sa.String(length=32), nullable=False),
    sa.Column('position', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['certificate_id'], ['certificate.id'], name=op.f('fk_certificate_event_certificate_id_certificate')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_certificate_event')),
    sa.UniqueConstraint('certificate_id', 'kind', name='uq_certificate_event_kind')
    )
    op.create_index('ix_certificate_event_position', 'certificate_event', ['position'], unique=False)
    op.create_index('ix_certificate_file_digest', 'certificate', ['file_digest'], unique=False)
    _tell_of_older_ones()


def _tell_of_older_ones():
    told = sa.table('certificate_event', *(sa.column(name) for name in ('certificate_id', 'kind', 'salt')),
                    sa.column('at', sa.DateTime(timezone=True)))
    known = sa.table('certificate', sa.column('id'), sa.column('state'), sa.column('issued_at', sa.DateTime(timezone=True)),
                     sa.column('ended_on', sa.Date()))
    bind, after = op.get_bind(), 0
    while rows := bind.execute(sa.select(known).where(known.c.id > after).order_by(known.c.id).limit(AT_ONCE)).all():
        after, events = rows[-1].id, []
        for row in rows:
            if row.state == 'prepared':
                continue
            events.append((row.id, 'issued', row.issued_at))
            if row.state in ENDED:
                on = datetime.combine(row.ended_on, time(12), row.issued_at.tzinfo) if row.ended_on else row.issued_at
                events.append((row.id, row.state, max(on, row.issued_at)))
        if events:
            op.bulk_insert(told, [
                {'certificate_id': number, 'kind': kind, 'at': at, 'salt': secrets.token_hex(16)}
                for number, kind, at in sorted(events, key=lambda event: event[2])
            ])


def downgrade():
    op.drop_index('ix_certificate_file_digest', table_name='certificate')
    op.drop_table('certificate_event')
    op.drop_table('signing_key')
    op.drop_table('published_head')
    op.drop_table('ledger_tile')
    # Without its events the log says nothing; the older program must not find what it can't explain.
    for table, column in (('ledger_leaf', 'log'), ('ledger_head', 'log'), ('ledger_log', 'name')):
        op.execute(f"DELETE FROM {table} WHERE {column} = 'certificates'")
