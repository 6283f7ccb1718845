-- migrate:up
-- Of a story, a post or a reel Meta does not say whether it is a picture or a film: 'undeclared' until its bytes tell.
alter table attachment drop constraint attachment_kind_check;
alter table attachment add constraint attachment_kind_check
    check (kind in ('image', 'video', 'audio', 'document', 'sticker', 'undeclared'));
