-- SPDX-License-Identifier: Apache-2.0
-- People, tokens, sessions.

-- name: insert_user
INSERT INTO users (email, role, customer_id, password_hash, created_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (email) DO NOTHING

-- name: user
SELECT email, role, customer_id, password_hash, created_at FROM users WHERE email = $1

-- name: users
SELECT email, role, customer_id, password_hash, created_at FROM users ORDER BY email

-- name: set_password_hash
UPDATE users SET password_hash = $2 WHERE email = $1

-- name: delete_user
DELETE FROM users WHERE email = $1

-- name: insert_token
INSERT INTO tokens (name, scope, customer_id, reporter, secret, created_at) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT DO NOTHING

-- name: token_by_secret
SELECT name, scope, customer_id, reporter, secret, created_at FROM tokens WHERE secret = $1

-- name: tokens
SELECT name, scope, customer_id, reporter, secret, created_at FROM tokens ORDER BY name

-- name: delete_token
DELETE FROM tokens WHERE name = $1

-- name: insert_session
INSERT INTO sessions (secret, email, csrf, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (secret) DO NOTHING

-- name: session
SELECT secret, email, csrf, created_at, expires_at FROM sessions WHERE secret = $1 AND expires_at > $2

-- name: end_session
DELETE FROM sessions WHERE secret = $1

-- name: end_sessions_of
DELETE FROM sessions WHERE email = $1 AND expires_at > $2

-- name: sweep_sessions
DELETE FROM sessions WHERE expires_at <= $1

-- name: insert_failed_sign_in
INSERT INTO failed_sign_ins (email, source, at) VALUES ($1, $2, $3)

-- name: sweep_failed_sign_ins
DELETE FROM failed_sign_ins WHERE at < $1

-- name: failed_sign_ins_of_email
SELECT count(*) FROM failed_sign_ins WHERE email = $1 AND at >= $2

-- name: failed_sign_ins_from
SELECT count(*) FROM failed_sign_ins WHERE source = $1 AND at >= $2

-- name: forget_failed_sign_ins
DELETE FROM failed_sign_ins WHERE email = $1

-- name: insert_ticket_token
INSERT INTO ticket_tokens (secret, ticket_id, made_at, expires_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (secret) DO NOTHING

-- name: ticket_token
SELECT secret, ticket_id, made_at, expires_at FROM ticket_tokens WHERE secret = $1 AND expires_at > $2

-- name: sweep_ticket_tokens
DELETE FROM ticket_tokens WHERE expires_at <= $1

-- name: end_older_ticket_tokens
DELETE FROM ticket_tokens WHERE ticket_id = $1 AND number <=
  (SELECT number FROM ticket_tokens WHERE ticket_id = $1 ORDER BY number DESC LIMIT 1 OFFSET $2)

-- name: end_ticket_tokens
DELETE FROM ticket_tokens WHERE ticket_id = $1

-- name: insert_taken_key
INSERT INTO taken_keys (key, said, at) VALUES ($1, $2, $3)
ON CONFLICT (key) DO NOTHING

-- name: taken_key
SELECT said FROM taken_keys WHERE key = $1

-- name: sweep_taken_keys
DELETE FROM taken_keys WHERE at < $1
