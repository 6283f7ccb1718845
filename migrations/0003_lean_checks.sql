-- migrate:up

-- Rows that hang on a conversation carry copies of its sector and inbox, taken from its locked row; the conversation's
-- own are checked, and nothing of the organisation is ever deleted. Checking each copy again was a third of what the
-- database spends on a message, and made every transaction lock the same few rows of `sector` and `inbox`.
alter table event drop constraint event_sector_id_fkey;
alter table message drop constraint message_sector_id_fkey;
alter table message drop constraint message_inbox_id_fkey;
alter table waiting drop constraint waiting_sector_id_fkey;
alter table sla_timer drop constraint sla_timer_sector_id_fkey;
alter table sla_timer drop constraint sla_timer_policy_id_fkey;
alter table outbox drop constraint outbox_inbox_id_fkey;
