-- SPDX-License-Identifier: Apache-2.0
-- Which tickets are to be tried from outside.

-- name: schedule_probe
INSERT INTO probes (ticket_id, why, due_at, wake_at, lease_owner, tries) VALUES ($1, $2, $3, $3, '', 0)
ON CONFLICT (ticket_id, why) DO UPDATE SET due_at = excluded.due_at, wake_at = excluded.wake_at, lease_owner = '',
  tries = 0

-- name: claim_probes
UPDATE probes SET wake_at = $1, lease_owner = $2, tries = tries + 1
WHERE (ticket_id, why) IN (SELECT ticket_id, why FROM probes WHERE wake_at <= $3 ORDER BY wake_at LIMIT $4
                           [postgresql: FOR UPDATE SKIP LOCKED])
RETURNING ticket_id, why, due_at, tries

-- name: probe_done
DELETE FROM probes WHERE ticket_id = $1 AND why = $2 AND due_at = $3

-- name: earliest_probe_due
SELECT min(wake_at) FROM probes

-- name: release_probes
UPDATE probes SET lease_owner = '', wake_at = 0 WHERE wake_at >= 0 AND lease_owner >= $1 AND lease_owner < $2
