-- How fast a mailbox may go, whom it may still write to today, which campaigns share it, and what is known of
-- its domain.

alter table mailboxes
    -- Two messages are at least this far apart; 0 sends as fast as the other limits allow.
    add column min_gap_seconds integer not null default 0 check (min_gap_seconds between 0 and 86400),
    -- A new sender begins with so many a day and grows by so many each day; without a step it does not ramp.
    add column ramp_start integer not null default 10 check (ramp_start > 0),
    add column ramp_step integer check (ramp_step > 0),
    -- First messages to people a day; follow-ups are not counted. Null: no such limit.
    add column first_touch_limit integer check (first_touch_limit > 0),
    -- Messages a day to one recipient domain. Null: no such limit.
    add column domain_limit integer check (domain_limit > 0),
    -- In whose time zone the working hours are meant.
    add column window_zone text not null default 'mailbox' check (window_zone in ('mailbox', 'recipient')),
    add column paused_reason text,
    add column tested_at timestamptz;
alter table mailboxes drop constraint mailboxes_state_check;
alter table mailboxes add constraint mailboxes_state_check
    check (state in ('untested', 'connected', 'paused', 'broken'));

-- What counts against the limits, in quarter hours: a day of any time zone is a whole number of them.
create table sender_use (
    workspace_id  bigint not null references workspaces (id) on delete cascade,
    mailbox_id    bigint not null,
    quarter       timestamptz not null,
    sent          integer not null check (sent >= 0),
    primary key (workspace_id, mailbox_id, quarter),
    foreign key (workspace_id, mailbox_id) references mailboxes (workspace_id, id) on delete cascade
) with (fillfactor = 60);
call protect_workspace('sender_use');

create function is_counted(attempt_state text) returns boolean language sql immutable parallel safe as $$
    select attempt_state in ('submitting', 'accepted', 'captured', 'uncertain')
$$;

create function quarter_of(instant timestamptz) returns timestamptz language sql immutable parallel safe as $$
    select date_bin('15 minutes', instant, timestamptz '2000-01-01 00:00+00')
$$;

create function count_sender_use() returns trigger language plpgsql as $$
begin
    insert into sender_use as u (workspace_id, mailbox_id, quarter, sent)
    select workspace_id, mailbox_id, quarter_of(submitted_at), count(*)
    from fresh where is_counted(state) group by 1, 2, 3 order by 1, 2, 3
    on conflict (workspace_id, mailbox_id, quarter) do update set sent = u.sent + excluded.sent;
    return null;
end $$;
create trigger send_attempts_use after insert on send_attempts
    referencing new table as fresh for each statement execute function count_sender_use();

create function recount_sender_use() returns trigger language plpgsql as $$
begin
    update sender_use set sent = sent + case when is_counted(new.state) then 1 else -1 end
    where workspace_id = new.workspace_id and mailbox_id = new.mailbox_id
        and quarter = quarter_of(new.submitted_at);
    return null;
end $$;
create trigger send_attempts_reuse after update of state on send_attempts
    for each row when (is_counted(old.state) <> is_counted(new.state)) execute function recount_sender_use();

insert into sender_use (workspace_id, mailbox_id, quarter, sent)
select workspace_id, mailbox_id, quarter_of(submitted_at), count(*)
from send_attempts where is_counted(state) group by 1, 2, 3;

-- Mailboxes that share a campaign with its own.
create table campaign_mailboxes (
    workspace_id  bigint not null,
    campaign_id   bigint not null,
    mailbox_id    bigint not null,
    primary key (workspace_id, campaign_id, mailbox_id),
    foreign key (workspace_id, campaign_id) references campaigns (workspace_id, id) on delete cascade,
    foreign key (workspace_id, mailbox_id) references mailboxes (workspace_id, id) on delete cascade
);
call protect_workspace('campaign_mailboxes');

-- Who wrote first writes all: one sender and one thread for each person.
alter table enrollments
    add column mailbox_id bigint,
    add foreign key (workspace_id, mailbox_id) references mailboxes (workspace_id, id);
update enrollments e set mailbox_id = i.mailbox_id
from (select distinct on (workspace_id, enrollment_id) workspace_id, enrollment_id, mailbox_id
      from send_intents order by workspace_id, enrollment_id, id) i
where i.workspace_id = e.workspace_id and i.enrollment_id = e.id;

-- Days on which nobody is written to: everywhere, or in one country.
create table holidays (
    workspace_id  bigint not null references workspaces (id) on delete cascade,
    country       text not null default '' check (country ~ '^([A-Z]{2})?$'),
    day           date not null,
    name          text not null check (length(name) between 1 and 100),
    primary key (workspace_id, day, country)
);
call protect_workspace('holidays');

-- What receivers demand of a sending domain, as last seen. Failing counts from the first look that saw it.
create table sender_domains (
    workspace_id   bigint not null references workspaces (id) on delete cascade,
    domain         text not null check (domain = lower(domain)),
    checked_at     timestamptz not null,
    findings       jsonb not null,
    failing_since  timestamptz,
    primary key (workspace_id, domain)
);
call protect_workspace('sender_domains');
