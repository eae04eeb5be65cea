// SPDX-License-Identifier: Apache-2.0
// talk/authorities.h — where distributions keep the authorities that they trust; the first that is there. Internal to
// the room.
#pragma once

namespace abate::talk {

inline constexpr const char* kAuthorities[] = {"/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt",
                                               "/etc/ssl/ca-bundle.pem", "/etc/ssl/cert.pem"};

}  // namespace abate::talk
