-- What is learned from outside: the services asked, what they were asked and paid, and what they proposed.

alter table raw_records add column operation text;
update raw_records set operation = 'filing' where provider = 'sec_edgar';

-- A workspace's account at a service.
create table integrations (
    workspace_id     bigint not null references workspaces (id) on delete cascade,
    provider         text not null,
    -- Key or login as JSON, encrypted with the instance key; bound to this row.
    credential       bytea not null,
    is_enabled       boolean not null default true,
    -- Earlier ones are asked first, where the waterfall names no order of its own.
    position         integer not null,
    -- In the provider's unit (credits, calls or dollars) per UTC day; null = no cap.
    daily_budget     numeric(18, 6) check (daily_budget >= 0),
    connected_by     text not null,
    connected_at     timestamptz not null,
    updated_at       timestamptz not null,
    last_success_at  timestamptz,
    last_failure_at  timestamptz,
    last_failure     text,
    primary key (workspace_id, provider)
);
call protect_workspace('integrations');

-- Spending per UTC day, reservations included.
create table provider_spending (
    workspace_id  bigint not null references workspaces (id) on delete cascade,
    provider      text not null,
    spent_on      date not null,
    spent         numeric(18, 6) not null check (spent >= 0),
    primary key (workspace_id, provider, spent_on)
);
call protect_workspace('provider_spending');

-- Every attempt made: no key, no address, no body.
create table provider_calls (
    workspace_id  bigint not null references workspaces (id) on delete cascade,
    id            bigint generated always as identity,
    provider      text not null,
    operation     text not null,
    started_at    timestamptz not null,
    duration_ms   integer not null,
    attempt       integer not null,
    http_code     integer,
    outcome       text not null,
    cost          numeric(18, 6) not null,
    body_bytes    integer not null,
    primary key (workspace_id, id)
);
create index provider_calls_of_provider on provider_calls (workspace_id, provider, id desc);
create index provider_calls_by_age on provider_calls (started_at);
call protect_workspace('provider_calls');

-- The pace of one key, or of one host: of the whole instance, because the far side counts all workspaces together.
-- taken holds the last slots given out, oldest first.
create table provider_lanes (
    lane        text primary key,
    taken       timestamptz[] not null default '{}',
    held_until  timestamptz,
    used_at     timestamptz not null
);

-- Services that failed in a row, of the whole instance; a row exists only while one is in trouble.
create table provider_breakers (
    provider       text primary key,
    failures       integer not null,
    rest_factor    integer not null default 1,
    open_until     timestamptz,
    probing_until  timestamptz
);

-- Reserves the next slot of a lane in which all its windows hold, and returns how long to wait for it. Longer than
-- longest: nothing is reserved. The database's clock decides, so the clocks of nodes may differ.
create function reserve_slot(
    lane_name text, limits integer[], periods interval[], gaps interval[], longest interval)
returns interval language plpgsql as $$
declare
    now_at  timestamptz;
    slot    timestamptz;
    slots   timestamptz[];
    held    timestamptz;
    last    integer;
    kept    integer := 1;
begin
    insert into provider_lanes (lane, used_at) values (lane_name, clock_timestamp())
        on conflict (lane) do update set used_at = excluded.used_at
        returning taken, held_until into slots, held;
    now_at := clock_timestamp();
    slot := greatest(now_at, held);
    last := cardinality(slots);
    for i in 1 .. coalesce(cardinality(limits), 0) loop
        if gaps[i] is not null and last > 0 then
            slot := greatest(slot, slots[last] + gaps[i]);
        end if;
        if last >= limits[i] then
            slot := greatest(slot, slots[last - limits[i] + 1] + periods[i]);
        end if;
        kept := greatest(kept, limits[i]);
    end loop;
    if slot - now_at <= longest then
        slots := slots || slot;
        update provider_lanes set taken = slots[greatest(1, last + 2 - kept):] where lane = lane_name;
    end if;
    return slot - now_at;
end $$;

-- A question put to a paying service, written before it is asked: whatever crashes, it is not paid for twice.
-- docs/states/question.md draws its life.
create table provider_questions (
    workspace_id   bigint not null references workspaces (id) on delete cascade,
    id             bigint generated always as identity,
    provider       text not null,
    operation      text not null,
    -- SHA-256 of the question; the question itself names people, so it is kept only as long as its answer.
    question_hash  bytea not null,
    question       jsonb not null,
    state          text not null check (state in ('asking', 'answered', 'nothing', 'blocked', 'lost')),
    owner          integer,
    answer         jsonb,
    raw_record_id  bigint,
    asked_at       timestamptz not null,
    answered_at    timestamptz,
    expires_at     timestamptz,
    primary key (workspace_id, id),
    unique (workspace_id, provider, operation, question_hash),
    foreign key (workspace_id, raw_record_id) references raw_records (workspace_id, id),
    constraint owned_exactly_while_asking check ((owner is not null) = (state = 'asking')),
    constraint answered_with_an_answer check ((answer is not null) = (state = 'answered'))
);
create index provider_questions_by_expiry on provider_questions (expires_at);
call protect_workspace('provider_questions');

-- Leads whose providers could not answer in time: asked again when the time has come.
create table enrichment_gaps (
    workspace_id  bigint not null,
    lead_id       bigint not null,
    due_at        timestamptz not null,
    reason        text not null,
    try_count     integer not null default 0,
    primary key (workspace_id, lead_id),
    foreign key (workspace_id, lead_id) references leads (workspace_id, id) on delete cascade
);
create index enrichment_gaps_due on enrichment_gaps (workspace_id, due_at);
call protect_workspace('enrichment_gaps');

-- Whom to look for: an ideal customer profile with its sources, and when it is searched again.
create table discoveries (
    workspace_id     bigint not null references workspaces (id) on delete cascade,
    id               bigint generated always as identity,
    name             text not null check (length(name) between 1 and 200),
    rules            text not null,
    sources          text[] not null,
    most_per_run     integer not null check (most_per_run between 1 and 10000),
    every_days       integer check (every_days between 1 and 365),
    due_at           timestamptz,
    last_run_at      timestamptz,
    -- What the sources said at the last preview: matches in all, and what a page costs.
    estimate         jsonb,
    created_by       text not null,
    created_at       timestamptz not null,
    updated_at       timestamptz not null,
    primary key (workspace_id, id),
    unique (workspace_id, name),
    constraint scheduled_with_a_time check ((every_days is null) = (due_at is null))
);
create index discoveries_due on discoveries (due_at) where due_at is not null;
call protect_workspace('discoveries');

-- Somebody a source proposed, waiting for a person's word; docs/states/proposal.md draws it.
create table proposals (
    workspace_id   bigint not null references workspaces (id) on delete cascade,
    id             bigint generated always as identity,
    discovery_id   bigint not null,
    source         text not null,
    external_id    text not null,
    found          jsonb not null,
    is_masked      boolean not null default false,
    fit            integer check (fit between 0 and 100),
    state          text not null check (state in ('proposed', 'approved', 'taken', 'dismissed')),
    raw_record_id  bigint,
    lead_id        bigint,
    note           text,
    found_at       timestamptz not null,
    decided_at     timestamptz,
    primary key (workspace_id, id),
    unique (workspace_id, source, external_id),
    foreign key (workspace_id, discovery_id) references discoveries (workspace_id, id) on delete cascade,
    foreign key (workspace_id, raw_record_id) references raw_records (workspace_id, id),
    foreign key (workspace_id, lead_id) references leads (workspace_id, id) on delete set null (lead_id)
);
create index proposals_of_discovery on proposals (workspace_id, discovery_id, state, fit desc nulls last, id);
call protect_workspace('proposals');

-- A verifier's word that an address does not exist.
alter table suppressions drop constraint suppressions_reason_check;
alter table suppressions add constraint suppressions_reason_check check (reason in
    ('unsubscribe', 'hard_bounce', 'soft_bounces', 'complaint', 'manual', 'refused', 'erased', 'invalid'));
