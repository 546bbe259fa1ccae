-- More can happen to a message and to an enrollment than leaving and failing.

alter table events drop constraint events_kind_check;
alter table events add constraint events_kind_check check (kind in
    ('enrolled', 'captured', 'sent', 'delivered', 'deferred', 'failed', 'uncertain', 'bounced', 'complained',
     'replied', 'auto_replied', 'opened', 'clicked', 'unsubscribed', 'held', 'waited', 'branched', 'task_done',
     'finished'));

alter table enrollments drop constraint enrollments_finish_reason_check;
alter table enrollments add constraint enrollments_finish_reason_check check (finish_reason in
    ('completed', 'replied', 'company_replied', 'bounced', 'complained', 'unsubscribed', 'suppressed', 'removed',
     'failed', 'ended'));

-- What a task is about, so that doing it moves the right thing on.
alter table tasks
    add column enrollment_id bigint,
    add column message_id bigint,
    add foreign key (workspace_id, enrollment_id) references enrollments (workspace_id, id) on delete cascade,
    add foreign key (workspace_id, message_id) references messages (workspace_id, id) on delete cascade;
create index tasks_of_enrollment on tasks (workspace_id, enrollment_id) where state = 'open';
