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

-- name: insert_token
INSERT INTO tokens (name, scope, customer_id, reporter, secret, created_at) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT DO NOTHING

-- name: token_by_secret
SELECT name, scope, customer_id, reporter, secret, created_at FROM tokens WHERE secret = $1

-- name: insert_session
INSERT INTO sessions (secret, email, csrf, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (secret) DO NOTHING

-- name: session
SELECT secret, email, csrf, created_at, expires_at FROM sessions WHERE secret = $1 AND expires_at > $2

-- name: end_session
DELETE FROM sessions WHERE secret = $1

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
