-- Every long action is a row here. The state machine is drawn in docs/states/job.md.

-- A running process. It holds advisory lock (71, id) for as long as it lives, so a killed one is known at once.
create table nodes (
    id          integer generated always as identity primary key,
    host        text not null,
    process_id  integer not null,
    roles       text not null,
    started_at  timestamptz not null
);

create function node_is_alive(node_id integer) returns boolean language sql stable as $$
    select exists (
        select from pg_locks
        where locktype = 'advisory' and classid = 71 and objid = node_id::oid and objsubid = 2
          and database = (select oid from pg_database where datname = current_database()))
$$;

create table jobs (
    workspace_id         bigint not null references workspaces (id) on delete cascade,
    id                   bigint generated always as identity,
    kind                 text not null,
    priority             smallint not null default 5 check (priority between 1 and 9),
    state                text not null check (state in
        ('available', 'scheduled', 'running', 'retryable', 'completed', 'cancelled', 'discarded')),
    parameters           jsonb not null,
    -- Where to go on after a crash; written in the transaction that did the work.
    checkpoint           jsonb,
    progress_done        bigint not null default 0,
    progress_total       bigint,
    progress_note        text,
    result               jsonb,
    error                text,
    attempt              integer not null default 0,
    max_attempts         integer not null default 5,
    -- While a job with this key is unfinished, no second one may be queued.
    unique_key           text,
    created_by           text not null,
    created_at           timestamptz not null,
    run_at               timestamptz not null,
    started_at           timestamptz,
    finished_at          timestamptz,
    cancel_requested_at  timestamptz,
    owner                integer,
    fence                bigint not null default 0,
    lease_until          timestamptz,
    primary key (workspace_id, id),
    unique (id),
    constraint finished_exactly_in_final_states check
        ((finished_at is not null) = (state in ('completed', 'cancelled', 'discarded'))),
    constraint owned_exactly_while_running check
        ((owner is not null) = (state = 'running') and (lease_until is not null) = (state = 'running'))
);
create index jobs_due on jobs (priority, run_at, id) where state in ('available', 'scheduled', 'retryable');
create index jobs_running on jobs (owner) where state = 'running';
create index jobs_newest on jobs (workspace_id, id desc);
create unique index jobs_unique_unfinished on jobs (workspace_id, unique_key)
    where unique_key is not null and state not in ('completed', 'cancelled', 'discarded');
call protect_workspace('jobs');
