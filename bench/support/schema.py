"""The yardstick's own tables: shaped and indexed like tickets and their history, so that a row costs the same."""

SCHEMA = """
create table bare_ticket (like tickets_ticket including all);
create table bare_history (like audit_entry including all);
"""
