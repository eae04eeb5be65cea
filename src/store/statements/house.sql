-- SPDX-License-Identifier: Apache-2.0
-- Settings, totals, and what a schema says about itself.

-- name: count_migrations_table
SELECT count(*) FROM
  [sqlite: sqlite_schema WHERE type = 'table' AND name = 'migrations']
  [postgresql: pg_catalog.pg_tables WHERE schemaname = current_schema() AND tablename = 'migrations']

-- name: newest_migration
SELECT coalesce(max(number), 0) FROM migrations

-- name: insert_migration
INSERT INTO migrations (number, name, applied_at) VALUES ($1, $2, $3)

-- name: setting
SELECT value FROM settings WHERE name = $1

-- name: set_setting
INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value

-- name: add_to_total
INSERT INTO totals (what, slot, amount) VALUES ($1, $2, $3)
ON CONFLICT (what, slot) DO UPDATE SET amount = totals.amount + excluded.amount

-- name: totals
SELECT what, CAST(sum(amount) AS BIGINT) FROM totals GROUP BY what ORDER BY what

-- name: release_reports
UPDATE reports SET lease_owner = '', leased_until = 0
WHERE status = 'received' AND status <> 'read' AND leased_until > 0 AND lease_owner >= $1 AND lease_owner < $2

-- name: release_outbox
UPDATE outbox SET lease_owner = '', wake_at = 0
WHERE state = 'waiting' AND wake_at >= 0 AND lease_owner >= $1 AND lease_owner < $2

-- name: release_tickets
UPDATE tickets SET lease_owner = '', wake_at = 0
WHERE wake_at IS NOT NULL AND wake_at >= 0 AND lease_owner >= $1 AND lease_owner < $2
