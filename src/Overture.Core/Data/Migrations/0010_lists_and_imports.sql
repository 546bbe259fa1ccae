-- Lists of people coming in and going out: files in parts, batches that can be undone, a listing made to be searched.

-- A file is kept in parts, so that neither taking it in nor reading it holds it whole.
create table import_parts (
    workspace_id  bigint not null,
    import_id     bigint not null,
    position      integer not null check (position >= 0),
    content       bytea not null,
    primary key (workspace_id, import_id, position),
    foreign key (workspace_id, import_id) references imports (workspace_id, id) on delete cascade
);
alter table import_parts alter column content set storage external;
call protect_workspace('import_parts');
insert into import_parts (workspace_id, import_id, position, content)
    select workspace_id, id, 0, content from imports;
alter table imports
    drop column content,
    add column encoding text not null default '',
    add column row_count bigint not null default 0 check (row_count >= 0),
    add column size_bytes bigint not null default 0 check (size_bytes >= 0),
    add column recognised text,
    -- Its file and what could undo it are forgotten after thirty days, the report stays.
    add column forgotten_at timestamptz,
    add column undone_at timestamptz,
    drop constraint imports_state_check,
    add constraint imports_state_check check (state in ('uploaded', 'running', 'completed', 'failed', 'undone'));
create index imports_newest on imports (workspace_id, id desc);

-- One commit of an import: what it added and changed, and the leads that are still to be opened for it.
create table import_batches (
    workspace_id       bigint not null,
    import_id          bigint not null,
    number             integer not null check (number >= 0),
    added_companies    bigint[] not null,
    added_contacts     bigint[] not null,
    -- Id and column to value before and value after, as [{"id": 7, "title": ["CTO", "CEO"]}].
    changed_companies  jsonb not null,
    changed_contacts   jsonb not null,
    lead_contacts      bigint[] not null,
    lead_companies     bigint[] not null,
    lead_lines         bigint[] not null,
    leads_opened       boolean not null default false,
    primary key (workspace_id, import_id, number),
    foreign key (workspace_id, import_id) references imports (workspace_id, id) on delete cascade
);
call protect_workspace('import_batches');

-- How a kind of file was read last time.
create table import_presets (
    workspace_id  bigint not null references workspaces (id) on delete cascade,
    id            bigint generated always as identity,
    name          text not null check (length(name) between 1 and 200),
    mapping       jsonb not null,
    duplicate_rule text not null check (duplicate_rule in ('fill_blanks', 'overwrite', 'skip')),
    created_by    text not null,
    created_at    timestamptz not null,
    primary key (workspace_id, id),
    unique (workspace_id, name)
);
call protect_workspace('import_presets');

-- Two records that may be one person or one company; docs/states/duplicate.md draws it.
create table possible_duplicates (
    workspace_id  bigint not null references workspaces (id) on delete cascade,
    id            bigint generated always as identity,
    kind          text not null check (kind in ('contact', 'company')),
    first_id      bigint not null,
    second_id     bigint not null,
    reason        text not null,
    state         text not null check (state in ('open', 'merged', 'apart')),
    decided_by    text,
    decided_at    timestamptz,
    created_at    timestamptz not null,
    primary key (workspace_id, id),
    unique (workspace_id, kind, first_id, second_id),
    constraint first_is_the_older check (first_id < second_id)
);
create index possible_duplicates_open on possible_duplicates (workspace_id, id) where state = 'open';
call protect_workspace('possible_duplicates');

-- A filter with a name: a tab above the leads.
create table saved_views (
    workspace_id  bigint not null references workspaces (id) on delete cascade,
    id            bigint generated always as identity,
    name          text not null check (length(name) between 1 and 200),
    -- The part of the address after the question mark.
    query         text not null check (length(query) <= 2000),
    created_by    text not null,
    created_at    timestamptz not null,
    primary key (workspace_id, id),
    unique (workspace_id, name)
);
call protect_workspace('saved_views');

-- A contact belongs to a workspace and a lead to a contact: the lead's own reference is checked by that one.
alter table leads drop constraint leads_workspace_id_fkey;
drop index leads_newest;
drop index contacts_by_name;
drop index companies_by_name;
create index leads_by_state_and_score on leads (workspace_id, state, score desc nulls last, id);
create index leads_by_company on leads (workspace_id, company_id, score desc nulls last, id);
create index leads_reached_enriched on leads (workspace_id, id) where enriched_at is not null;
create index leads_reached_ranked on leads (workspace_id, id) where ranked_at is not null;
create index list_members_of_lead on list_members (workspace_id, lead_id);

-- Small letters without accents, so that “müller” is found as “Muller” and “MÜLLER” alike. SearchText does the same.
create function fold_text(given text) returns text language sql immutable parallel safe as $$
    select case when octet_length(given) = length(given) then lower(given)
        else regexp_replace(normalize(lower(given), NFD), '[\u0300-\u036f]+', '', 'g') end
$$;

-- The words of a text: whatever stands between blanks and the signs of ASCII.
create function search_words(given text) returns text[] language sql immutable parallel safe as $$
    select array_remove(regexp_split_to_array(fold_text(given), '[\x01-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f]+'), '')
$$;

-- The leads as they are listed and searched: slim, in the order of their ids, and with one index over all words.
-- A word with "=" in it is a facet; "part=7" bounds a search to a stretch of ids.
create table lead_listing (
    workspace_id  bigint not null,
    lead_id       bigint not null,
    name_key      text collate "C" not null,
    company_key   text collate "C",
    words         tsvector not null,
    primary key (workspace_id, lead_id)
);
create index lead_listing_by_name on lead_listing (workspace_id, name_key, lead_id);
create index lead_listing_by_company on lead_listing (workspace_id, company_key, lead_id);
-- Words wait in a list and are sorted in together, which is four times as fast; SearchIndex empties the list.
create index lead_listing_by_words on lead_listing using gin (words) with (gin_pending_list_limit = 65536);
alter table lead_listing alter column words set statistics 1000;
call protect_workspace('lead_listing');

create function lead_facets(industry text, country text, source text, has_email boolean, lead_id bigint)
returns text[] language sql immutable parallel safe as $$
    select array_remove(array[
        'industry=' || left(nullif(industry, ''), 300), 'country=' || left(nullif(country, ''), 300),
        'source=' || left(source, 100), case when has_email then 'email=yes' else 'email=no' end,
        'part=' || (lead_id >> 17)::text], null)
$$;

-- Values that a filter can choose from; one whose last lead is gone may stay.
create table facet_values (
    workspace_id  bigint not null references workspaces (id) on delete cascade,
    kind          text not null check (kind in ('industry', 'country', 'source')),
    value         text not null,
    primary key (workspace_id, kind, value)
);
call protect_workspace('facet_values');

-- Every word that a lead bears once, for words that were typed wrongly or in part.
create table search_vocabulary (
    workspace_id  bigint not null references workspaces (id) on delete cascade,
    word          text not null,
    primary key (workspace_id, word)
);
create index search_vocabulary_by_likeness on search_vocabulary using gin (word gin_trgm_ops);
call protect_workspace('search_vocabulary');
create table search_progress (
    workspace_id  bigint primary key references workspaces (id) on delete cascade,
    lead_id       bigint not null
);
call protect_workspace('search_progress');

create view lead_listing_now with (security_invoker = true) as
    select l.workspace_id, l.id as lead_id, l.contact_id, l.company_id,
           left(fold_text(c.full_name), 300) collate "C" as name_key,
           left(fold_text(co.name), 300) collate "C" as company_key,
           array_to_tsvector(
               search_words(concat_ws(' ', c.full_name, left(c.title, 300), left(c.email, 320), co.name))
               || lead_facets(co.industry, coalesce(c.country, co.country), l.source, c.email is not null, l.id))
               as words,
           co.industry, coalesce(c.country, co.country) as country, l.source
    from leads l
    join contacts c on c.workspace_id = l.workspace_id and c.id = l.contact_id
    left join companies co on co.workspace_id = l.workspace_id and co.id = l.company_id;

-- A plan is kept for as long as its connection lives, and must be good when ten rows have become ten million: each
-- lead's contact and company are looked up by their keys, whatever the sizes were when the plan was made.
create function list_new_leads() returns trigger language plpgsql
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
    with listed as materialized (
        select a.workspace_id, a.id as lead_id, n.name_key, n.company_key, n.words, n.industry, n.country, a.source
        from added a, lateral (
            select s.name_key, s.company_key, s.words, s.industry, s.country from lead_listing_now s
            where s.workspace_id = a.workspace_id and s.lead_id = a.id offset 0) n),
    kept as (
        insert into lead_listing (workspace_id, lead_id, name_key, company_key, words)
        select workspace_id, lead_id, name_key, company_key, words from listed order by lead_id)
    insert into facet_values (workspace_id, kind, value)
    select distinct workspace_id, f.kind, left(f.value, 300) from listed,
        lateral (values ('industry', industry), ('country', country), ('source', source)) f (kind, value)
    where f.value <> ''
    on conflict do nothing;
    return null;
end $$;
-- Who opens thousands of leads at once lists them too, and says so.
create trigger leads_listed after insert on leads referencing new table as added
    for each statement when (current_setting('overture.listing', true) is distinct from 'given')
    execute function list_new_leads();

create function unlist_leads() returns trigger language plpgsql as $$
begin
    delete from lead_listing s using gone g where s.workspace_id = g.workspace_id and s.lead_id = g.id;
    return null;
end $$;
create trigger leads_unlisted after delete on leads referencing old table as gone
    for each statement execute function unlist_leads();

create function list_leads_again(workspaces bigint[], leads bigint[]) returns void language sql
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
    with listed as materialized (
        select n.* from unnest(workspaces, leads) changed (workspace_id, lead_id), lateral (
            select s.* from lead_listing_now s
            where s.workspace_id = changed.workspace_id and s.lead_id = changed.lead_id offset 0) n),
    kept as (
        update lead_listing s set name_key = n.name_key, company_key = n.company_key, words = n.words
        from listed n where s.workspace_id = n.workspace_id and s.lead_id = n.lead_id)
    insert into facet_values (workspace_id, kind, value)
    select distinct workspace_id, f.kind, left(f.value, 300) from listed,
        lateral (values ('industry', industry), ('country', country)) f (kind, value)
    where f.value <> ''
    on conflict do nothing
$$;

create function list_changed_contacts() returns trigger language plpgsql
set enable_seqscan = off as $$
begin
    perform list_leads_again(array_agg(l.workspace_id), array_agg(l.id))
    from after a
    join before b on b.workspace_id = a.workspace_id and b.id = a.id
    join leads l on l.workspace_id = a.workspace_id and l.contact_id = a.id
    where (a.full_name, a.title, a.email, a.country) is distinct from (b.full_name, b.title, b.email, b.country)
    having count(*) > 0;
    return null;
end $$;
create trigger contacts_listed_again after update on contacts
    referencing old table as before new table as after
    for each statement execute function list_changed_contacts();

create function list_changed_companies() returns trigger language plpgsql
set enable_seqscan = off as $$
begin
    perform list_leads_again(array_agg(l.workspace_id), array_agg(l.id))
    from after a
    join before b on b.workspace_id = a.workspace_id and b.id = a.id
    join leads l on l.workspace_id = a.workspace_id and l.company_id = a.id
    where (a.name, a.industry, a.country) is distinct from (b.name, b.industry, b.country)
    having count(*) > 0;
    return null;
end $$;
create trigger companies_listed_again after update on companies
    referencing old table as before new table as after
    for each statement execute function list_changed_companies();

create function list_moved_leads() returns trigger language plpgsql as $$
begin
    perform list_leads_again(array[new.workspace_id], array[new.id]);
    return null;
end $$;
create trigger leads_listed_again after update on leads for each row
    when (old.contact_id <> new.contact_id or old.company_id is distinct from new.company_id
          or old.source <> new.source)
    execute function list_moved_leads();

insert into lead_listing (workspace_id, lead_id, name_key, company_key, words)
    select workspace_id, lead_id, name_key, company_key, words from lead_listing_now order by lead_id;
insert into facet_values (workspace_id, kind, value)
    select distinct workspace_id, f.kind, left(f.value, 300) from lead_listing_now,
        lateral (values ('industry', industry), ('country', country), ('source', source)) f (kind, value)
    where f.value <> '';

-- Companies are searched by name and domain; a search lists the newest first.
alter table companies
    add column words tsvector generated always as
        (array_to_tsvector(search_words(name || ' ' || coalesce(domain, '')))) stored;
create index companies_by_words on companies using gin (words) with (gin_pending_list_limit = 65536);
alter table companies alter column words set statistics 1000;

-- Makes every row that points to one record point to another one, in whichever table it is.
create function repoint_references(target regclass, workspace bigint, kept bigint, gone bigint) returns void
language plpgsql as $$
declare reference record;
begin
    for reference in
        select k.conrelid::regclass as place, a.attname as field
        from pg_constraint k
        join pg_attribute a on a.attrelid = k.conrelid and a.attnum = k.conkey[cardinality(k.conkey)]
        where k.contype = 'f' and k.confrelid = target and cardinality(k.conkey) = 2
    loop
        execute format('update %s set %I = $1 where workspace_id = $2 and %I = $3',
            reference.place, reference.field, reference.field) using kept, workspace, gone;
    end loop;
end $$;
