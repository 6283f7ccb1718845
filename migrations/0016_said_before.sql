-- migrate:up
-- As before, with what an edited message said until then: the newest five, as many as Messenger allows, each cut to what
-- a reader compares. Of one that was taken back nothing is told.
create or replace view message_detail as
select m.id, m.conversation_id, m.sector_id, x.channel, m.direction, m.author, a.name as author_name, m.kind, m.text,
    m.body, m.provider_at as at, m.status, m.status_at, m.failure,
    q.id as quoted_id, left(q.text, 160) as quoted_text, q.author as quoted_author,
    f.source as referral_source, f.source_id as referral_source_id, f.headline as referral_headline,
    f.body as referral_body,
    m.provider_id, m.edited_at, m.revoked_at, q.kind as quoted_kind,
    case when m.revoked_at is null then (
        select jsonb_agg(
            jsonb_build_object(
                'id', t.id, 'kind', t.kind, 'state', t.state, 'reason', t.reason, 'mime_type', t.mime_type,
                'name', t.name, 'size', t.size, 'width', t.width, 'height', t.height,
                'duration_seconds', t.duration_seconds, 'voice', t.voice, 'animated', t.animated,
                'thumbnail', t.thumbnail_key is not null
            ) order by t.place, t.id)
        from attachment t
        where t.message_id = m.id
    ) end as attachments,
    (
        select jsonb_agg(jsonb_build_object('emoji', r.emoji, 'by', r.by) order by r.by, r.at)
        from reaction r
        where r.message_id = m.id and r.emoji <> '' and m.revoked_at is null
    ) as reactions,
    case when m.edited_at is not null and m.revoked_at is null then (
        select jsonb_agg(jsonb_build_object('text', left(e.text, 1000), 'replaced_at', e.edited_at) order by e.edited_at)
        from (
            select text, edited_at from message_edit where message_id = m.id order by edited_at desc limit 5
        ) e
    ) end as earlier
from message m
join inbox x on x.id = m.inbox_id
left join "user" a on a.id = m.author_id
-- Only within the conversation: a quoted message of another one stays behind its own wall.
left join message q
    on q.inbox_id = m.inbox_id and q.provider_id = m.body ->> 'reply_to' and q.conversation_id = m.conversation_id
left join referral f on f.conversation_id = m.conversation_id and f.message_id = m.id;
