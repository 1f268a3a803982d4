"""The tables of the yardstick: a note and its history."""

SCHEMA = """
create table if not exists bare_note (id bigserial primary key, subject varchar(200) not null,
    customer_id bigint not null, created_at timestamptz not null);
create table if not exists bare_history (id bigserial primary key, note_id bigint not null references bare_note (id),
    text varchar(200) not null, at timestamptz not null);
"""
