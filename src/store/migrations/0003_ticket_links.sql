-- SPDX-License-Identifier: Apache-2.0
-- The customer's way in by a link, and what was taken under an Idempotency-Key.

-- Tokens for one ticket each, by the SHA-256 of their secret.
CREATE TABLE ticket_tokens (
  number INTEGER PRIMARY KEY,
  secret TEXT NOT NULL,
  ticket_id TEXT NOT NULL,
  made_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX ticket_tokens_by_secret ON ticket_tokens (secret);
CREATE INDEX ticket_tokens_by_ticket ON ticket_tokens (ticket_id, number);
CREATE INDEX ticket_tokens_by_end ON ticket_tokens (expires_at);

-- `key`: SHA-256 of the ticket, of who said it and of their key; `said`: SHA-256 of what was said under it.
CREATE TABLE taken_keys (
  key TEXT PRIMARY KEY,
  said TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX taken_keys_by_time ON taken_keys (at);
