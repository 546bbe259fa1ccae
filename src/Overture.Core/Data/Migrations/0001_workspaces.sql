-- Who may do what, and for whom. Every later table carries workspace_id and the policy made by protect_workspace().

create extension if not exists pg_trgm;

-- True when the running transaction may see rows of this workspace. 'all' is set only by Database.OpenInstance.
-- An index condition is evaluated before the 'or', so the number must be readable (null) under 'all' too.
create function workspace_visible(workspace_id bigint) returns boolean
language sql stable parallel safe as $$
    select current_setting('overture.workspace', true) = 'all'
        or workspace_id = nullif(nullif(current_setting('overture.workspace', true), ''), 'all')::bigint
$$;

create procedure protect_workspace(protected regclass) language plpgsql as $$
begin
    execute format('alter table %s enable row level security', protected);
    execute format('alter table %s force row level security', protected);
    execute format(
        'create policy workspace_only on %s using (workspace_visible(workspace_id)) with check (workspace_visible(workspace_id))',
        protected);
end $$;

create table workspaces (
    id               bigint generated always as identity primary key,
    name             text not null check (length(name) between 1 and 200),
    time_zone        text not null default 'UTC',
    dry_run          boolean not null default true,
    enrichment_mode  text not null default 'offline' check (enrichment_mode in ('offline', 'off')),
    -- Read inside every send transaction: a stop is a row, not a message.
    stopped_at       timestamptz,
    stopped_by       text,
    stop_reason      text,
    created_at       timestamptz not null,
    constraint stop_has_a_reason check ((stopped_at is null) = (stop_reason is null))
);

create table users (
    id             bigint generated always as identity primary key,
    email          text not null check (email = lower(email)),
    name           text not null,
    password_hash  text not null,
    created_at     timestamptz not null,
    disabled_at    timestamptz,
    unique (email)
);

create table memberships (
    workspace_id  bigint not null references workspaces (id) on delete cascade,
    user_id       bigint not null references users (id) on delete cascade,
    role          text not null check (role in ('owner', 'admin', 'member', 'viewer')),
    created_at    timestamptz not null,
    primary key (workspace_id, user_id)
);
create index memberships_by_user on memberships (user_id);
call protect_workspace('memberships');

-- A browser's signed-in session. The cookie holds 256 random bits; only their SHA-256 is kept.
create table sign_ins (
    token_hash    bytea primary key,
    workspace_id  bigint not null references workspaces (id) on delete cascade,
    user_id       bigint not null references users (id) on delete cascade,
    created_at    timestamptz not null,
    seen_at       timestamptz not null,
    expires_at    timestamptz not null
);
create index sign_ins_by_user on sign_ins (user_id);
call protect_workspace('sign_ins');

-- The one-time link that makes the first owner of an unclaimed instance.
create table setup_claims (
    token_hash  bytea primary key,
    created_at  timestamptz not null,
    expires_at  timestamptz not null,
    used_at     timestamptz
);

-- Keys have 256 random bits, so a plain hash is enough (ASVS 6.5.2).
create table api_keys (
    workspace_id  bigint not null references workspaces (id) on delete cascade,
    id            bigint generated always as identity,
    name          text not null check (length(name) between 1 and 200),
    public_id     text not null unique,
    secret_hash   bytea not null,
    last_four     text not null,
    scopes        text[] not null,
    created_by    bigint not null references users (id),
    created_at    timestamptz not null,
    expires_at    timestamptz,
    last_used_at  timestamptz,
    revoked_at    timestamptz,
    primary key (workspace_id, id)
);
call protect_workspace('api_keys');

-- Keys of the framework's data protection ring (cookies, anti-forgery), wrapped by the instance key.
create table protection_keys (
    id          bigint generated always as identity primary key,
    xml         text not null,
    created_at  timestamptz not null
);

create table settings (
    workspace_id  bigint not null references workspaces (id) on delete cascade,
    key           text not null,
    value         jsonb not null,
    updated_at    timestamptz not null,
    updated_by    text not null,
    primary key (workspace_id, key)
);
call protect_workspace('settings');
