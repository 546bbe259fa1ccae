-- What an import said about a person or company that was there already. It tells an undo who else relies on them, and
-- what they would hold had another import never been. Written in the order of the ids.
create table import_mentions (
    workspace_id  bigint not null,
    id            bigint generated always as identity,
    import_id     bigint not null,
    number        integer not null,
    kind          text not null check (kind in ('contact', 'company')),
    record_id     bigint not null,
    -- Where a person stands in the file.
    line          bigint,
    -- Column to [before, after] where the import changed it, and to [said] where it did not.
    said          json not null,
    has_changed   boolean not null,
    primary key (workspace_id, import_id, number, kind, record_id),
    foreign key (workspace_id, import_id, number)
        references import_batches (workspace_id, import_id, number) on delete cascade
);
create index import_mentions_of_record on import_mentions (workspace_id, record_id, kind);
call protect_workspace('import_mentions');

insert into import_mentions (workspace_id, import_id, number, kind, record_id, said, has_changed)
    select workspace_id, import_id, number, kind, (change ->> 'id')::bigint, (change - 'id')::json, true
    from import_batches,
        lateral (values ('contact', changed_contacts), ('company', changed_companies)) c (kind, changes),
        jsonb_array_elements(changes) change
    order by import_id, number;

-- Of everything that was added, column by column, 16 bits of a hash of what the file said, 0 where it said nothing: enough
-- to know whether it still is so. Empty for what was added before this was kept.
alter table import_batches
    drop column changed_contacts, drop column changed_companies,
    add column contact_marks smallint[] not null default '{}', add column company_marks smallint[] not null default '{}';
alter table import_batches
    alter column contact_marks set storage external, alter column company_marks set storage external;

-- What an undo took back, and what it kept and why.
alter table imports add column undo_report jsonb;
