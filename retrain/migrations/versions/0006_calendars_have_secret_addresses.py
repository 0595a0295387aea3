"""Calendars have secret addresses

The addresses at which a calendar program or a screen asks without signing in; and of each class when it was last
changed and first shown, so that a calendar learns both of a change and of a cancellation.

Revision ID: 0006
Revises: 0007
"""
import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0007'
branch_labels = None
depends_on = None

# What stood before was known to no calendar yet: any moment that is over serves, and all get the same.
SINCE = "'2026-01-01 00:00:00'"
SHOWN = "state <> 'published' OR published_at IS NOT NULL"


def upgrade():
    op.create_table('secret_address',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('person', 'run', 'room', 'screen', name='calendarof', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('run_id', sa.Integer(), nullable=True),
    sa.Column('room_id', sa.Integer(), nullable=True),
    sa.Column('nonce', sa.String(length=64), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("(kind = 'person') = (person_id IS NOT NULL)", name=op.f('ck_secret_address_of_a_person')),
    sa.CheckConstraint("(kind = 'run') = (run_id IS NOT NULL)", name=op.f('ck_secret_address_of_a_run')),
    sa.CheckConstraint("(kind IN ('room', 'screen')) = (room_id IS NOT NULL)", name=op.f('ck_secret_address_of_a_room')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_secret_address_person_id_person')),
    sa.ForeignKeyConstraint(['run_id'], ['run.id'], name=op.f('fk_secret_address_run_id_run'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['room_id'], ['room.id'], name=op.f('fk_secret_address_room_id_room'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_secret_address')),
    sa.UniqueConstraint('digest', name='uq_secret_address_digest'),
    sa.UniqueConstraint('person_id', name='uq_secret_address_person_id'),
    sa.UniqueConstraint('run_id', name='uq_secret_address_run_id'),
    sa.UniqueConstraint('room_id', 'kind', name='uq_secret_address_room_id_kind'),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('class_session', schema=None) as batch_op:
        batch_op.add_column(sa.Column('published_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False, server_default=sa.text(SINCE)))
    op.execute(f"UPDATE class_session SET published_at = {SINCE} WHERE state = 'published'")
    with op.batch_alter_table('class_session', schema=None) as batch_op:
        batch_op.alter_column('changed_at', existing_type=sa.DateTime(timezone=True), existing_nullable=False, server_default=None)
        batch_op.create_check_constraint(op.f('ck_class_session_shown_since'), SHOWN)


def downgrade():
    with op.batch_alter_table('class_session', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_class_session_shown_since'), type_='check')
        batch_op.drop_column('changed_at')
        batch_op.drop_column('published_at')
    op.drop_table('secret_address')
