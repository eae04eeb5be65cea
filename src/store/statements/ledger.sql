-- SPDX-License-Identifier: Apache-2.0
-- The ledger of assignments, in generations.

-- name: current_ledger
SELECT coalesce(max(version), 0) FROM ledger_versions WHERE state = 'seen'

-- name: insert_ledger
INSERT INTO ledger_versions (version, state, size, rows_end, owners_end, swept_rows, swept_owners)
VALUES ($1, 'unseen', 0, 0, 0, 0, 0)

-- name: grow_ledger
-- Fails to find the version when another import has dropped it meanwhile.
UPDATE ledger_versions SET size = size + $2, rows_end = CASE WHEN rows_end < $3 THEN $3 ELSE rows_end END,
  owners_end = CASE WHEN owners_end < $4 THEN $4 ELSE owners_end END
WHERE version = $1 AND state = 'unseen'

-- name: show_ledger
UPDATE ledger_versions SET state = 'seen' WHERE version = $1 AND state = 'unseen'

-- name: hide_ledgers
UPDATE ledger_versions SET state = 'dropped' WHERE state = 'seen' AND version <> $1

-- name: drop_ledgers
UPDATE ledger_versions SET state = 'dropped' WHERE version <> $1

-- name: dropped_ledger
SELECT version, rows_end, owners_end, swept_rows, swept_owners FROM ledger_versions WHERE state = 'dropped'
ORDER BY version LIMIT 1

-- name: ledger_swept
UPDATE ledger_versions SET swept_rows = $2, swept_owners = $3 WHERE version = $1

-- name: forget_ledger
DELETE FROM ledger_versions WHERE version = $1

-- name: sweep_ledger_rows
DELETE FROM ledger_rows WHERE version = $1 AND ordinal >= $2 AND ordinal < $3

-- name: sweep_ledger_owners
DELETE FROM ledger_owners WHERE version = $1 AND ordinal >= $2 AND ordinal < $3

-- name: insert_ledger_owner
INSERT INTO ledger_owners (version, ordinal, service_id, service_name, customer_id, customer_name, customer_email)
VALUES ($1, $2, $3, $4, $5, $6, $7)

-- name: insert_ledger_row
INSERT INTO ledger_rows (version, ordinal, owner, first, last, valid_from, valid_until)
VALUES ($1, $2, $3, $4, $5, $6, $7)

-- name: ledger_size
SELECT size FROM ledger_versions WHERE version = $1 AND state <> 'dropped'

-- name: walk_ledger
SELECT ordinal, owner, first, last, valid_from, valid_until FROM ledger_rows WHERE version = $1 AND ordinal > $2
ORDER BY ordinal LIMIT $3

-- name: walk_ledger_owners
SELECT ordinal, service_id, service_name, customer_id, customer_name, customer_email FROM ledger_owners
WHERE version = $1 AND ordinal > $2 ORDER BY ordinal LIMIT $3

-- name: ledger_row
SELECT ledger_rows.ordinal, owner, first, last, valid_from, valid_until, service_id, service_name, customer_id, customer_name,
  customer_email
FROM ledger_rows JOIN ledger_owners ON ledger_owners.version = ledger_rows.version AND ledger_owners.ordinal = owner
WHERE ledger_rows.version = $1 AND ledger_rows.ordinal = $2

-- name: ledger_rows_of_service
SELECT ledger_rows.ordinal, owner, first, last, valid_from, valid_until, service_id, service_name, customer_id,
  customer_name, customer_email
FROM ledger_owners JOIN ledger_rows ON ledger_rows.version = ledger_owners.version AND owner = ledger_owners.ordinal
WHERE ledger_owners.version = $1 AND service_id = $2
ORDER BY ledger_rows.ordinal

-- name: ledger_customer
SELECT customer_id, customer_name, customer_email FROM ledger_owners
WHERE version = $1 AND customer_id = $2 ORDER BY ordinal DESC LIMIT 1

-- name: next_ledger
INSERT INTO settings (name, value) VALUES ($1, 1) ON CONFLICT (name) DO UPDATE SET value = settings.value + 1
RETURNING value
