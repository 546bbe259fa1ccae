-- The ledger of sending: slim tables of what is due, evidence for what is uncertain, keys that sign, and the
-- epoch that tells this instance from a restored copy of it.

-- What waits to be written. A row per active enrollment with a due time, and nothing else: the tick that looks for
-- due steps reads only this, however many enrollments there are.
create table enrollment_due (
    workspace_id   bigint not null,
    enrollment_id  bigint not null,
    campaign_id    bigint not null,
    is_first       boolean not null,
    due_at         timestamptz not null,
    score          numeric(5, 2),
    primary key (workspace_id, enrollment_id)
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);
create index enrollment_due_order on enrollment_due
    (workspace_id, campaign_id, is_first, due_at, score desc nulls last, enrollment_id);
call protect_workspace('enrollment_due');

-- What waits to be sent, and who is sending it: a row per planned, claimed or submitting intent.
create table send_due (
    workspace_id  bigint not null,
    intent_id     bigint not null,
    mailbox_id    bigint not null,
    campaign_id   bigint not null,
    is_first      boolean not null,
    due_at        timestamptz not null,
    owner         integer,
    primary key (workspace_id, intent_id)
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);
create index send_due_order on send_due (workspace_id, mailbox_id, campaign_id, is_first, due_at, intent_id)
    where owner is null;
create index send_due_owned on send_due (owner) where owner is not null;
call protect_workspace('send_due');

-- Both are kept by triggers, so that no statement can forget them. The joins below are always a few rows against
-- an index; a plan made while the tables were small must not survive their growth.
create function keep_enrollment_due() returns trigger language plpgsql
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
    delete from enrollment_due d using changed n
    where d.workspace_id = n.workspace_id and d.enrollment_id = n.id
      and (n.state <> 'active' or n.due_at is null);
    insert into enrollment_due as d (workspace_id, enrollment_id, campaign_id, is_first, due_at, score)
    select n.workspace_id, n.id, n.campaign_id, n.touches = 0, n.due_at, l.score
    from changed n left join leads l on l.workspace_id = n.workspace_id and l.id = n.lead_id
    where n.state = 'active' and n.due_at is not null
    on conflict (workspace_id, enrollment_id) do update
        set is_first = excluded.is_first, due_at = excluded.due_at, score = excluded.score
        where (d.is_first, d.due_at) is distinct from (excluded.is_first, excluded.due_at);
    return null;
end $$;
create trigger enrollments_due_insert after insert on enrollments
    referencing new table as changed for each statement execute function keep_enrollment_due();
create trigger enrollments_due_update after update on enrollments
    referencing new table as changed for each statement execute function keep_enrollment_due();

create function forget_enrollment_due() returns trigger language plpgsql
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
    delete from enrollment_due d using gone o where d.workspace_id = o.workspace_id and d.enrollment_id = o.id;
    return null;
end $$;
create trigger enrollments_due_delete after delete on enrollments
    referencing old table as gone for each statement execute function forget_enrollment_due();

create function keep_send_due() returns trigger language plpgsql
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
    delete from send_due d
    using changed n join enrollments e on e.workspace_id = n.workspace_id and e.id = n.enrollment_id
    where d.workspace_id = n.workspace_id and d.intent_id = n.id
      and n.state not in ('claimed', 'submitting') and (n.state <> 'planned' or e.state <> 'active');
    insert into send_due as d (workspace_id, intent_id, mailbox_id, campaign_id, is_first, due_at, owner)
    select n.workspace_id, n.id, n.mailbox_id, e.campaign_id, e.touches = 0, n.due_at, n.owner
    from changed n join enrollments e on e.workspace_id = n.workspace_id and e.id = n.enrollment_id
    where n.state in ('claimed', 'submitting') or (n.state = 'planned' and e.state = 'active')
    on conflict (workspace_id, intent_id) do update
        set mailbox_id = excluded.mailbox_id, due_at = excluded.due_at, owner = excluded.owner
        where (d.mailbox_id, d.due_at, d.owner)
              is distinct from (excluded.mailbox_id, excluded.due_at, excluded.owner);
    return null;
end $$;
create trigger send_intents_due_insert after insert on send_intents
    referencing new table as changed for each statement execute function keep_send_due();
create trigger send_intents_due_update after update on send_intents
    referencing new table as changed for each statement execute function keep_send_due();

create function forget_send_due() returns trigger language plpgsql
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
    delete from send_due d using gone o where d.workspace_id = o.workspace_id and d.intent_id = o.id;
    return null;
end $$;
create trigger send_intents_due_delete after delete on send_intents
    referencing old table as gone for each statement execute function forget_send_due();

-- A paused contact's message is not due; it is again when the contact goes on.
create function pause_send_due() returns trigger language plpgsql as $$
begin
    if new.state = 'active' then
        insert into send_due (workspace_id, intent_id, mailbox_id, campaign_id, is_first, due_at, owner)
        select i.workspace_id, i.id, i.mailbox_id, new.campaign_id, new.touches = 0, i.due_at, null
        from send_intents i
        where i.workspace_id = new.workspace_id and i.enrollment_id = new.id and i.state = 'planned'
        on conflict do nothing;
    else
        delete from send_due d using send_intents i
        where i.workspace_id = new.workspace_id and i.enrollment_id = new.id and i.state = 'planned'
          and d.workspace_id = i.workspace_id and d.intent_id = i.id;
    end if;
    return null;
end $$;
create trigger enrollments_pause_sending after update on enrollments
    for each row when (old.state <> new.state and new.state <> 'finished')
    execute function pause_send_due();

insert into enrollment_due (workspace_id, enrollment_id, campaign_id, is_first, due_at, score)
select e.workspace_id, e.id, e.campaign_id, e.touches = 0, e.due_at, l.score
from enrollments e left join leads l on l.workspace_id = e.workspace_id and l.id = e.lead_id
where e.state = 'active' and e.due_at is not null;
insert into send_due (workspace_id, intent_id, mailbox_id, campaign_id, is_first, due_at, owner)
select i.workspace_id, i.id, i.mailbox_id, e.campaign_id, e.touches = 0, i.due_at, i.owner
from send_intents i join enrollments e on e.workspace_id = i.workspace_id and e.id = i.enrollment_id
where i.state in ('claimed', 'submitting') or (i.state = 'planned' and e.state = 'active');

-- Their work is done by the slim tables; without them a change of state rewrites no index.
drop index enrollments_due;
drop index send_intents_due;
drop index send_intents_in_flight;
alter table enrollments set (fillfactor = 80);
alter table send_intents set (fillfactor = 70);
alter table messages set (fillfactor = 85);

-- Keys that sign (DKIM), one per sending domain. Private halves are encrypted with the instance key.
create table domain_keys (
    workspace_id  bigint not null references workspaces (id) on delete cascade,
    id            bigint generated always as identity,
    domain        text not null check (domain = lower(domain)),
    selector      text not null check (selector = lower(selector)),
    private_key   bytea not null,
    record        text not null,
    created_at    timestamptz not null,
    primary key (workspace_id, id),
    unique (workspace_id, domain)
);
call protect_workspace('domain_keys');

-- Proved absent: the attempt reached nobody, so one more may be made.
alter table send_attempts drop constraint send_attempts_state_check;
alter table send_attempts add constraint send_attempts_state_check check (state in
    ('submitting', 'accepted', 'captured', 'deferred', 'rejected', 'uncertain', 'absent'));
alter table send_attempts drop constraint send_attempts_transport_check;
alter table send_attempts add constraint send_attempts_transport_check
    check (transport in ('smtp', 'capture', 'gmail'));
-- The draft at the provider, kept before it is sent; and the epoch in which the attempt was made.
alter table send_attempts add column draft_id text, add column epoch integer not null default 0;

-- Searching for a message whose fate is unknown: how often it was looked for, and when to look next.
create table verifications (
    workspace_id    bigint not null references workspaces (id) on delete cascade,
    attempt_id      bigint not null,
    intent_id       bigint not null,
    mailbox_id      bigint not null,
    search_count    integer not null default 0,
    first_search_at timestamptz,
    next_search_at  timestamptz not null,
    primary key (workspace_id, attempt_id),
    foreign key (workspace_id, attempt_id) references send_attempts (workspace_id, id) on delete cascade,
    foreign key (workspace_id, intent_id) references send_intents (workspace_id, id) on delete cascade
);
create index verifications_due on verifications (next_search_at);
create index verifications_of_intent on verifications (workspace_id, intent_id);
call protect_workspace('verifications');

-- What was searched, where, when, and what was seen. Rows are added, never changed.
create table send_evidence (
    workspace_id  bigint not null references workspaces (id) on delete cascade,
    id            bigint generated always as identity,
    intent_id     bigint not null,
    attempt_id    bigint not null,
    source        text not null check (source in ('sent_folder', 'draft', 'answer', 'person')),
    looked_at     text not null,
    looked_for    text not null,
    result        text not null check (result in ('found', 'absent', 'unreadable')),
    detail        text,
    seen_at       timestamptz not null,
    primary key (workspace_id, id),
    foreign key (workspace_id, intent_id) references send_intents (workspace_id, id) on delete cascade,
    foreign key (workspace_id, attempt_id) references send_attempts (workspace_id, id) on delete cascade
);
create index send_evidence_of_intent on send_evidence (workspace_id, intent_id, id);
call protect_workspace('send_evidence');

-- One row: which database this is, and in which of its lives. The witness outside the database says the same, or
-- this is a copy and sends nothing until a person says so.
create table instance (
    only_row           boolean primary key default true check (only_row),
    system_identifier  text not null,
    epoch              integer not null default 1,
    alive_at           timestamptz not null,
    quarantined_at     timestamptz,
    quarantine_reason  text,
    released_at        timestamptz,
    released_by        text,
    constraint quarantine_has_a_reason check ((quarantined_at is null) = (quarantine_reason is null))
);
