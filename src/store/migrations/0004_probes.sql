-- SPDX-License-Identifier: Apache-2.0
-- Which tickets are to be tried from outside, and when.

CREATE TABLE probes (
  ticket_id TEXT NOT NULL,
  why TEXT NOT NULL,
  due_at INTEGER NOT NULL,
  wake_at INTEGER NOT NULL,
  lease_owner TEXT NOT NULL,
  tries INTEGER NOT NULL,
  PRIMARY KEY (ticket_id, why)
) STRICT;
CREATE INDEX probes_by_wake ON probes (wake_at);
