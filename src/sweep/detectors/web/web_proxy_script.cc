// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "base/text.h"
#include "sweep/host/code/php.h"
#include "sweep/host/code/places.h"
#include "sweep/kit/detector.h"

namespace abate::sweep {
namespace {

void look(const FileView& file, Findings& out) {
  const PhpFile& php = php_file(file.path, file.bytes);
  if (file.site == nullptr || !php.is_php) return;
  const std::string_view bytes = file.bytes;
  bool known = bytes.find("glype") != std::string_view::npos || bytes.find("PHProxy") != std::string_view::npos ||
               bytes.find("Proxy\\Http\\Request") != std::string_view::npos;
  std::uint32_t line = 1;
  const std::vector<PhpToken>& tokens = php.tokens;
  if (!known) {
    for (std::size_t i = 0; i + 3 < tokens.size(); ++i) {
      const std::string name = to_lower(tokens[i].text);
      if (tokens[i].kind != PhpToken::Kind::name ||
          (name != "file_get_contents" && name != "curl_init" && name != "readfile" && name != "fopen"))
        continue;
      if (tokens[i + 1].text == "(" && (tokens[i + 2].text == "$_GET" || tokens[i + 2].text == "$_REQUEST") &&
          tokens[i + 3].text == "[")
        known = true, line = tokens[i].line;
    }
  }
  if (!known || php.checks_who_asks) return;
  Finding& finding = out.add(file_subject(file.path, line), "A script fetches whatever address a visitor names");
  finding.severity = file.host.ticket.category == Category::proxy ? Severity::malicious : Severity::suspicious;
  finding.evidence.push_back(excerpt_of_line(file.path, bytes, line));
  finding.role = "proxy";
}

constexpr Example kExamples[] = {{"any address", R"TREE(--- /var/www/html/p.php
<?php echo file_get_contents($_GET["url"]);
)TREE",
                                  1},
                                 {"a fixed address", R"TREE(--- /var/www/html/f.php
<?php echo file_get_contents("https://example.org/feed");
)TREE",
                                  0}};

}  // namespace

extern const Detector web_proxy_script_detector;
constinit const Detector web_proxy_script_detector{
    .id = "web_proxy_script",
    .area = Area::web,
    .severity = Severity::malicious,
    .title = "A script lets strangers surf through this server",
    .explain =
        R"TEXT(PHP web proxies fetch any address that a visitor names and show it: abuse then comes from your address. Known ones (Glype, PHProxy, php-proxy) are recognised by their marks; others by fetching an address from the request and printing it.
It is called malicious when the ticket is about a proxy.
What to do: remove it, or put it behind a password.)TEXT",
    .file = look,
    .examples = kExamples};

}  // namespace abate::sweep
