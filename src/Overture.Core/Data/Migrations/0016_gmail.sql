-- Mailboxes that send and are read by Gmail's interface, on a grant that a person gave and may take back.

-- The way out of a mailbox: its SMTP server, or the account that a person consented to.
alter table mailboxes add column transport text not null default 'smtp' check (transport in ('smtp', 'gmail'));

-- Our registration at Google, and the grant to one mailbox. Secrets are encrypted with the instance key and bound to
-- their row. While a person is asked, what their answer must bring along is kept for some minutes.
create table gmail_accounts (
    workspace_id     bigint not null references workspaces (id) on delete cascade,
    mailbox_id       bigint not null,
    client_id        text not null,
    client_secret    bytea,
    refresh_token    bytea,
    connected_at     timestamptz,
    connected_by     text,
    consent_hash     bytea,
    consent_secret   bytea,
    consent_by       text,
    consent_until    timestamptz,
    primary key (workspace_id, mailbox_id),
    foreign key (workspace_id, mailbox_id) references mailboxes (workspace_id, id) on delete cascade,
    constraint connected_by_somebody check ((refresh_token is null) = (connected_at is null)),
    constraint consent_whole check (num_nulls(consent_hash, consent_secret, consent_by, consent_until) in (0, 4))
);
create unique index gmail_accounts_consent on gmail_accounts (consent_hash) where consent_hash is not null;
call protect_workspace('gmail_accounts');

-- A mailbox is read over IMAP, or by Gmail's history from the point that was read last.
alter table mailbox_readers add column kind text not null default 'imap' check (kind in ('imap', 'gmail'));
alter table mailbox_readers add column history_id text;
alter table mailbox_readers alter column imap_host drop not null;
alter table mailbox_readers add constraint imap_has_a_host check ((kind = 'imap') = (imap_host is not null));

-- A bounce for good always ends a sequence; with this, one that may pass ends it too.
alter table campaigns add column stop_on_bounce boolean not null default false;
