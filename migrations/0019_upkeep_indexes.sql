-- migrate:up

-- What upkeep and the settling of parked statuses look for, without reading the whole table.

create index inbound_key_at on inbound_key (at);
create index parked_status_parked_at on parked_status (parked_at);
create index parked_status_watermark on parked_status (id) where provider_id like 'contact:%';
