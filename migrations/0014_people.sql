-- migrate:up

-- Found to be somebody we knew already: the row stays, so that the merge can be undone.
alter table contact add column merged_into bigint references contact;

-- The sectors that met the person under this address: what one knows of somebody, another does not.
alter table identity add column met text[] not null default '{}';
update identity i set met = coalesce((
    select array_agg(distinct c.sector_id)
    from conversation c
    join inbox x on x.id = c.inbox_id
    where c.contact_id = i.contact_id
        and (c.identity_id = i.id
            or case x.channel
                when 'whatsapp' then i.kind = 'phone' or (i.kind = 'whatsapp_user' and i.scope =
                    coalesce(x.definition ->> 'portfolio_id', x.definition ->> 'account_id', x.external_id))
                when 'messenger' then i.kind = 'page_user' and i.scope = x.external_id
                else i.kind = 'instagram_user' and i.scope = x.external_id
            end)
), '{}');

create table contact_merge (
    id bigint generated always as identity primary key,
    kept_id bigint not null references contact,
    gone_id bigint not null references contact,
    -- 'evidence': one item of Meta's named both. 'person': somebody said so.
    by text not null check (by in ('evidence', 'person')),
    user_id bigint references "user",
    -- Everything that changed hands, by id, as an undo needs it (store.merges.Moved).
    moved jsonb not null,
    at timestamptz not null default now(),
    undone_at timestamptz,
    undone_by bigint references "user",
    check (kept_id <> gone_id)
);
create index contact_merge_kept on contact_merge (kept_id);
create index contact_merge_gone on contact_merge (gone_id);

-- What Meta's look-up says of a person on Messenger or Instagram; asked by a worker, never by the intake.
create table profile (
    identity_id bigint primary key references identity,
    run_at timestamptz not null default now(),
    attempts integer not null default 0,
    fetched_at timestamptz,
    -- Why there is none: 'consent', 'unknown', 'permission'; asked again when it may have changed.
    trouble text,
    picture_key text,
    picture_type text,
    -- Of the address the picture came from, without its signature, so that the same one is not fetched again.
    picture_source text
);
create index profile_due on profile (run_at);
insert into profile (identity_id) select id from identity where kind in ('page_user', 'instagram_user');
