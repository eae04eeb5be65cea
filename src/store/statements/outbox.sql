-- SPDX-License-Identifier: Apache-2.0
-- What is to be done outside, and notices.

-- name: enqueue
INSERT INTO outbox (key, state, kind, ticket_id, target, sender, payload, measure_number, turn_on, tries, due_at,
  wake_at, lease_owner, last_error)
VALUES ($1, 'waiting', $2, $3, $4, $5, $6, $7, $8, $9, $10, $10, '', $11)
ON CONFLICT (key) DO NOTHING

-- name: claim_outbox
UPDATE outbox SET wake_at = $1, lease_owner = $2, tries = tries + 1
WHERE key IN (SELECT key FROM outbox WHERE state = 'waiting' AND wake_at <= $3 ORDER BY wake_at LIMIT $4
              [postgresql: FOR UPDATE SKIP LOCKED])
RETURNING key, kind, ticket_id, target, sender, payload, measure_number, turn_on, tries, due_at, last_error

-- name: outbox_done
UPDATE outbox SET state = 'done', payload = $2, lease_owner = '' WHERE key = $1

-- name: outbox_retry
UPDATE outbox SET due_at = $2, wake_at = $2, last_error = $3, lease_owner = '' WHERE key = $1 AND state <> 'done'

-- name: outbox_give_up
UPDATE outbox SET state = 'given_up', last_error = $2, lease_owner = '' WHERE key = $1 AND state <> 'done'

-- name: orders_open
SELECT count(*) FROM outbox WHERE kind = 'order' AND state <> 'done' AND ticket_id = $1 AND measure_number = $2 AND
  turn_on = $3

-- name: earliest_outbox_due
SELECT min(wake_at) FROM outbox WHERE state = 'waiting'

-- name: outbox_waiting
SELECT count(*), min(due_at) FROM outbox WHERE state = 'waiting' AND due_at >= 0

-- name: outbox_given_up
SELECT count(*) FROM outbox WHERE state = 'given_up' AND due_at >= 0

-- name: insert_notice
INSERT INTO notices (token, ticket_id, kind, recipient, message_id, subject, state, queued_at, settled_at, diagnostic)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (token) DO NOTHING

-- name: notice
SELECT token, ticket_id, kind, recipient, message_id, subject, state, queued_at, settled_at, diagnostic FROM notices
WHERE token = $1

-- name: update_notice
UPDATE notices SET state = $2, settled_at = $3, diagnostic = $4 WHERE token = $1

-- name: notices_of_ticket
SELECT token, ticket_id, kind, recipient, message_id, subject, state, queued_at, settled_at, diagnostic FROM notices
WHERE ticket_id = $1 AND ticket_id <> '' ORDER BY number

-- name: pointed_since
SELECT count(*) FROM (SELECT 1 AS one FROM notices WHERE kind = 'pointer' AND recipient = $1 AND queued_at >= $2
                      LIMIT 1) AS found
