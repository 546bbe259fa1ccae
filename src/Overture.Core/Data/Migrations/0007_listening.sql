-- What comes back: how mailboxes are read, what arrived, and what people do with it.

-- Where a mailbox's mail is read, as whom, and how the last look ended. docs/states/mailbox-reader.md draws it.
create table mailbox_readers (
    workspace_id    bigint not null references workspaces (id) on delete cascade,
    mailbox_id      bigint not null,
    state           text not null check (state in ('listening', 'paused', 'broken')),
    broken_reason   text,
    imap_host       text not null,
    imap_port       integer not null check (imap_port between 1 and 65535),
    imap_security   text not null check (imap_security in ('tls', 'starttls', 'none')),
    -- Null: the name and the password of sending.
    imap_username   text,
    -- Encrypted with the instance key; bound to this row. A password, or an access token where login is oauth.
    imap_secret     bytea,
    imap_login      text not null default 'password' check (imap_login in ('password', 'oauth')),
    imap_ca         text,
    -- Further addresses that are read in this mailbox and are our own.
    aliases         text[] not null default '{}',
    -- How far back the very first look goes.
    reads_from      timestamptz not null,
    last_sync_at    timestamptz,
    last_mail_at    timestamptz,
    last_error      text,
    last_error_at   timestamptz,
    failure_count   integer not null default 0,
    next_look_at    timestamptz not null,
    -- One node reads a mailbox at a time; a dead one's lease is free at once.
    owner           integer,
    fence           bigint not null default 0,
    lease_until     timestamptz,
    primary key (workspace_id, mailbox_id),
    foreign key (workspace_id, mailbox_id) references mailboxes (workspace_id, id) on delete cascade,
    constraint reader_broken_with_a_reason check ((broken_reason is not null) = (state = 'broken'))
);
create index mailbox_readers_due on mailbox_readers (next_look_at) where state = 'listening';
call protect_workspace('mailbox_readers');

-- How far each folder has been read. A folder numbered anew by its server gets another uid_validity.
create table mailbox_folders (
    workspace_id  bigint not null references workspaces (id) on delete cascade,
    mailbox_id    bigint not null,
    folder        text not null,
    special_use   text not null,
    uid_validity  bigint not null default 0,
    last_uid      bigint not null default 0,
    newest_at     timestamptz,
    last_sync_at  timestamptz,
    primary key (workspace_id, mailbox_id, folder),
    foreign key (workspace_id, mailbox_id) references mailbox_readers (workspace_id, mailbox_id) on delete cascade
);
call protect_workspace('mailbox_folders');

-- What we and one person say to each other through one mailbox.
create table conversations (
    workspace_id     bigint not null references workspaces (id) on delete cascade,
    id               bigint generated always as identity,
    mailbox_id       bigint not null,
    -- The address on the other side, in lower case.
    counterpart      text not null check (counterpart = lower(counterpart)),
    name             text,
    contact_id       bigint,
    lead_id          bigint,
    campaign_id      bigint,
    subject          text not null,
    state            text not null check (state in ('open', 'snoozed', 'done')),
    snoozed_until    timestamptz,
    assigned_to      bigint references users (id) on delete set null,
    is_unread        boolean not null default true,
    needs_answer     boolean not null default false,
    intent           text check (intent in ('positive', 'neutral', 'question', 'referral', 'negative', 'refusal',
        'wrong_person', 'out_of_office')),
    intent_confidence real check (intent_confidence between 0 and 1),
    last_preview     text not null default '',
    last_received_at timestamptz not null,
    last_at          timestamptz not null,
    created_at       timestamptz not null,
    primary key (workspace_id, id),
    unique (workspace_id, mailbox_id, counterpart),
    foreign key (workspace_id, mailbox_id) references mailboxes (workspace_id, id) on delete cascade,
    foreign key (workspace_id, contact_id) references contacts (workspace_id, id) on delete cascade,
    foreign key (workspace_id, lead_id) references leads (workspace_id, id) on delete cascade,
    foreign key (workspace_id, campaign_id) references campaigns (workspace_id, id) on delete set null (campaign_id),
    constraint snoozed_until_a_moment check ((snoozed_until is not null) = (state = 'snoozed'))
);
create index conversations_newest on conversations (workspace_id, last_at desc, id desc);
create index conversations_of_contact on conversations (workspace_id, contact_id);
create index conversations_snoozed on conversations (snoozed_until) where state = 'snoozed';
call protect_workspace('conversations');

-- Each message that arrived, once, however often and wherever it is seen. Mail that has nothing to do with us
-- leaves its identity only, so that it is not looked at again: a mailbox is also somebody's private one.
create table received_mail (
    workspace_id     bigint not null references workspaces (id) on delete cascade,
    id               bigint generated always as identity,
    mailbox_id       bigint not null,
    folder           text not null,
    uid_validity     bigint not null,
    uid              bigint not null,
    -- SHA-256 of Message-ID, date, author and subject: the same in every folder and under every number.
    identity         bytea not null,
    kind             text not null check (kind in ('human', 'bounce', 'complaint', 'auto_reply', 'auto_generated',
        'challenge_response', 'bulk', 'own', 'unreadable')),
    is_related       boolean not null,
    -- Which evidence tied it to us.
    matched_by       text,
    message_header   text,
    from_address     text,
    from_name        text,
    subject          text,
    -- What its writer wrote now, without quotes and signature.
    words            text,
    content          bytea,
    size             bigint not null,
    is_cut           boolean not null default false,
    message_id       bigint,
    enrollment_id    bigint,
    contact_id       bigint,
    conversation_id  bigint,
    intent           text check (intent in ('positive', 'neutral', 'question', 'referral', 'negative', 'refusal',
        'wrong_person', 'out_of_office')),
    intent_confidence real check (intent_confidence between 0 and 1),
    -- The words that decided it, and who did: the rules or a person.
    intent_words     text,
    intent_by        text,
    return_on        date,
    error            text,
    written_at       timestamptz,
    received_at      timestamptz not null,
    read_at          timestamptz not null,
    primary key (workspace_id, id),
    unique (workspace_id, mailbox_id, folder, uid_validity, uid),
    unique (workspace_id, identity),
    foreign key (workspace_id, mailbox_id) references mailboxes (workspace_id, id) on delete cascade,
    foreign key (workspace_id, message_id) references messages (workspace_id, id) on delete set null (message_id),
    foreign key (workspace_id, enrollment_id) references enrollments (workspace_id, id)
        on delete set null (enrollment_id),
    foreign key (workspace_id, contact_id) references contacts (workspace_id, id) on delete set null (contact_id),
    foreign key (workspace_id, conversation_id) references conversations (workspace_id, id) on delete cascade
);
create index received_mail_of_conversation on received_mail (workspace_id, conversation_id, id)
    where conversation_id is not null;
create index received_mail_of_contact on received_mail (workspace_id, contact_id) where contact_id is not null;
create index received_mail_by_header on received_mail (workspace_id, message_header) where message_header is not null;
call protect_workspace('received_mail');

-- What a person writes back, sent under the same promise as a step. docs/states/answer.md draws it.
create table answers (
    workspace_id     bigint not null references workspaces (id) on delete cascade,
    id               bigint generated always as identity,
    conversation_id  bigint not null,
    mailbox_id       bigint not null,
    -- The received message that it answers; null for the first word of ours.
    received_id      bigint,
    state            text not null check (state in ('planned', 'claimed', 'submitting', 'sent', 'captured', 'failed',
        'uncertain', 'cancelled')),
    to_address       text not null,
    subject          text not null,
    body             text not null,
    message_header   text not null,
    reference_token  text not null,
    -- The moment until which it can be taken back.
    due_at           timestamptz not null,
    owner            integer,
    fence            bigint not null default 0,
    lease_until      timestamptz,
    attempt_count    integer not null default 0,
    response         text,
    content          bytea,
    created_by       text not null,
    created_at       timestamptz not null,
    submitted_at     timestamptz,
    finished_at      timestamptz,
    primary key (workspace_id, id),
    unique (reference_token),
    foreign key (workspace_id, conversation_id) references conversations (workspace_id, id) on delete cascade,
    foreign key (workspace_id, mailbox_id) references mailboxes (workspace_id, id),
    foreign key (workspace_id, received_id) references received_mail (workspace_id, id) on delete set null (received_id),
    constraint answer_owned_exactly_in_flight check ((owner is not null) = (state in ('claimed', 'submitting')))
);
create index answers_due on answers (due_at, id) where state = 'planned';
create index answers_in_flight on answers (owner) where state in ('claimed', 'submitting');
create index answers_of_conversation on answers (workspace_id, conversation_id, id);
call protect_workspace('answers');

create table conversation_notes (
    workspace_id     bigint not null references workspaces (id) on delete cascade,
    id               bigint generated always as identity,
    conversation_id  bigint not null,
    author           text not null,
    note             text not null check (length(note) between 1 and 5000),
    written_at       timestamptz not null,
    primary key (workspace_id, id),
    foreign key (workspace_id, conversation_id) references conversations (workspace_id, id) on delete cascade
);
create index conversation_notes_of on conversation_notes (workspace_id, conversation_id, id);
call protect_workspace('conversation_notes');

-- An absent person is waited for. Once a person lifted a hold, no automatic one binds this enrollment again.
create table enrollment_holds (
    workspace_id   bigint not null references workspaces (id) on delete cascade,
    enrollment_id  bigint not null,
    held_until     timestamptz not null,
    return_on      date,
    received_id    bigint,
    held_at        timestamptz not null,
    lifted_at      timestamptz,
    lifted_by      text,
    primary key (workspace_id, enrollment_id),
    foreign key (workspace_id, enrollment_id) references enrollments (workspace_id, id) on delete cascade
);
call protect_workspace('enrollment_holds');

-- Whether a campaign's messages tell that they were opened or clicked. No row: neither.
create table campaign_tracking (
    workspace_id  bigint not null references workspaces (id) on delete cascade,
    campaign_id   bigint not null,
    opens         boolean not null default false,
    clicks        boolean not null default false,
    updated_at    timestamptz not null,
    updated_by    text not null,
    primary key (workspace_id, campaign_id),
    foreign key (workspace_id, campaign_id) references campaigns (workspace_id, id) on delete cascade
);
call protect_workspace('campaign_tracking');

-- Where a link of a message leads: the address stands here and never in the link. No url: the open pixel.
create table tracked_links (
    workspace_id  bigint not null references workspaces (id) on delete cascade,
    token_hash    bytea not null,
    message_id    bigint not null,
    url           text check (url ~ '^https?://'),
    primary key (token_hash),
    foreign key (workspace_id, message_id) references messages (workspace_id, id) on delete cascade
);
create index tracked_links_of_message on tracked_links (workspace_id, message_id);
call protect_workspace('tracked_links');

-- Every fetch of a pixel or a link, with whether a person or a machine did it, and why we think so.
create table tracked_visits (
    workspace_id  bigint not null references workspaces (id) on delete cascade,
    id            bigint generated always as identity,
    message_id    bigint not null,
    kind          text not null check (kind in ('open', 'click')),
    is_machine    boolean not null,
    reason        text not null,
    url           text,
    user_agent    text not null,
    visited_at    timestamptz not null,
    primary key (workspace_id, id),
    foreign key (workspace_id, message_id) references messages (workspace_id, id) on delete cascade
);
create index tracked_visits_of_message on tracked_visits (workspace_id, message_id, visited_at);
call protect_workspace('tracked_visits');

-- Erased people stay suppressed by a keyed hash of their address, and nothing else of them is kept.
alter table suppressions drop constraint suppressions_kind_check;
alter table suppressions add constraint suppressions_kind_check check (kind in ('address', 'domain', 'address_hash'));

-- The receipt of an erasure: what was removed, when, for whom (as a hash) and by whom.
create table erasures (
    workspace_id  bigint not null references workspaces (id) on delete cascade,
    id            bigint generated always as identity,
    subject_hash  text not null,
    receipt       jsonb not null,
    erased_by     text not null,
    erased_at     timestamptz not null,
    primary key (workspace_id, id)
);
call protect_workspace('erasures');

-- Mail that comes back names our message by its Message-ID.
create index messages_by_message_id on messages (workspace_id, message_id);
create index messages_of_contact on messages (workspace_id, contact_id, sent_at desc);
-- Everybody at a domain, found from its end.
create index contacts_by_host on contacts (workspace_id, reverse(email_key) text_pattern_ops)
    where email_key is not null;
