-- name: partitions
select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
where i.inhparent = 'journal'::regclass
order by name

-- name: in_default
select exists (select from journal_default where received_at >= $1::date and received_at < $1::date + 1)
