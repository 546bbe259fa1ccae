-- Fills the migrated database with :leads leads at :leads / 8 companies. Names follow a skewed distribution: a few words
-- are on hundreds of thousands of leads, most on a handful. Indexes are dropped first and built again at the end.
\set ON_ERROR_STOP on
set overture.workspace = 'all';
set synchronous_commit = off;
set maintenance_work_mem = '1GB';
set max_parallel_maintenance_workers = 2;
create temp table kept_indexes as
    select format('%I', c.relname) as name, pg_get_indexdef(i.indexrelid) as definition
    from pg_index i join pg_class c on c.oid = i.indexrelid
    where i.indrelid in ('companies'::regclass, 'contacts'::regclass, 'leads'::regclass, 'lead_listing'::regclass)
      and not exists (select from pg_constraint k where k.conindid = i.indexrelid);
select format('drop index %s', name) from kept_indexes \gexec
-- Nothing but reading is measured: the rows fit together, and nobody checks that a second time.
select format('alter table %s drop constraint %I', conrelid::regclass, conname) from pg_constraint
where contype = 'f' and conrelid in ('companies'::regclass, 'contacts'::regclass, 'leads'::regclass) \gexec
alter table leads disable trigger user;
alter table contacts disable trigger user;
alter table companies disable trigger user;
insert into workspaces (name, created_at) select 'Listing', now() where not exists (select from workspaces);
create function pg_temp.skewed(n bigint, words int) returns bigint language sql immutable as
    $$ select floor(words * power((abs(hashint8(n)) % 1000000) / 1000000.0, 3))::bigint $$;
insert into companies (workspace_id, id, name, match_name, domain, industry, country, source, created_at, updated_at)
    overriding system value
    select 1, g, 'Trade' || pg_temp.skewed(g, 50000) || ' Works' || g, 'works' || g, 'works' || g || '.example',
           (array['Software', 'Logistics', 'Retail', 'Insurance', 'Biotechnology', 'Fishing'])
               [1 + least(5, pg_temp.skewed(g + 7, 6))::int],
           (array['Austria', 'France', 'Japan', 'Peru', 'Kenya', 'Malta'])[1 + least(5, pg_temp.skewed(g + 9, 6))::int],
           'import', now(), now()
    from generate_series(1, :leads / 8) g;
insert into contacts (workspace_id, id, company_id, full_name, title, email, email_key, source, created_at, updated_at)
    overriding system value
    select 1, g, 1 + (g::bigint * 48271 % (:leads / 8)),
           'First' || pg_temp.skewed(g + 1, 20000) || ' Last' || pg_temp.skewed(g + 2, 400000),
           (array['Manager', 'Director', 'Engineer', 'Founder', 'Analyst', 'Beekeeper'])
               [1 + least(5, pg_temp.skewed(g + 3, 6))::int] || ' of area' || pg_temp.skewed(g + 4, 5000),
           case when g % 10 < 8 then 'p' || g || '@works.example' end,
           case when g % 10 < 8 then 'p' || g || '@works.example' end, 'import', now(), now()
    from generate_series(1, :leads) g;
insert into leads (workspace_id, id, contact_id, company_id, state, source, score, enriched_at, ranked_at, reject_reason,
    close_reason, created_at, updated_at) overriding system value
    select 1, c.id, c.id, c.company_id, state, case when c.id % 50 = 0 then 'manual' else 'import' end,
           case when state in ('ranked', 'accepted', 'enrolled') then (abs(hashint8(c.id)) % 10000) / 100.0 end,
           case when state <> 'new' then now() end, case when state not in ('new', 'enriched') then now() end,
           case when state = 'rejected' then 'Not a fit' end, case when state = 'closed' then 'Replied' end, now(), now()
    from contacts c, lateral (select (array['new', 'ranked', 'ranked', 'enriched', 'accepted', 'enrolled', 'rejected',
        'closed'])[1 + least(7, pg_temp.skewed(c.id + 5, 8))::int] as state) s
    order by c.id;
insert into lead_listing (workspace_id, lead_id, name_key, company_key, words)
    select 1, l.id, lower(c.full_name), lower(co.name), array_to_tsvector(
        string_to_array(lower(c.full_name || ' ' || c.title || ' ' || co.name), ' ')
        || case when c.email is null then array['email=no']
               else array['p' || c.id, 'works', 'example', 'email=yes'] end
        || array['industry=' || co.industry, 'country=' || co.country, 'source=' || l.source,
            'part=' || (l.id >> 17)::text])
    from leads l join contacts c on c.workspace_id = 1 and c.id = l.id
    join companies co on co.workspace_id = 1 and co.id = l.company_id order by l.id;
insert into facet_values select distinct 1, 'industry', industry from companies on conflict do nothing;
insert into lists (workspace_id, name, created_at) values (1, 'Ten thousand', now()) on conflict do nothing;
insert into list_members (workspace_id, list_id, lead_id, added_at)
    select 1, (select id from lists limit 1), g * (:leads / 10000), now() from generate_series(1, 9999) g
    on conflict do nothing;
select definition from kept_indexes \gexec
alter table leads enable trigger user;
alter table contacts enable trigger user;
alter table companies enable trigger user;
select setval('companies_id_seq', :leads / 8), setval('contacts_id_seq', :leads), setval('leads_id_seq', :leads);
vacuum analyze companies, contacts, leads, lead_listing, list_members;
insert into search_progress select 1, :leads on conflict do nothing;
insert into search_vocabulary
    select 1, word from (select unnest(tsvector_to_array(words)) as word from lead_listing tablesample system (1)) w
    where length(word) between 3 and 60 and word !~ '[=0-9]' on conflict do nothing;
analyze search_vocabulary;
