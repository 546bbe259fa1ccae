create unlogged table staging (first text, last text, title text, company text, website text, email text, phone text,
    city text, country text, industry text, employees text, linkedin text, c1 text, c2 text, c3 text, c4 text, c5 text,
    c6 text);
\copy staging from 'LIST' csv header
begin;
insert into companies (workspace_id, name, match_name, domain, website, industry, country, city, employee_count, source,
        created_at, updated_at)
    select distinct on (domain) 1, company, lower(company), domain, website, industry, country, city, employees::int,
        'import', now(), now()
    from (select *, substring(lower(website) from '^https?://(?:www\.)?([^/]+)') as domain from staging) s
    order by domain
    on conflict (workspace_id, domain) where domain is not null do update set industry = excluded.industry;
insert into contacts (workspace_id, company_id, full_name, first_name, last_name, title, email, email_key, phone,
        linkedin_url, linkedin_key, city, country, source, created_at, updated_at)
    select 1, c.id, first || ' ' || last, first, last, title, case when s.key is not null then s.email end, s.key, s.phone, linkedin,
        'linkedin.com' || substring(linkedin from 'com(/in/[^/]+)'), s.city, s.country, 'import', now(), now()
    from (
        select distinct on (key, linkedin) *, substring(lower(website) from '^https?://(?:www\.)?([^/]+)') as domain
        from (select *, case when email ~ '^[^@ ]+@[^@ ]+$' then lower(email) end as key from staging) k
        order by key, linkedin) s
    join companies c on c.workspace_id = 1 and c.domain = s.domain
    on conflict (workspace_id, email_key) where email_key is not null do update set title = excluded.title;
insert into leads (workspace_id, contact_id, company_id, state, source, created_at, updated_at)
    select 1, c.id, c.company_id, 'new', 'import', now(), now() from contacts c
    where c.workspace_id = 1
    on conflict (workspace_id, contact_id) do nothing;
commit;
