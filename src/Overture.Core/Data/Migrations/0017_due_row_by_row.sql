-- The slim tables of what is due are kept row by row where rows change. For a whole statement's rows PostgreSQL joined
-- them by a plan that a connection makes once, for the sizes it saw then: the first large statement of a new database
-- could compare every changed row with every row. A row is found by its key, whatever the sizes. And what the slim
-- tables do not show is seen before anything is done for it.
drop trigger enrollments_due_insert on enrollments;
drop trigger enrollments_due_update on enrollments;
drop trigger enrollments_due_delete on enrollments;
drop trigger send_intents_due_insert on send_intents;
drop trigger send_intents_due_update on send_intents;
drop trigger send_intents_due_delete on send_intents;

-- New rows still come by the thousand, so they are added together; each looks the other table up by itself.
create function add_enrollment_due() returns trigger language plpgsql set enable_seqscan = off as $$
begin
    insert into enrollment_due (workspace_id, enrollment_id, campaign_id, is_first, due_at, score)
    select n.workspace_id, n.id, n.campaign_id, n.touches = 0, n.due_at,
        (select l.score from leads l where l.workspace_id = n.workspace_id and l.id = n.lead_id)
    from added n where n.state = 'active' and n.due_at is not null;
    return null;
end $$;
create trigger enrollments_due_insert after insert on enrollments
    referencing new table as added for each statement execute function add_enrollment_due();

create or replace function keep_enrollment_due() returns trigger language plpgsql set enable_seqscan = off as $$
begin
    if new.state = 'active' and new.due_at is not null then
        insert into enrollment_due (workspace_id, enrollment_id, campaign_id, is_first, due_at, score)
        values (new.workspace_id, new.id, new.campaign_id, new.touches = 0, new.due_at,
            (select l.score from leads l where l.workspace_id = new.workspace_id and l.id = new.lead_id))
        on conflict (workspace_id, enrollment_id) do update
            set is_first = excluded.is_first, due_at = excluded.due_at, score = excluded.score;
    else
        delete from enrollment_due where workspace_id = new.workspace_id and enrollment_id = new.id;
    end if;
    return null;
end $$;
create trigger enrollments_due_update after update on enrollments for each row
    when ((old.state, old.due_at, old.touches = 0) is distinct from (new.state, new.due_at, new.touches = 0))
    execute function keep_enrollment_due();

create or replace function forget_enrollment_due() returns trigger language plpgsql set enable_seqscan = off as $$
begin
    delete from enrollment_due where workspace_id = old.workspace_id and enrollment_id = old.id;
    return null;
end $$;
create trigger enrollments_due_delete after delete on enrollments
    for each row execute function forget_enrollment_due();

create function add_send_due() returns trigger language plpgsql set enable_seqscan = off as $$
begin
    insert into send_due (workspace_id, intent_id, mailbox_id, campaign_id, is_first, due_at, owner)
    select n.workspace_id, n.id, n.mailbox_id, e.campaign_id, e.touches = 0, n.due_at, n.owner
    from added n cross join lateral (
        -- The limit keeps it a look-up for each row.
        select campaign_id, touches, state from enrollments
        where workspace_id = n.workspace_id and id = n.enrollment_id limit 1) e
    where n.state in ('claimed', 'submitting') or (n.state = 'planned' and e.state = 'active');
    return null;
end $$;
create trigger send_intents_due_insert after insert on send_intents
    referencing new table as added for each statement execute function add_send_due();

create or replace function keep_send_due() returns trigger language plpgsql set enable_seqscan = off as $$
begin
    if new.owner is not null then
        update send_due set mailbox_id = new.mailbox_id, due_at = new.due_at, owner = new.owner
        where workspace_id = new.workspace_id and intent_id = new.id;
        if found then return null; end if;
    end if;
    if new.state in ('planned', 'claimed', 'submitting') then
        insert into send_due (workspace_id, intent_id, mailbox_id, campaign_id, is_first, due_at, owner)
        select new.workspace_id, new.id, new.mailbox_id, e.campaign_id, e.touches = 0, new.due_at, new.owner
        from enrollments e
        where e.workspace_id = new.workspace_id and e.id = new.enrollment_id
            and (new.state <> 'planned' or e.state = 'active')
        on conflict (workspace_id, intent_id) do update
            set mailbox_id = excluded.mailbox_id, due_at = excluded.due_at, owner = excluded.owner;
        if found then return null; end if;
    end if;
    delete from send_due where workspace_id = new.workspace_id and intent_id = new.id;
    return null;
end $$;
-- Claimed and submitting have the same owner and look the same in the slim table.
create trigger send_intents_due_update after update on send_intents for each row
    when ((old.state = 'planned', old.owner, old.mailbox_id, old.due_at)
        is distinct from (new.state = 'planned', new.owner, new.mailbox_id, new.due_at))
    execute function keep_send_due();

create or replace function forget_send_due() returns trigger language plpgsql set enable_seqscan = off as $$
begin
    delete from send_due where workspace_id = old.workspace_id and intent_id = old.id;
    return null;
end $$;
create trigger send_intents_due_delete after delete on send_intents
    for each row execute function forget_send_due();

-- Called only for what it refuses.
drop trigger send_intents_final on send_intents;
create trigger send_intents_final before update on send_intents for each row
    when ((old.state in ('accepted', 'rejected', 'assumed', 'cancelled') and new.state <> old.state)
        or new.fence < old.fence)
    execute function refuse_leaving_final_state();

-- Since when, and in whose words, what is sent cannot be written down; nothing leaves meanwhile. The row is always there,
-- so that saying it needs no room on a full disk.
alter table instance
    add column unrecorded_since  timestamptz,
    add column unrecorded_reason text,
    add constraint unrecorded_has_a_reason check ((unrecorded_since is null) = (unrecorded_reason is null));
