"""The yardstick's own tables: shaped, indexed and tied like tickets and their history, so that a row costs the same."""

SCHEMA = """
create table bare_ticket (like tickets_ticket including all);
create table bare_history (like audit_entry including all);
do $$
declare tie record;
begin
    for tie in select conname, pg_get_constraintdef(oid) as definition from pg_constraint
        where conrelid = 'tickets_ticket'::regclass and contype = 'f'
    loop
        execute format('alter table bare_ticket add constraint %I %s', tie.conname, tie.definition);
    end loop;
end $$;
"""
