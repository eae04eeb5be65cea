-- SPDX-License-Identifier: Apache-2.0
-- Tickets, measures and the history.

-- part: ticket_columns
number, id, version, state, category, service_id, service_name, customer_id, customer_name, customer_email, addresses,
created_at, opened_at, respond_by, fix_by, answered_at, claimed_at, fix_left, closed_at, probation_until, overdue_for,
reminded, ladder_next_at, notice, required_actions, merged_into, reply_token, assigned_to, incident_count,
last_incident_at, last_seq, last_hash, measure_count

-- part: ticket_filter
($2 = '' OR state = $2) AND ($3 = '' OR category = $3) AND ($4 = '' OR service_id = $4) AND
($5 = '' OR customer_id = $5) AND ($6 < 0 OR $6 = CASE WHEN deadline <= $7 THEN 1 ELSE 0 END) AND
($8 = 0 OR state <> 'in_review') AND ($9 = '' OR words LIKE $9 ESCAPE '\')

-- name: ticket
SELECT {ticket_columns} FROM tickets WHERE id = $1

-- name: ticket_by_reply_token
SELECT {ticket_columns} FROM tickets WHERE reply_token = $1 AND reply_token <> ''

-- name: joinable_tickets
SELECT {ticket_columns} FROM tickets
WHERE service_id = $1 AND category = $2 AND state <> 'dismissed' AND merged_into = '' AND
  (state <> 'closed' OR probation_until > $3)
ORDER BY number DESC LIMIT $4

-- name: tickets_of_service
SELECT {ticket_columns} FROM tickets WHERE service_id = $1 ORDER BY number DESC

-- name: list_tickets
SELECT {ticket_columns} FROM tickets WHERE number < $1 AND {ticket_filter} ORDER BY number DESC LIMIT $10

-- name: list_tickets_of_state
SELECT {ticket_columns} FROM tickets WHERE state = $2 AND number < $1 AND {ticket_filter} ORDER BY number DESC LIMIT $10

-- name: list_tickets_of_category
SELECT {ticket_columns} FROM tickets WHERE category = $3 AND number < $1 AND {ticket_filter}
ORDER BY number DESC LIMIT $10

-- name: list_tickets_of_service
SELECT {ticket_columns} FROM tickets WHERE service_id = $4 AND number < $1 AND {ticket_filter}
ORDER BY number DESC LIMIT $10

-- name: list_tickets_of_customer
SELECT {ticket_columns} FROM tickets WHERE customer_id = $5 AND number < $1 AND {ticket_filter}
ORDER BY number DESC LIMIT $10

-- name: insert_ticket
INSERT INTO tickets (id, version, state, category, service_id, service_name, customer_id, customer_name,
  customer_email, addresses, created_at, opened_at, respond_by, fix_by, answered_at, claimed_at, fix_left, closed_at,
  probation_until, overdue_for, reminded, ladder_next_at, notice, required_actions, merged_into, reply_token,
  assigned_to, incident_count, last_incident_at, last_seq, last_hash, measure_count, deadline, wake_at, words,
  lease_owner)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24,
  $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, '')
ON CONFLICT DO NOTHING

-- name: join_in_turn
-- PostgreSQL: two nodes that each bring the first incident of a service and category meet in this row; the second one
-- runs again and finds the ticket of the first. SQLite has one writer.
INSERT INTO joining (service_id, category, turn) VALUES ($1, $2, 1)
ON CONFLICT (service_id, category) DO UPDATE SET turn = joining.turn + 1

-- name: ticket_numbers_ready
-- PostgreSQL: the year's numbers are a sequence, so nodes do not wait for each other.
SELECT count(*) FROM [sqlite: sqlite_schema WHERE name = $1]
  [postgresql: pg_catalog.pg_class WHERE relname = $1 AND relkind = 'S' AND pg_table_is_visible(oid)]

-- name: next_ticket_number
[sqlite: INSERT INTO settings (name, value) VALUES ($1, 1)
  ON CONFLICT (name) DO UPDATE SET value = settings.value + 1 RETURNING value]
[postgresql: SELECT nextval(CAST($1 AS regclass))]

-- name: ticket_state_of_version
SELECT state FROM tickets WHERE id = $1 AND version = $2

-- name: ticket_version
SELECT version FROM tickets WHERE id = $1

-- name: update_ticket
UPDATE tickets SET version = version + $36, state = $3, category = $4, service_id = $5, service_name = $6,
  customer_id = $7, customer_name = $8, customer_email = $9, addresses = $10, created_at = $11, opened_at = $12,
  respond_by = $13, fix_by = $14, answered_at = $15, claimed_at = $16, fix_left = $17, closed_at = $18,
  probation_until = $19, overdue_for = $20, reminded = $21, ladder_next_at = $22, notice = $23, required_actions = $24,
  merged_into = $25, reply_token = $26, assigned_to = $27, incident_count = $28, last_incident_at = $29,
  last_seq = $30, last_hash = $31, measure_count = $32, deadline = $33, wake_at = $34, words = $35, lease_owner = ''
WHERE id = $1 AND version = $2

-- name: claim_due
UPDATE tickets SET wake_at = $1, lease_owner = $2
WHERE number IN (SELECT number FROM tickets WHERE wake_at <= $3 ORDER BY wake_at LIMIT $4
                 [postgresql: FOR UPDATE SKIP LOCKED])
RETURNING {ticket_columns}

-- name: earliest_due
SELECT min(wake_at) FROM tickets WHERE wake_at IS NOT NULL

-- name: measures_of_ticket
SELECT number, kind, state, reason, decided_by, deliberate, at FROM measures WHERE ticket_id = $1 ORDER BY number

-- name: put_measure
INSERT INTO measures (ticket_id, number, kind, state, reason, decided_by, deliberate, at, taken_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (ticket_id, number) DO UPDATE SET kind = excluded.kind, state = excluded.state, reason = excluded.reason,
  decided_by = excluded.decided_by, deliberate = excluded.deliberate, at = excluded.at,
  taken_at = coalesce(measures.taken_at, excluded.taken_at)

-- name: delete_measures_above
DELETE FROM measures WHERE ticket_id = $1 AND number > $2

-- name: automatic_measures_since
SELECT count(*) FROM measures WHERE taken_at >= $1

-- name: head
SELECT seq, hash FROM heads WHERE stream = $1

-- name: insert_head
INSERT INTO heads (stream, seq, hash) VALUES ($1, 0, $2) ON CONFLICT (stream) DO NOTHING

-- name: move_head
UPDATE heads SET seq = $2, hash = $3 WHERE stream = $1

-- name: insert_entry
INSERT INTO entries (stream, seq, at, actor, kind, body, prev, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)

-- name: entries_of_stream
SELECT stream, seq, at, actor, kind, body, prev, hash FROM entries WHERE stream = $1 AND seq > $2 ORDER BY seq LIMIT $3

-- name: walk_entries
SELECT stream, seq, at, actor, kind, body, prev, hash FROM entries WHERE (stream, seq) > ($1, $2)
ORDER BY stream, seq LIMIT $3

-- name: walk_heads
SELECT stream, seq, hash FROM heads WHERE stream > $1 ORDER BY stream LIMIT $2
