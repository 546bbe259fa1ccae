-- What an index on an expression asks of its function is not leakproof, so no query under row-level security could use it.
-- The comparisons of a column are.
drop index contacts_by_host, contacts_by_company;
alter table contacts
    -- From its end, so that everybody at a domain and below it lies together. Colleagues share an entry of its index.
    add column email_host text collate "C" generated always as (reverse(split_part(email_key, '@', -1))) stored,
    add column name_hash integer not null generated always as (hashtext(lower(full_name))) stored;
create index contacts_by_host on contacts (workspace_id, email_host) where email_host is not null;
create index contacts_by_company on contacts (workspace_id, company_id, name_hash);

-- Numbers that follow each other by the thousand: pressing them together cost an import more than it saved.
alter table import_batches
    alter column added_companies set storage external, alter column added_contacts set storage external,
    alter column lead_contacts set storage external, alter column lead_companies set storage external,
    alter column lead_lines set storage external;

-- The rows of the transition tables are joined with each other as the planner likes, and each lead is looked up by its key,
-- also while the planner still believes that an import fills an empty table.
create or replace function list_changed_contacts() returns trigger language plpgsql
set enable_seqscan = off set enable_hashjoin = on as $$
begin
    perform list_leads_again(array_agg(l.workspace_id), array_agg(l.id))
    from (
        select a.workspace_id, a.id from after a
        join before b on b.workspace_id = a.workspace_id and b.id = a.id
        where (a.full_name, a.title, a.email, a.country)
            is distinct from (b.full_name, b.title, b.email, b.country) offset 0) changed
    cross join lateral (
        select workspace_id, id from leads
        where workspace_id = changed.workspace_id and contact_id = changed.id offset 0) l
    having count(*) > 0;
    return null;
end $$;
create or replace function list_changed_companies() returns trigger language plpgsql
set enable_seqscan = off set enable_hashjoin = on as $$
begin
    perform list_leads_again(array_agg(l.workspace_id), array_agg(l.id))
    from (
        select a.workspace_id, a.id from after a
        join before b on b.workspace_id = a.workspace_id and b.id = a.id
        where (a.name, a.industry, a.country) is distinct from (b.name, b.industry, b.country) offset 0) changed
    cross join lateral (
        select workspace_id, id from leads
        where workspace_id = changed.workspace_id and company_id = changed.id offset 0) l
    having count(*) > 0;
    return null;
end $$;
