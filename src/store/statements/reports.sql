-- SPDX-License-Identifier: Apache-2.0
-- Reports, their bytes, arrivals and incidents.

-- part: report_columns
reports.number, reports.id, received_at, status, needs_person, channel, content_type, hash, size, arrivals, token,
envelope_from, envelope_to, reason, suggestion, readings.body

-- part: report_filter
($2 = '' OR status = $2) AND ($3 < 0 OR needs_person = $3) AND ($4 = '' OR token = $4)

-- name: insert_report
-- One statement says whether it is new: the one place where two nodes that receive the same bytes meet.
INSERT INTO reports (id, identity, received_at, channel, content_type, hash, size, token, reporter_domain,
  envelope_from, envelope_to, status, needs_person, arrivals, authenticated, reason, suggestion, claims, lease_owner,
  leased_until)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'received', 0, 1, '', $12, $12, 0, '', 0)
ON CONFLICT (identity) DO UPDATE SET arrivals = reports.arrivals + 1
RETURNING number, id, hash, arrivals

-- name: insert_arrival
INSERT INTO arrivals (report, nth, at, channel, token, envelope_from, envelope_to) VALUES ($1, $2, $3, $4, $5, $6, $7)

-- name: insert_blob
INSERT INTO blobs (hash, bytes) VALUES ($1, $2) ON CONFLICT (hash) DO NOTHING

-- name: blob
SELECT bytes FROM blobs WHERE hash = $1

-- name: report
SELECT {report_columns} FROM reports LEFT JOIN readings ON readings.report = reports.number WHERE reports.id = $1

-- name: report_blob
SELECT bytes FROM reports JOIN blobs ON blobs.hash = reports.hash WHERE reports.id = $1

-- name: list_reports
SELECT {report_columns} FROM reports LEFT JOIN readings ON readings.report = reports.number
WHERE reports.number > $1 AND {report_filter} ORDER BY reports.number LIMIT $5

-- name: list_reports_of_status
SELECT {report_columns} FROM reports LEFT JOIN readings ON readings.report = reports.number
WHERE status = $2 AND status <> 'read' AND reports.number > $1 AND {report_filter} ORDER BY reports.number LIMIT $5

-- name: list_reports_for_person
SELECT {report_columns} FROM reports LEFT JOIN readings ON readings.report = reports.number
WHERE needs_person = 1 AND reports.number > $1 AND {report_filter} ORDER BY reports.number LIMIT $5

-- name: list_reports_of_token
SELECT {report_columns} FROM reports LEFT JOIN readings ON readings.report = reports.number
WHERE token = $4 AND token <> '' AND reports.number > $1 AND {report_filter} ORDER BY reports.number LIMIT $5

-- name: tries_of_oldest_unread
SELECT claims FROM reports WHERE status = 'received' AND status <> 'read' AND leased_until <= $1 ORDER BY number LIMIT 1

-- name: claim_unread
-- SQLite: the write transaction keeps others out. PostgreSQL: what another node is just claiming is passed over.
UPDATE reports SET lease_owner = $1, leased_until = $2, claims = claims + 1
WHERE number IN (SELECT number FROM reports WHERE status = 'received' AND status <> 'read' AND leased_until <= $3
                 ORDER BY number LIMIT $4 [postgresql: FOR UPDATE SKIP LOCKED])
RETURNING number, id, content_type, channel, received_at, envelope_from, envelope_to, token, reporter_domain, claims,
  hash

-- name: save_reading
UPDATE reports SET status = $2, needs_person = $3, reason = $4, suggestion = $5, authenticated = $6, lease_owner = '',
  leased_until = 0
WHERE id = $1 AND status = 'received' RETURNING number

-- name: insert_reading
INSERT INTO readings (report, body) VALUES ($1, $2) ON CONFLICT (report) DO UPDATE SET body = excluded.body

-- name: report_standing
SELECT status, needs_person FROM reports WHERE id = $1

-- name: set_report_status
UPDATE reports SET status = $2, needs_person = $3, reason = $4, lease_owner = '', leased_until = 0 WHERE id = $1

-- name: insert_incident
INSERT INTO incidents (id, report_id, ticket_id, seen_at, body) VALUES ($1, $2, $3, $4, $5)

-- name: incidents_of_report
SELECT number, id, report_id, ticket_id, seen_at, body FROM incidents WHERE report_id = $1 ORDER BY number

-- name: incidents_of_ticket
SELECT number, id, report_id, ticket_id, seen_at, body FROM incidents
WHERE ticket_id = $1 AND ticket_id <> '' AND number < $2 ORDER BY number DESC LIMIT $3

-- name: move_incident
UPDATE incidents SET ticket_id = $2 WHERE id = $1

-- name: move_all_incidents
UPDATE incidents SET ticket_id = $2 WHERE ticket_id = $1 AND ticket_id <> ''

-- name: report_ids_of_ticket
SELECT report_id FROM incidents WHERE ticket_id = $1 AND ticket_id <> '' GROUP BY report_id ORDER BY min(number)

-- name: echo_of_ticket
SELECT count(*), count(DISTINCT who)
FROM (SELECT CASE WHEN reports.id = $3 THEN $4 ELSE reports.authenticated END AS who
      FROM incidents JOIN reports ON reports.id = incidents.report_id
      WHERE incidents.ticket_id = $1 AND incidents.ticket_id <> '' AND incidents.seen_at >= $2
      ORDER BY incidents.number DESC LIMIT $5) AS newest

-- name: mark_harmful
UPDATE reports SET harmful = 1 WHERE id = $1

-- name: reporter_record
-- Of the newest $2 reports of that reporter: a record of all of them would grow more costly with every report.
SELECT count(*),
  count(CASE WHEN harmful = 0 AND EXISTS (
                          SELECT 1 FROM incidents JOIN tickets ON tickets.id = incidents.ticket_id
                          WHERE incidents.report_id = newest.id AND opened_at IS NOT NULL) THEN 1 END),
  count(CASE WHEN status = 'dismissed' OR EXISTS (
                          SELECT 1 FROM incidents JOIN tickets ON tickets.id = incidents.ticket_id
                          WHERE incidents.report_id = newest.id AND state = 'dismissed') THEN 1 END),
  count(CASE WHEN harmful = 1 THEN 1 END)
FROM (SELECT id, status, harmful FROM reports WHERE authenticated = $1 AND authenticated <> ''
      ORDER BY number DESC LIMIT $2) AS newest
