// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"
#include "sweep/host/config/open_door.h"

namespace abate::sweep {
namespace {

void look(const Host& host, Findings& out) {
  for (const std::string_view path : {"/etc/vsftpd.conf", "/etc/vsftpd/vsftpd.conf"}) {
    const auto settings = ini_settings(*host.tree, path, "#");
    const Setting* anonymous = last_of(settings, "anonymous_enable");
    if (anonymous == nullptr || !is_yes(anonymous->value)) continue;
    const bool writes = is_yes(value_of(settings, "write_enable")) && is_yes(value_of(settings, "anon_upload_enable"));
    Finding& finding = report_door(
        host, out, {.unit = "vsftpd.service", .programs = "/usr/sbin/vsftpd", .port = 21}, anonymous->at,
        writes ? "anybody may put files on this server by FTP" : "anybody may fetch files from this server by FTP");
    if (!writes) finding.severity = Severity::note;
  }
  const ConfigLine* anonymous = nullptr;
  bool writes = false;
  bool in_anonymous = false;
  bool allows = false;
  const auto lines = config_lines_with_includes(*host.tree, "/etc/proftpd/proftpd.conf", "Include");
  for (const ConfigLine& line : lines) {
    const std::string low = to_lower(line.text);
    if (low.starts_with("<anonymous")) in_anonymous = true, anonymous = &line;
    if (low.starts_with("</anonymous")) in_anonymous = false;
    if (in_anonymous && low.starts_with("<limit") &&
        (low.find("stor") != std::string::npos || low.find("write") != std::string::npos))
      allows = true;
    if (in_anonymous && allows && low.starts_with("allowall")) writes = true;
    if (low.starts_with("</limit")) allows = false;
  }
  if (anonymous != nullptr) {
    Finding& finding = report_door(
        host, out, {.unit = "proftpd.service", .programs = "/usr/sbin/proftpd", .port = 21}, *anonymous,
        writes ? "anybody may put files on this server by FTP" : "anybody may fetch files from this server by FTP");
    if (!writes) finding.severity = Severity::note;
  }
}

constexpr Example kExamples[] = {
    {"strangers may upload",
     R"x(--- /usr/sbin/vsftpd mode=0755
x
--- /etc/vsftpd.conf
anonymous_enable=YES
write_enable=YES
anon_upload_enable=YES
)x",
     1},
    {"as shipped",
     R"x(--- /usr/sbin/vsftpd mode=0755
x
--- /etc/vsftpd.conf
anonymous_enable=NO
local_enable=YES
)x",
     0},
};
}  // namespace
extern const Detector exposed_ftp_anonymous_detector;
constinit const Detector exposed_ftp_anonymous_detector{
    .id = "exposed_ftp_anonymous",
    .area = Area::mail_network,
    .severity = Severity::weak,
    .title = "Anonymous FTP",
    .explain =
        R"(FTP without a password. Where strangers may only fetch files this is a choice (a note); where they may also put
files there, the server becomes a drop box for stolen and illegal files. What to do: anonymous_enable=NO, or
anon_upload_enable=NO. False alarms: a public mirror, which is meant to be read.)",
    .host = look,
    .examples = kExamples,
};
}  // namespace abate::sweep
