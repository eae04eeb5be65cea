// SPDX-License-Identifier: Apache-2.0
// remedy/mailbox.h — where a mailbox's password is kept, and how it is locked there so that mail still arrives.
//
// A system account: /etc/shadow. A line of a password file: Dovecot's and Exim's own (/etc/dovecot/users,
// /etc/exim4/passwd), cPanel's /home/USER/etc/DOMAIN/shadow, DirectAdmin's /etc/virtual/DOMAIN/passwd: a "!" before the
// hash, which then fits no password; the line stays, so the mailbox goes on existing. A database: the words to change
// it, with the table and the columns that Dovecot's own query names. Pure.
#pragma once

#include <string>

#include "base/result.h"
#include "remedy/change.h"
#include "sweep/kit/host.h"

namespace abate::remedy {

Result<Work> lock_mailbox_work(const sweep::Host& host, const std::string& mailbox);

}  // namespace abate::remedy
