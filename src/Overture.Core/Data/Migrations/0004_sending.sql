-- What we write, to whom, from where, and what became of it.

-- Addresses and domains never to be contacted.
create table suppressions (
    workspace_id  bigint not null references workspaces (id) on delete cascade,
    id            bigint generated always as identity,
    kind          text not null check (kind in ('address', 'domain')),
    value         text not null check (value = lower(value)),
    reason        text not null check (reason in
        ('unsubscribe', 'hard_bounce', 'soft_bounces', 'complaint', 'manual', 'refused', 'erased')),
    note          text,
    created_by    text not null,
    created_at    timestamptz not null,
    primary key (workspace_id, id),
    unique (workspace_id, kind, value)
);
call protect_workspace('suppressions');

create table mailboxes (
    workspace_id      bigint not null references workspaces (id) on delete cascade,
    id                bigint generated always as identity,
    address           text not null,
    from_name         text not null,
    state             text not null check (state in ('connected', 'paused', 'broken')),
    broken_reason     text,
    smtp_host         text,
    smtp_port         integer check (smtp_port between 1 and 65535),
    smtp_security     text not null default 'starttls' check (smtp_security in ('tls', 'starttls', 'none')),
    smtp_username     text,
    -- Encrypted with the instance key; bound to this row.
    smtp_password     bytea,
    smtp_ca           text,
    per_minute_limit  integer not null default 10 check (per_minute_limit > 0),
    daily_limit       integer not null default 30 check (daily_limit > 0),
    weekly_limit      integer not null default 150 check (weekly_limit > 0),
    time_zone         text not null default 'UTC',
    window_opens      time not null default '09:00',
    window_closes     time not null default '18:00',
    -- ISO days, Monday is 1.
    working_days      integer[] not null default '{1,2,3,4,5}',
    booking_link      text,
    postal_address    text not null default '',
    -- Set when the far side says that today's quota is used up.
    exhausted_until   timestamptz,
    exhausted_reason  text,
    created_at        timestamptz not null,
    updated_at        timestamptz not null,
    primary key (workspace_id, id),
    unique (workspace_id, address),
    constraint broken_with_a_reason check ((broken_reason is not null) = (state = 'broken')),
    constraint window_opens_before_it_closes check (window_opens < window_closes)
);
call protect_workspace('mailboxes');

create table campaigns (
    workspace_id   bigint not null references workspaces (id) on delete cascade,
    id             bigint generated always as identity,
    name           text not null check (length(name) between 1 and 200),
    goal           text not null default '',
    state          text not null check (state in ('draft', 'running', 'paused', 'archived')),
    paused_reason  text,
    mailbox_id     bigint,
    -- Filter over leads in the form that the leads page writes into its address.
    audience       jsonb not null default '{}',
    created_at     timestamptz not null,
    started_at     timestamptz,
    archived_at    timestamptz,
    updated_at     timestamptz not null,
    primary key (workspace_id, id),
    foreign key (workspace_id, mailbox_id) references mailboxes (workspace_id, id),
    constraint running_has_a_mailbox check (state <> 'running' or mailbox_id is not null)
);
call protect_workspace('campaigns');

create table sequences (
    workspace_id  bigint not null references workspaces (id) on delete cascade,
    id            bigint generated always as identity,
    campaign_id   bigint not null,
    primary key (workspace_id, id),
    unique (workspace_id, campaign_id),
    foreign key (workspace_id, campaign_id) references campaigns (workspace_id, id) on delete cascade
);
call protect_workspace('sequences');

create table steps (
    workspace_id  bigint not null references workspaces (id) on delete cascade,
    id            bigint generated always as identity,
    sequence_id   bigint not null,
    position      integer not null check (position >= 1),
    channel       text not null check (channel in ('email', 'linkedin')),
    delay_days    integer not null default 0 check (delay_days between 0 and 365),
    primary key (workspace_id, id),
    unique (workspace_id, sequence_id, position),
    foreign key (workspace_id, sequence_id) references sequences (workspace_id, id) on delete cascade
);
call protect_workspace('steps');

create table variants (
    workspace_id  bigint not null references workspaces (id) on delete cascade,
    id            bigint generated always as identity,
    step_id       bigint not null,
    name          text not null,
    subject       text not null default '',
    body          text not null,
    primary key (workspace_id, id),
    unique (workspace_id, step_id, name),
    foreign key (workspace_id, step_id) references steps (workspace_id, id) on delete cascade
);
call protect_workspace('variants');

-- One contact moving through one sequence.
create table enrollments (
    workspace_id   bigint not null references workspaces (id) on delete cascade,
    id             bigint generated always as identity,
    campaign_id    bigint not null,
    lead_id        bigint not null,
    contact_id     bigint not null,
    state          text not null check (state in ('active', 'paused', 'finished')),
    finish_reason  text check (finish_reason in
        ('completed', 'replied', 'bounced', 'unsubscribed', 'suppressed', 'removed', 'failed')),
    -- Position of the step that comes next, and when.
    next_position  integer not null default 1,
    due_at         timestamptz,
    -- Why nothing could be composed for the next step, in words; null when nothing is in the way.
    blocked_reason text,
    created_at     timestamptz not null,
    finished_at    timestamptz,
    primary key (workspace_id, id),
    unique (workspace_id, campaign_id, contact_id),
    foreign key (workspace_id, campaign_id) references campaigns (workspace_id, id) on delete cascade,
    foreign key (workspace_id, lead_id) references leads (workspace_id, id),
    foreign key (workspace_id, contact_id) references contacts (workspace_id, id),
    constraint finished_with_a_reason check
        ((finish_reason is not null) = (state = 'finished') and (finished_at is not null) = (state = 'finished'))
);
create unique index enrollments_one_active_per_contact on enrollments (workspace_id, contact_id)
    where state in ('active', 'paused');
create index enrollments_due on enrollments (due_at, id) where state = 'active' and due_at is not null;
create index enrollments_of_campaign on enrollments (workspace_id, campaign_id, state);
call protect_workspace('enrollments');

create table messages (
    workspace_id      bigint not null references workspaces (id) on delete cascade,
    id                bigint generated always as identity,
    enrollment_id     bigint not null,
    step_id           bigint not null,
    variant_id        bigint not null,
    contact_id        bigint not null,
    channel           text not null check (channel in ('email', 'linkedin')),
    state             text not null check (state in
        ('draft', 'approved', 'scheduled', 'sending', 'sent', 'failed', 'cancelled')),
    to_address        text,
    subject           text not null,
    body              text not null,
    word_count        integer not null,
    -- The same on any re-send: it is how we know our own message again.
    message_id        text not null,
    reference_token   text not null,
    -- SHA-256 of the 256-bit token in the unsubscribe link.
    unsubscribe_hash  bytea,
    error             text,
    composed_at       timestamptz not null,
    sent_at           timestamptz,
    primary key (workspace_id, id),
    unique (workspace_id, enrollment_id, step_id),
    unique (reference_token),
    foreign key (workspace_id, enrollment_id) references enrollments (workspace_id, id) on delete cascade,
    foreign key (workspace_id, step_id) references steps (workspace_id, id),
    foreign key (workspace_id, variant_id) references variants (workspace_id, id),
    foreign key (workspace_id, contact_id) references contacts (workspace_id, id)
);
create unique index messages_by_unsubscribe on messages (unsubscribe_hash) where unsubscribe_hash is not null;
create index messages_newest on messages (workspace_id, id desc);
call protect_workspace('messages');

-- The right to send one step to one enrollment, once. docs/states/send-intent.md draws it.
create table send_intents (
    workspace_id   bigint not null references workspaces (id) on delete cascade,
    id             bigint generated always as identity,
    enrollment_id  bigint not null,
    step_id        bigint not null,
    message_id     bigint not null,
    mailbox_id     bigint not null,
    state          text not null check (state in ('planned', 'claimed', 'submitting', 'accepted', 'captured',
        'rejected', 'uncertain', 'assumed', 'cancelled')),
    due_at         timestamptz not null,
    owner          integer,
    fence          bigint not null default 0,
    lease_until    timestamptz,
    attempt_count  integer not null default 0,
    reason         text,
    created_at     timestamptz not null,
    updated_at     timestamptz not null,
    primary key (workspace_id, id),
    unique (workspace_id, enrollment_id, step_id),
    foreign key (workspace_id, enrollment_id) references enrollments (workspace_id, id) on delete cascade,
    foreign key (workspace_id, message_id) references messages (workspace_id, id) on delete cascade,
    foreign key (workspace_id, mailbox_id) references mailboxes (workspace_id, id),
    constraint owned_exactly_in_flight check ((owner is not null) = (state in ('claimed', 'submitting')))
);
create index send_intents_due on send_intents (workspace_id, mailbox_id, due_at, id) where state = 'planned';
create index send_intents_in_flight on send_intents (owner) where state in ('claimed', 'submitting');
call protect_workspace('send_intents');

-- Terminal means terminal, whatever the code believes.
create function refuse_leaving_final_state() returns trigger language plpgsql as $$
begin
    if old.state in ('accepted', 'rejected', 'assumed', 'cancelled') and new.state <> old.state then
        raise exception 'send intent % is final (%), it cannot become %', old.id, old.state, new.state;
    end if;
    if new.fence < old.fence then
        raise exception 'the fence of send intent % may only grow', old.id;
    end if;
    return new;
end $$;
create trigger send_intents_final before update on send_intents
    for each row execute function refuse_leaving_final_state();

create table send_attempts (
    workspace_id      bigint not null references workspaces (id) on delete cascade,
    id                bigint generated always as identity,
    intent_id         bigint not null,
    fence             bigint not null,
    owner             integer not null,
    mailbox_id        bigint not null,
    transport         text not null check (transport in ('smtp', 'capture')),
    state             text not null check (state in
        ('submitting', 'accepted', 'captured', 'deferred', 'rejected', 'uncertain')),
    recipient_domain  text not null,
    stage             text,
    reply_code        integer,
    response          text,
    submitted_at      timestamptz not null,
    finished_at       timestamptz,
    primary key (workspace_id, id),
    foreign key (workspace_id, intent_id) references send_intents (workspace_id, id) on delete cascade,
    foreign key (workspace_id, mailbox_id) references mailboxes (workspace_id, id)
);
-- Invariant I1: at most one attempt of a step may have reached somebody.
create unique index send_attempts_one_per_intent on send_attempts (workspace_id, intent_id)
    where state in ('submitting', 'accepted', 'uncertain');
create index send_attempts_counted on send_attempts (workspace_id, mailbox_id, submitted_at)
    where state in ('submitting', 'accepted', 'captured', 'uncertain');
call protect_workspace('send_attempts');

-- The exact bytes that a dry run would have sent.
create table captured_mail (
    workspace_id   bigint not null references workspaces (id) on delete cascade,
    id             bigint generated always as identity,
    attempt_id     bigint not null,
    message_id     bigint not null,
    envelope_from  text not null,
    envelope_to    text not null,
    content        bytea not null,
    captured_at    timestamptz not null,
    primary key (workspace_id, id),
    unique (workspace_id, attempt_id),
    foreign key (workspace_id, attempt_id) references send_attempts (workspace_id, id) on delete cascade,
    foreign key (workspace_id, message_id) references messages (workspace_id, id) on delete cascade
);
call protect_workspace('captured_mail');

-- What happened to messages, in order; the counters of a campaign are counted from here.
create table events (
    workspace_id   bigint not null references workspaces (id) on delete cascade,
    id             bigint generated always as identity,
    kind           text not null check (kind in ('enrolled', 'captured', 'sent', 'delivered', 'deferred', 'failed',
        'uncertain', 'bounced', 'complained', 'replied', 'opened', 'clicked', 'unsubscribed')),
    campaign_id    bigint,
    enrollment_id  bigint,
    message_id     bigint,
    contact_id     bigint,
    data           jsonb,
    occurred_at    timestamptz not null,
    primary key (workspace_id, id),
    foreign key (workspace_id, campaign_id) references campaigns (workspace_id, id) on delete cascade,
    foreign key (workspace_id, enrollment_id) references enrollments (workspace_id, id) on delete cascade,
    foreign key (workspace_id, message_id) references messages (workspace_id, id) on delete cascade
);
create index events_of_campaign on events (workspace_id, campaign_id, kind);
create index events_newest on events (workspace_id, occurred_at desc);
call protect_workspace('events');
