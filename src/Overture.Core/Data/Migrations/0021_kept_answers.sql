-- What a request with an Idempotency-Key was answered, so that the same request sent again gets that answer and does
-- nothing. While there is no answer yet, the node that works on it owns the row; a dead node's row may be taken over.
create table kept_answers (
    workspace_id  bigint not null references workspaces (id) on delete cascade,
    -- The API key or the user: two callers may use the same key without knowing of each other.
    caller        text not null,
    key_hash      bytea not null,
    owner         integer,
    begun_at      timestamptz not null,
    answered_at   timestamptz,
    -- SHA-256 of address and body.
    request_hash  bytea,
    code          integer,
    content_type  text,
    location      text,
    -- Sealed. Absent where it was too large, and after a person was erased.
    body          bytea,
    primary key (workspace_id, caller, key_hash),
    constraint owned_exactly_until_answered check
        ((owner is null) = (answered_at is not null) and (request_hash is null) = (answered_at is null)
         and (code is null) = (answered_at is null))
);
create index kept_answers_oldest on kept_answers (begun_at);
call protect_workspace('kept_answers');
