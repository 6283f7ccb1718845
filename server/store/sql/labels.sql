-- name: of_contact
select label from contact_label where contact_id = $1 and sector_id = $2 order by label

-- name: add
insert into contact_label (contact_id, sector_id, label) values ($1, $2, $3) on conflict do nothing returning label

-- name: remove
delete from contact_label where contact_id = $1 and sector_id = $2 and label = $3 returning label

-- name: open_beside
select c.id
from conversation asked
join conversation c on c.contact_id = asked.contact_id and c.sector_id = asked.sector_id and c.state <> 'resolved'
where asked.id = $1
order by c.id
