// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/config/open_door.h"

namespace abate::sweep {
namespace {

void look(const Host& host, Findings& out) {
  for (const std::string_view path : {"/var/lib/jenkins/config.xml", "/var/jenkins_home/config.xml"})
    for (const ConfigLine& line : config_lines(*host.tree, path, ""))
      if (line.text.find("<useSecurity>false") != std::string::npos ||
          line.text.find("AuthorizationStrategy$Unsecured") != std::string::npos) {
        report_door(host, out,
                    {.unit = "jenkins.service",
                     .programs = "/usr/bin/jenkins /usr/share/java/jenkins.war /usr/share/jenkins/jenkins.war",
                     .port = 8080},
                    line, "whoever reaches Jenkins may run commands on this server: it asks for no log-in");
        break;
      }
}

constexpr Example kExamples[] = {
    {"security is off",
     R"x(--- /usr/bin/jenkins mode=0755
x
--- /var/lib/jenkins/config.xml
<hudson>
<useSecurity>false</useSecurity>
</hudson>
)x",
     1},
    {"security is on",
     R"x(--- /usr/bin/jenkins mode=0755
x
--- /var/lib/jenkins/config.xml
<hudson>
<useSecurity>true</useSecurity>
</hudson>
)x",
     0},
};
}  // namespace
extern const Detector exposed_jenkins_detector;
constinit const Detector exposed_jenkins_detector{
    .id = "exposed_jenkins",
    .area = Area::mail_network,
    .severity = Severity::weak,
    .title = "Jenkins without log-in",
    .explain =
        R"(Jenkins runs whatever its users tell it to. With its security switched off everybody is such a user, and robots
look for that. False alarms: a port that a firewall elsewhere closes. What to do: switch security on, and look
for jobs that you do not know.)",
    .host = look,
    .examples = kExamples,
};
}  // namespace abate::sweep
