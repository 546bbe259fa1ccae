-- Sending changes the state of a message, an intent and an attempt several times each. PostgreSQL rewrites every index
-- of a row when one of them looks at a column that changed, even if only in its condition; so their conditions look
-- at what changes with a state seldom or never.
alter table messages
    add column awaits_approval boolean not null
        generated always as (state = 'draft' and channel = 'email') stored,
    add column is_approved boolean not null generated always as (state = 'approved') stored;
drop index messages_to_approve;
create index messages_to_approve on messages (workspace_id, id) where awaits_approval;
drop index messages_approved;
create index messages_approved on messages (workspace_id, approved_at) where is_approved;
drop index messages_of_contact;
create index messages_of_contact on messages (workspace_id, contact_id);

alter table send_attempts
    add column is_counted boolean not null
        generated always as (state in ('submitting', 'accepted', 'captured', 'uncertain')) stored,
    add column may_have_arrived boolean not null
        generated always as (state in ('submitting', 'accepted', 'uncertain')) stored;
-- Invariant I1: at most one attempt of a step may have reached somebody.
drop index send_attempts_one_per_intent;
create unique index send_attempts_one_per_intent on send_attempts (workspace_id, intent_id) where may_have_arrived;
drop index send_attempts_counted;
create index send_attempts_counted on send_attempts (workspace_id, mailbox_id, submitted_at) where is_counted;

-- Room beside a row for its next versions; what a message says does not change with its state and lies elsewhere.
alter table messages alter column body set storage external;
alter table messages set (fillfactor = 70, toast_tuple_target = 256);
alter table send_intents set (fillfactor = 50);
alter table send_attempts set (fillfactor = 70);
alter table enrollments set (fillfactor = 70);
