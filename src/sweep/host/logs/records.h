// SPDX-License-Identifier: Apache-2.0
// sweep/host/logs/records.h — binary log-in records of glibc's 64-bit Linux: wtmp, btmp, utmp (384 bytes each) and
// lastlog (292 bytes an account, by uid). Little-endian. A last record that is cut is left out.
#pragma once

#include <functional>

#include "sweep/host/logs/stream.h"
#include "sweep/kit/event.h"

namespace abate::sweep {

// Log-ins come as Login of service `other` (what they tell, sshd tells too), boots as UnitChange "boot".
void read_login_records(ByteSource& source, std::string_view path, const std::function<void(const Event&)>& to);
void read_last_logins(ByteSource& source, const Host& host, std::string_view path,
                      const std::function<void(const Event&)>& to);

}  // namespace abate::sweep
