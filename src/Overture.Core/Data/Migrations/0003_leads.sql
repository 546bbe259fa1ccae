-- Who we know: companies and contacts (the people), what is known about them, and leads (our pursuit of them).

-- What an outside source sent, byte for byte, so that a parse can be replayed.
create table raw_records (
    workspace_id   bigint not null references workspaces (id) on delete cascade,
    id             bigint generated always as identity,
    provider       text not null,
    external_id    text not null,
    url            text,
    content_type   text not null,
    content        bytea not null,
    sha256         bytea not null,
    fetched_at     timestamptz not null,
    primary key (workspace_id, id),
    unique (workspace_id, provider, external_id, sha256)
);
call protect_workspace('raw_records');

create table companies (
    workspace_id     bigint not null references workspaces (id) on delete cascade,
    id               bigint generated always as identity,
    name             text not null check (length(name) between 1 and 300),
    -- Lower case, without legal form and punctuation: the last resort when there is no domain.
    match_name       text not null,
    domain           text check (domain = lower(domain)),
    website          text,
    linkedin_url     text,
    industry         text,
    description      text,
    country          text,
    region           text,
    city             text,
    phone            text,
    employee_count   integer check (employee_count >= 0),
    founded_year     integer check (founded_year between 1000 and 2200),
    cik              text,
    raised_usd       numeric(18, 2) check (raised_usd >= 0),
    raised_on        date,
    source           text not null,
    created_at       timestamptz not null,
    updated_at       timestamptz not null,
    primary key (workspace_id, id)
);
create unique index companies_by_domain on companies (workspace_id, domain) where domain is not null;
create unique index companies_by_cik on companies (workspace_id, cik) where cik is not null;
create index companies_by_match_name on companies (workspace_id, match_name);
create index companies_by_name on companies using gin (name gin_trgm_ops);
call protect_workspace('companies');

create table contacts (
    workspace_id   bigint not null references workspaces (id) on delete cascade,
    id             bigint generated always as identity,
    company_id     bigint,
    full_name      text not null check (length(full_name) between 1 and 300),
    first_name     text,
    last_name      text,
    title          text,
    -- As given, and the lower-case form that identifies the person.
    email          text,
    email_key      text check (email_key = lower(email_key)),
    phone          text,
    linkedin_url   text,
    linkedin_key   text,
    city           text,
    region         text,
    country        text,
    time_zone      text,
    source         text not null,
    created_at     timestamptz not null,
    updated_at     timestamptz not null,
    primary key (workspace_id, id),
    foreign key (workspace_id, company_id) references companies (workspace_id, id),
    constraint email_has_its_key check ((email is null) = (email_key is null))
);
create unique index contacts_by_email on contacts (workspace_id, email_key) where email_key is not null;
create unique index contacts_by_linkedin on contacts (workspace_id, linkedin_key) where linkedin_key is not null;
create index contacts_by_company on contacts (workspace_id, company_id, lower(full_name));
create index contacts_by_name on contacts using gin (full_name gin_trgm_ops);
call protect_workspace('contacts');

create table leads (
    workspace_id    bigint not null references workspaces (id) on delete cascade,
    id              bigint generated always as identity,
    contact_id      bigint not null,
    company_id      bigint,
    state           text not null check (state in
        ('new', 'enriched', 'ranked', 'accepted', 'rejected', 'enrolled', 'closed')),
    reject_reason   text,
    close_reason    text,
    source          text not null,
    source_detail   text,
    raw_record_id   bigint,
    -- 0 to 100; null until ranked. The reasons are sentences with their points.
    score           numeric(5, 2) check (score between 0 and 100),
    score_reasons   jsonb,
    rank_mode       text check (rank_mode in ('learned', 'cold_start', 'fifo')),
    enriched_at     timestamptz,
    ranked_at       timestamptz,
    created_at      timestamptz not null,
    updated_at      timestamptz not null,
    primary key (workspace_id, id),
    unique (workspace_id, contact_id),
    foreign key (workspace_id, contact_id) references contacts (workspace_id, id) on delete cascade,
    foreign key (workspace_id, company_id) references companies (workspace_id, id),
    foreign key (workspace_id, raw_record_id) references raw_records (workspace_id, id),
    constraint rejected_with_a_reason check ((reject_reason is not null) = (state = 'rejected')),
    constraint closed_with_a_reason check ((close_reason is not null) = (state = 'closed'))
);
create index leads_by_state on leads (workspace_id, state, id);
create index leads_by_score on leads (workspace_id, score desc nulls last, id);
create index leads_newest on leads (workspace_id, id desc);
call protect_workspace('leads');

-- One learned attribute of a contact or a company: who said it, when, and how sure they were.
create table facts (
    workspace_id   bigint not null references workspaces (id) on delete cascade,
    id             bigint generated always as identity,
    contact_id     bigint,
    company_id     bigint,
    field          text not null,
    value          jsonb not null,
    provider       text not null,
    confidence     real not null check (confidence between 0 and 1),
    observed_at    timestamptz not null,
    raw_record_id  bigint,
    primary key (workspace_id, id),
    foreign key (workspace_id, contact_id) references contacts (workspace_id, id) on delete cascade,
    foreign key (workspace_id, company_id) references companies (workspace_id, id) on delete cascade,
    foreign key (workspace_id, raw_record_id) references raw_records (workspace_id, id),
    constraint about_one_thing check (num_nonnulls(contact_id, company_id) = 1)
);
create unique index facts_of_contact on facts (workspace_id, contact_id, field, provider)
    where contact_id is not null;
create unique index facts_of_company on facts (workspace_id, company_id, field, provider)
    where company_id is not null;
call protect_workspace('facts');

create table lists (
    workspace_id  bigint not null references workspaces (id) on delete cascade,
    id            bigint generated always as identity,
    name          text not null check (length(name) between 1 and 200),
    created_at    timestamptz not null,
    primary key (workspace_id, id),
    unique (workspace_id, name)
);
call protect_workspace('lists');

create table list_members (
    workspace_id  bigint not null,
    list_id       bigint not null,
    lead_id       bigint not null,
    added_at      timestamptz not null,
    primary key (workspace_id, list_id, lead_id),
    foreign key (workspace_id, list_id) references lists (workspace_id, id) on delete cascade,
    foreign key (workspace_id, lead_id) references leads (workspace_id, id) on delete cascade
);
call protect_workspace('list_members');

-- An uploaded file: its bytes, how its columns are read, and the report of what became of each row.
create table imports (
    workspace_id     bigint not null references workspaces (id) on delete cascade,
    id               bigint generated always as identity,
    file_name        text not null,
    content          bytea not null,
    mapping          jsonb,
    duplicate_rule   text not null default 'fill_blanks'
        check (duplicate_rule in ('fill_blanks', 'overwrite', 'skip')),
    state            text not null check (state in ('uploaded', 'running', 'completed', 'failed')),
    report           jsonb,
    job_id           bigint,
    created_by       text not null,
    created_at       timestamptz not null,
    finished_at      timestamptz,
    primary key (workspace_id, id)
);
call protect_workspace('imports');

-- The append-only log shown on a lead's page.
create table activity (
    workspace_id  bigint not null references workspaces (id) on delete cascade,
    id            bigint generated always as identity,
    lead_id       bigint,
    kind          text not null,
    actor         text not null,
    summary       text not null,
    data          jsonb,
    occurred_at   timestamptz not null,
    primary key (workspace_id, id),
    foreign key (workspace_id, lead_id) references leads (workspace_id, id) on delete cascade
);
create index activity_of_lead on activity (workspace_id, lead_id, id desc);
call protect_workspace('activity');

-- A to-do for a human.
create table tasks (
    workspace_id  bigint not null references workspaces (id) on delete cascade,
    id            bigint generated always as identity,
    lead_id       bigint,
    kind          text not null,
    title         text not null,
    state         text not null check (state in ('open', 'done', 'dismissed')),
    due_on        date,
    created_at    timestamptz not null,
    finished_at   timestamptz,
    primary key (workspace_id, id),
    foreign key (workspace_id, lead_id) references leads (workspace_id, id) on delete cascade
);
create index tasks_open on tasks (workspace_id, due_on) where state = 'open';
call protect_workspace('tasks');

create table deals (
    workspace_id  bigint not null references workspaces (id) on delete cascade,
    id            bigint generated always as identity,
    lead_id       bigint not null,
    stage         text not null check (stage in ('discovered', 'enriched', 'pending', 'connected', 'completed',
        'failed', 'ignored', 'replied', 'accepted', 'rejected')),
    close_reason  text,
    created_at    timestamptz not null,
    updated_at    timestamptz not null,
    primary key (workspace_id, id),
    unique (workspace_id, lead_id),
    foreign key (workspace_id, lead_id) references leads (workspace_id, id) on delete cascade
);
call protect_workspace('deals');
