-- A claim writes the slim table itself, in the same statement, so the trigger need not be called for each row of it.
drop trigger send_intents_due_update on send_intents;
create trigger send_intents_due_update after update on send_intents for each row
    when ((old.state = 'planned', old.owner, old.mailbox_id, old.due_at)
        is distinct from (new.state = 'planned', new.owner, new.mailbox_id, new.due_at)
        and not (old.state = 'planned' and new.state = 'claimed'))
    execute function keep_send_due();

-- A contact is paused or goes on while a message to it is claimed or given back. The message is held first, so that what
-- is seen of it is true when the slim table is written: else recovery, or the next claim, could not find it.
create or replace function pause_send_due() returns trigger language plpgsql as $$
begin
    perform from send_intents i
    where i.workspace_id = new.workspace_id and i.enrollment_id = new.id and i.state in ('planned', 'claimed')
    for no key update;
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
