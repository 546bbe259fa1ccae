-- Sequences that wait, branch and ask people; what a campaign allows; approvals bound to a text.

-- Steps are known by their id. A removed one stays for its history, without a place in the order.
alter table steps rename column channel to kind;
alter table steps drop constraint steps_channel_check;
alter table steps drop constraint steps_workspace_id_sequence_id_position_key;
alter table steps alter column position drop not null;
alter table steps
    add column in_working_days boolean not null default false,
    -- What a person is asked to do in a manual step.
    add column task_kind       text check (task_kind in ('call', 'other')),
    -- After this step the sequence ends, whatever stands below it.
    add column ends_here       boolean not null default false,
    -- What a condition asks, for how long it waits for a yes, and where each answer goes on; null ends.
    add column test            text check (test in ('replied', 'opened', 'clicked', 'field', 'intent')),
    add column test_field      text,
    add column test_operator   text check (test_operator in
        ('is', 'is_not', 'contains', 'is_known', 'is_unknown', 'at_least', 'at_most')),
    add column test_value      text,
    add column window_days     integer not null default 0 check (window_days between 0 and 60),
    add column yes_step_id     bigint,
    add column no_step_id      bigint,
    add column retired_at      timestamptz,
    -- Where those go on who had reached this step when it was removed; null ends.
    add column follower_id     bigint,
    add constraint steps_kind_check check (kind in ('email', 'linkedin', 'wait', 'condition', 'manual')),
    add constraint steps_one_per_position unique (workspace_id, sequence_id, position)
        deferrable initially deferred,
    add constraint steps_removed_without_position check ((retired_at is null) = (position is not null)),
    add constraint steps_condition_asks check ((test is not null) = (kind = 'condition')),
    add constraint steps_manual_says_what check ((task_kind is not null) = (kind = 'manual')),
    add foreign key (workspace_id, yes_step_id) references steps (workspace_id, id),
    add foreign key (workspace_id, no_step_id) references steps (workspace_id, id),
    add foreign key (workspace_id, follower_id) references steps (workspace_id, id);

-- A wording that somebody was sent stays for its results.
alter table variants
    add column weight      integer not null default 1 check (weight between 0 and 100),
    add column retired_at  timestamptz;
alter table variants drop constraint variants_workspace_id_step_id_name_key;
create unique index variants_one_per_name on variants (workspace_id, step_id, name) where retired_at is null;

-- Audiences with a name, to be used again.
create table segments (
    workspace_id  bigint not null references workspaces (id) on delete cascade,
    id            bigint generated always as identity,
    name          text not null check (length(name) between 1 and 200),
    filter        jsonb not null,
    created_at    timestamptz not null,
    updated_at    timestamptz not null,
    primary key (workspace_id, id),
    unique (workspace_id, name)
);
call protect_workspace('segments');

alter table campaigns
    -- When given, it is the audience; the campaign's own filter is then not read.
    add column segment_id            bigint,
    add column stop_on_reply         boolean not null default true,
    add column stop_on_company_reply boolean not null default true,
    -- Whether it may write to somebody whom another campaign writes to at the same time.
    add column allows_overlap        boolean not null default false,
    -- Null enrolls without a limit.
    add column new_per_day_limit     integer check (new_per_day_limit > 0),
    add column on_uncertain          text not null default 'assume_sent'
        check (on_uncertain in ('hold', 'assume_sent', 'resend_after_approval')),
    add column approves_each         boolean not null default false,
    -- While it is given, no more than so many are enrolled.
    add column pilot_size            integer check (pilot_size > 0),
    add column ended_at              timestamptz,
    add foreign key (workspace_id, segment_id) references segments (workspace_id, id);
alter table campaigns drop constraint campaigns_state_check;
alter table campaigns add constraint campaigns_state_check
    check (state in ('draft', 'running', 'paused', 'ended', 'archived'));

-- Enrolling counts here and not on the campaign, whose row every sender reads.
alter table sequences
    add column enrolled_total    bigint not null default 0,
    add column enrolled_on       date,
    add column enrolled_that_day integer not null default 0;
update sequences s set enrolled_total =
    (select count(*) from enrollments e where e.workspace_id = s.workspace_id and e.campaign_id = s.campaign_id);

alter table enrollments
    add column next_step_id  bigint,
    -- Its number among the enrollments of the campaign: the wording of every step follows from it.
    add column number        bigint not null default 0,
    -- How many touches were made; more than none makes the next one a follow-up.
    add column touches       integer not null default 0,
    -- Since when it waits at a condition.
    add column waits_since   timestamptz,
    add column paused_reason text,
    add column may_overlap   boolean not null default false,
    add foreign key (workspace_id, next_step_id) references steps (workspace_id, id);
update enrollments e set touches = greatest(e.next_position - 1, 0), next_step_id = st.id
    from sequences s join steps st on st.workspace_id = s.workspace_id and st.sequence_id = s.id
    where s.workspace_id = e.workspace_id and s.campaign_id = e.campaign_id and st.position = e.next_position;
update enrollments e set number = n.number from (
    select workspace_id, id, row_number() over (partition by workspace_id, campaign_id order by id) as number
    from enrollments) n where n.workspace_id = e.workspace_id and n.id = e.id;
alter table enrollments drop column next_position;
create index enrollments_at_step on enrollments (workspace_id, next_step_id) where state <> 'finished';
drop index enrollments_one_active_per_contact;
create unique index enrollments_one_active_per_contact on enrollments (workspace_id, contact_id)
    where state in ('active', 'paused') and not may_overlap;

create index events_of_enrollment on events (workspace_id, enrollment_id, kind);

-- What a condition waits for wakes whoever waits there.
create function wake_at_condition() returns trigger language plpgsql as $$
begin
    update enrollments set due_at = new.occurred_at
    where workspace_id = new.workspace_id and id = new.enrollment_id and state = 'active'
        and waits_since is not null and due_at > new.occurred_at;
    return null;
end $$;
create trigger events_wake_at_condition after insert on events for each row
    when (new.enrollment_id is not null and new.kind in ('replied', 'opened', 'clicked'))
    execute function wake_at_condition();

alter table messages
    -- SHA-256 of the text that was approved, by whom, and when.
    add column approved_hash bytea,
    add column approved_by   text,
    add column approved_at   timestamptz,
    -- Until when a draft may be approved.
    add column expires_at    timestamptz,
    add constraint messages_approval_is_whole check
        ((approved_hash is null) = (approved_by is null) and (approved_hash is null) = (approved_at is null));
create index messages_to_approve on messages (workspace_id, id) where state = 'draft' and channel = 'email';
create index messages_of_step on messages (workspace_id, step_id);
create index messages_approved on messages (workspace_id, approved_at) where state = 'approved';

-- An approval holds for one text only, whatever the code believes.
create function void_changed_approval() returns trigger language plpgsql as $$
begin
    if old.approved_hash is null or (new.subject, new.body, new.to_address)
        is not distinct from (old.subject, old.body, old.to_address) then
        return new;
    end if;
    if old.state not in ('draft', 'approved') then
        raise exception 'message % was approved as it stands and is under way; it cannot change', old.id;
    end if;
    new.state := 'draft';
    new.approved_hash := null;
    new.approved_by := null;
    new.approved_at := null;
    return new;
end $$;
create trigger messages_void_changed_approval before update of subject, body, to_address on messages
    for each row execute function void_changed_approval();

-- What a person needs to do a task without looking elsewhere.
alter table tasks
    add column step_id     bigint,
    add column body        text not null default '',
    add column link        text,
    add column finished_by text,
    add foreign key (workspace_id, step_id) references steps (workspace_id, id);
