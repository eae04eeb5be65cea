-- SPDX-License-Identifier: Apache-2.0
-- A person found a report to be false, and hurtful to a customer (B4).
ALTER TABLE reports ADD COLUMN harmful INTEGER NOT NULL DEFAULT 0;
