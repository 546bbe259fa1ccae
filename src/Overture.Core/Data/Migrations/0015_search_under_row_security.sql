-- Under row-level security only operators that are marked leakproof reach an index, and those of text search, of
-- likeness and of numeric are not: every search read its whole table, and a page in the order of the score all pages
-- before it. What a policy itself asks does reach an index. So whoever searches writes the words into a setting of the
-- transaction and reads a table that holds the same rows under a policy with these words in it.
create table lead_search (
    workspace_id  bigint not null,
    lead_id       bigint not null,
    name_key      text collate "C" not null,
    company_key   text collate "C",
    words         tsvector not null
) partition by range (lead_id);
alter table lead_search attach partition lead_listing default;
call protect_workspace('lead_search');
create policy searched_words on lead_search as restrictive for select
    using (words @@ current_setting('overture.words', true)::tsquery);

create table company_search (
    workspace_id  bigint not null,
    id            bigint not null,
    name          text not null,
    domain        text,
    words         tsvector generated always as
        (array_to_tsvector(search_words(name || ' ' || coalesce(domain, '')))) stored
);
alter table companies inherit company_search;
call protect_workspace('company_search');
create policy searched_words on company_search as restrictive for select
    using (words @@ current_setting('overture.words', true)::tsquery);

create table vocabulary_search (
    workspace_id  bigint not null,
    word          text not null
);
alter table search_vocabulary inherit vocabulary_search;
call protect_workspace('vocabulary_search');
create policy words_alike on vocabulary_search as restrictive for select
    using (word % current_setting('overture.word', true) or word like current_setting('overture.pattern', true));

-- The score in hundredths: whole numbers compare without leaking.
alter table leads add column score_key integer generated always as ((score * 100)::integer) stored;
drop index leads_by_score, leads_by_state_and_score, leads_by_company;
create index leads_by_score on leads (workspace_id, score_key desc nulls last, id);
create index leads_by_state_and_score on leads (workspace_id, state, score_key desc nulls last, id);
create index leads_by_company on leads (workspace_id, company_id, score_key desc nulls last, id);
