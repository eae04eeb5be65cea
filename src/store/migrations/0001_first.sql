-- SPDX-License-Identifier: Apache-2.0
-- The first schema. Written in SQLite's words; store/statement.h says how PostgreSQL reads it.
--
-- Times are microseconds since 1970 in UTC. Addresses are 16 bytes (IPv4 mapped). Hashes are their 32 bytes. What the
-- world sent is BLOB: text of PostgreSQL holds neither U+0000 nor bytes that are not UTF-8. `number` is the order in
-- which rows came, and the cursor of every list. No foreign keys: rows are only ever written by the statements beside
-- this file, reports and entries are never deleted, and intake should not pay for look-ups that cannot fail.

CREATE TABLE settings (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;

-- Bytes that reports and evidence stand on, each once. A table with its hash in an index beside it: large values in a
-- clustered index would make each search of it walk through them.
CREATE TABLE blobs (number INTEGER PRIMARY KEY, hash BLOB NOT NULL, bytes BLOB NOT NULL) STRICT;
CREATE UNIQUE INDEX blobs_by_hash ON blobs (hash);

-- The first arrival stands in the report itself. `identity` is the SHA-256 of what makes two arrivals the same report.
CREATE TABLE reports (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL,
  identity BLOB NOT NULL,
  received_at INTEGER NOT NULL,
  status TEXT NOT NULL,
  needs_person INTEGER NOT NULL,
  channel TEXT NOT NULL,
  content_type BLOB NOT NULL,
  hash BLOB NOT NULL,
  size INTEGER NOT NULL,
  arrivals INTEGER NOT NULL,
  token TEXT NOT NULL,
  reporter_domain BLOB NOT NULL,
  envelope_from BLOB NOT NULL,
  envelope_to BLOB NOT NULL,
  authenticated TEXT NOT NULL,
  reason BLOB NOT NULL,
  suggestion BLOB NOT NULL,
  claims INTEGER NOT NULL,
  lease_owner TEXT NOT NULL,
  leased_until INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX reports_by_id ON reports (id);
CREATE UNIQUE INDEX reports_by_identity ON reports (identity);
-- Nearly every report ends as `read`; the others are few, and the ones that are looked for.
CREATE INDEX reports_by_status ON reports (status, number) WHERE status <> 'read';
CREATE INDEX reports_for_person ON reports (number) WHERE needs_person = 1;
CREATE INDEX reports_by_token ON reports (token, number) WHERE token <> '';
CREATE INDEX reports_by_reporter ON reports (authenticated, number) WHERE authenticated <> '';

-- Second and later arrivals.
CREATE TABLE arrivals (
  report INTEGER NOT NULL,
  nth INTEGER NOT NULL,
  at INTEGER NOT NULL,
  channel TEXT NOT NULL,
  token TEXT NOT NULL,
  envelope_from BLOB NOT NULL,
  envelope_to BLOB NOT NULL,
  PRIMARY KEY (report, nth)
) STRICT, WITHOUT ROWID;

-- What reading made of a report, as JSON; apart from it, because it comes later and can be large.
CREATE TABLE readings (report INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT;

-- What is asked for stands in columns, the rest of the incident in `body` as JSON.
CREATE TABLE incidents (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL,
  report_id TEXT NOT NULL,
  ticket_id TEXT NOT NULL,
  seen_at INTEGER NOT NULL,
  body BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX incidents_by_id ON incidents (id);
CREATE INDEX incidents_by_report ON incidents (report_id, number);
CREATE INDEX incidents_by_ticket ON incidents (ticket_id, number) WHERE ticket_id <> '';

-- How many there are, counted as they change: counting rows would read all of them. Each node adds up in a slot of
-- its own, so that nodes do not wait for each other.
CREATE TABLE totals (
  what TEXT NOT NULL,
  slot INTEGER NOT NULL,
  amount INTEGER NOT NULL,
  PRIMARY KEY (what, slot)
) STRICT, WITHOUT ROWID;

-- `wake_at`: when the clock must look at the ticket; while somebody does, when their lease ends.
CREATE TABLE tickets (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL,
  version INTEGER NOT NULL,
  state TEXT NOT NULL,
  category TEXT NOT NULL,
  service_id TEXT NOT NULL,
  service_name TEXT NOT NULL,
  customer_id TEXT NOT NULL,
  customer_name TEXT NOT NULL,
  customer_email TEXT NOT NULL,
  addresses BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  opened_at INTEGER,
  respond_by INTEGER,
  fix_by INTEGER,
  answered_at INTEGER,
  claimed_at INTEGER,
  fix_left INTEGER,
  closed_at INTEGER,
  probation_until INTEGER,
  overdue_for INTEGER,
  reminded TEXT NOT NULL,
  ladder_next_at INTEGER,
  notice TEXT NOT NULL,
  required_actions TEXT NOT NULL,
  merged_into TEXT NOT NULL,
  reply_token TEXT NOT NULL,
  assigned_to TEXT NOT NULL,
  incident_count INTEGER NOT NULL,
  last_incident_at INTEGER,
  last_seq INTEGER NOT NULL,
  last_hash BLOB NOT NULL,
  measure_count INTEGER NOT NULL,
  deadline INTEGER,
  wake_at INTEGER,
  lease_owner TEXT NOT NULL,
  words TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX tickets_by_id ON tickets (id);
CREATE UNIQUE INDEX tickets_by_reply_token ON tickets (reply_token) WHERE reply_token <> '';
CREATE INDEX tickets_by_state ON tickets (state, number);
CREATE INDEX tickets_by_category ON tickets (category, number);
CREATE INDEX tickets_by_service ON tickets (service_id, category, number);
CREATE INDEX tickets_by_customer ON tickets (customer_id, number);
CREATE INDEX tickets_by_wake ON tickets (wake_at) WHERE wake_at IS NOT NULL;

-- Where two nodes meet that would each make a ticket of the same service and category.
CREATE TABLE joining (
  service_id TEXT NOT NULL,
  category TEXT NOT NULL,
  turn INTEGER NOT NULL,
  PRIMARY KEY (service_id, category)
) STRICT, WITHOUT ROWID;

-- `taken_at`: when policy took it by itself, for the brake; empty where a person decided.
CREATE TABLE measures (
  ticket_id TEXT NOT NULL,
  number INTEGER NOT NULL,
  kind TEXT NOT NULL,
  state TEXT NOT NULL,
  reason TEXT NOT NULL,
  decided_by TEXT NOT NULL,
  deliberate INTEGER NOT NULL,
  at INTEGER NOT NULL,
  taken_at INTEGER,
  PRIMARY KEY (ticket_id, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX measures_by_taken ON measures (taken_at) WHERE taken_at IS NOT NULL;

-- The history: append-only, hash-chained (model/entry.h). Who can write the file can drop the triggers; `abated history
-- verify` then finds what was changed.
CREATE TABLE entries (
  number INTEGER PRIMARY KEY,
  stream TEXT NOT NULL,
  seq INTEGER NOT NULL,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  kind TEXT NOT NULL,
  body TEXT NOT NULL,
  prev BLOB NOT NULL,
  hash BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX entries_by_stream ON entries (stream, seq);
CREATE TABLE heads (stream TEXT PRIMARY KEY, seq INTEGER NOT NULL, hash BLOB NOT NULL) STRICT, WITHOUT ROWID;
[sqlite:
CREATE TRIGGER entries_refuse_update BEFORE UPDATE ON entries
  BEGIN SELECT RAISE(ABORT, 'entries are append-only'); END;
CREATE TRIGGER entries_refuse_delete BEFORE DELETE ON entries
  BEGIN SELECT RAISE(ABORT, 'entries are append-only'); END;
]
[postgresql:
CREATE FUNCTION entries_refuse() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN RAISE EXCEPTION 'entries are append-only'; END $$;
CREATE TRIGGER entries_refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON entries
  FOR EACH STATEMENT EXECUTE FUNCTION entries_refuse();
]

-- Effects on the outside. Rows stay when they are done (without their payload): a key is used once for ever.
CREATE TABLE outbox (
  key TEXT PRIMARY KEY,
  state TEXT NOT NULL,
  kind TEXT NOT NULL,
  ticket_id TEXT NOT NULL,
  target BLOB NOT NULL,
  sender BLOB NOT NULL,
  payload BLOB NOT NULL,
  measure_number INTEGER NOT NULL,
  turn_on INTEGER NOT NULL,
  tries INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  wake_at INTEGER NOT NULL,
  lease_owner TEXT NOT NULL,
  last_error BLOB NOT NULL
) STRICT;
CREATE INDEX outbox_by_wake ON outbox (wake_at) WHERE state = 'waiting';
CREATE INDEX outbox_by_due ON outbox (due_at) WHERE state = 'waiting';
CREATE INDEX outbox_given_up ON outbox (due_at) WHERE state = 'given_up';
CREATE INDEX outbox_orders_open ON outbox (ticket_id, measure_number) WHERE kind = 'order' AND state <> 'done';

CREATE TABLE notices (
  number INTEGER PRIMARY KEY,
  token TEXT NOT NULL,
  ticket_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  recipient BLOB NOT NULL,
  message_id BLOB NOT NULL,
  subject BLOB NOT NULL,
  state TEXT NOT NULL,
  queued_at INTEGER NOT NULL,
  settled_at INTEGER,
  diagnostic BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX notices_by_token ON notices (token);
CREATE INDEX notices_by_ticket ON notices (ticket_id, number) WHERE ticket_id <> '';
CREATE INDEX notices_pointers ON notices (recipient, queued_at) WHERE kind = 'pointer';

CREATE TABLE users (
  email TEXT PRIMARY KEY,
  role TEXT NOT NULL,
  customer_id TEXT NOT NULL,
  password_hash TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE tokens (
  name TEXT PRIMARY KEY,
  scope TEXT NOT NULL,
  customer_id TEXT NOT NULL,
  reporter TEXT NOT NULL,
  secret TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX tokens_by_secret ON tokens (secret);

CREATE TABLE sessions (
  secret TEXT PRIMARY KEY,
  email TEXT NOT NULL,
  csrf TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_by_end ON sessions (expires_at);

CREATE TABLE failed_sign_ins (
  number INTEGER PRIMARY KEY,
  email TEXT NOT NULL,
  source TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX failed_sign_ins_by_email ON failed_sign_ins (email, at);
CREATE INDEX failed_sign_ins_by_source ON failed_sign_ins (source, at);
CREATE INDEX failed_sign_ins_by_time ON failed_sign_ins (at);

-- The ledger in generations. `state`: unseen (being filled), seen (the one that readers use), dropped (its rows are
-- swept a few at a time, up to swept_rows and swept_owners).
CREATE TABLE ledger_versions (
  version INTEGER PRIMARY KEY,
  state TEXT NOT NULL,
  size INTEGER NOT NULL,
  rows_end INTEGER NOT NULL,
  owners_end INTEGER NOT NULL,
  swept_rows INTEGER NOT NULL,
  swept_owners INTEGER NOT NULL
) STRICT;
CREATE TABLE ledger_owners (
  version INTEGER NOT NULL,
  ordinal INTEGER NOT NULL,
  service_id TEXT NOT NULL,
  service_name TEXT NOT NULL,
  customer_id TEXT NOT NULL,
  customer_name TEXT NOT NULL,
  customer_email TEXT NOT NULL,
  PRIMARY KEY (version, ordinal)
) STRICT, WITHOUT ROWID;
CREATE INDEX ledger_owners_by_service ON ledger_owners (version, service_id);
CREATE INDEX ledger_owners_by_customer ON ledger_owners (version, customer_id);
CREATE TABLE ledger_rows (
  version INTEGER NOT NULL,
  ordinal INTEGER NOT NULL,
  owner INTEGER NOT NULL,
  first BLOB NOT NULL,
  last BLOB NOT NULL,
  valid_from INTEGER NOT NULL,
  valid_until INTEGER,
  PRIMARY KEY (version, ordinal)
) STRICT, WITHOUT ROWID;
CREATE INDEX ledger_rows_by_owner ON ledger_rows (version, owner, ordinal);
