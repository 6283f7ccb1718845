-- migrate:up
-- What we send goes to Meta's own store first: the message waits in the outbox until this is 'done' or 'failed'.
-- Null for what came in, and for what was uploaded by a person and not sent yet.
alter table attachment add column upload text check (upload in ('due', 'uploading', 'done', 'failed'));
-- Meta's id of it, kept by Meta 30 days (WhatsApp) or 90 (Messenger).
alter table attachment add column provider_media_id text;
alter table attachment add column provider_media_at timestamptz;
-- Meta's own error.
alter table attachment add column upload_failure jsonb;
create index attachment_to_upload on attachment (message_id) where upload in ('due', 'uploading');
create index attachment_unsent on attachment (created_at) where message_id is null;

-- Files nobody refers to any more, and those that are being written and nobody refers to yet.
create table file_to_delete (
    key text primary key,
    delete_after timestamptz not null
);
create index file_to_delete_due on file_to_delete (delete_after);
