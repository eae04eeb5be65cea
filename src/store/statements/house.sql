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
