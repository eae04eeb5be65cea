// SPDX-License-Identifier: Apache-2.0
// /demo/mail: what the desk wrote to customers, in a demo whose mails go to a folder and never out. Team only: notices
// name customers and hold their tickets' reply tokens.
#include <algorithm>
#include <fstream>
#include <sstream>

#include <fmt/format.h>

#include "base/text.h"
#include "web/pages/mail_file.h"
#include "web/pages/site.h"

namespace abate::web {
namespace {

namespace fs = std::filesystem;
constexpr std::size_t kMailsShownMax = 200;
constexpr std::size_t kMailBytesMax = 1024 * 1024;

bool plain_name(std::string_view name) {
  constexpr std::string_view kAllowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-+=,:@";
  return !name.empty() && !name.starts_with('.') && name.find_first_not_of(kAllowed) == name.npos;
}

// The folder itself, and new/ and cur/ where it is a Maildir.
std::vector<fs::path> folders(const fs::path& root) { return {root, root / "new", root / "cur"}; }

std::optional<std::string> read_named(const fs::path& root, std::string_view name) {
  if (!plain_name(name)) return std::nullopt;
  for (const fs::path& folder : folders(root)) {
    std::error_code error;
    const fs::path path = folder / name;
    if (!fs::is_regular_file(fs::symlink_status(path, error))) continue;
    std::ifstream file{path, std::ios::binary};
    std::string bytes(kMailBytesMax, '\0');
    file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    bytes.resize(static_cast<std::size_t>(file.gcount()));
    return bytes;
  }
  return std::nullopt;
}

struct Listed {
  std::string name;
  fs::file_time_type at;
};

std::vector<Listed> newest_first(const fs::path& root) {
  std::vector<Listed> all;
  for (const fs::path& folder : folders(root)) {
    std::error_code error;
    for (fs::directory_iterator at{folder, error}, end; !error && at != end; at.increment(error)) {
      std::error_code ignored;
      if (at->is_regular_file(ignored) && plain_name(at->path().filename().string()))
        all.push_back({at->path().filename().string(), at->last_write_time(ignored)});
    }
  }
  std::ranges::sort(all, [](const Listed& a, const Listed& b) { return a.at != b.at ? a.at > b.at : a.name > b.name; });
  if (all.size() > kMailsShownMax) all.resize(kMailsShownMax);
  return all;
}

std::string subject_of(const MailFile& mail) {
  const std::string subject = mail.header("Subject");
  return subject.empty() ? "(no subject)" : subject;
}

Response show_list(const Site& site, const Request& request) {
  Sheet sheet;
  Part main = framed(sheet, frame_of(site, request, "Demo mail", "mail"), "mails.html");
  const std::vector<Listed> all = newest_first(site.options.demo_mail_folder);
  for (const Listed& listed : all) {
    const MailFile mail = read_mail_file(read_named(site.options.demo_mail_folder, listed.name).value_or(""));
    Part row = main.add("MAIL");
    row.set("MAIL_URL", "/demo/mail/" + percent_encode(listed.name));
    row.set("SUBJECT", shorten(subject_of(mail), 200)).set("TO", mail.header("To")).set("DATE", mail.header("Date"));
  }
  main.show_if(!all.empty(), "MAILS");
  return html(200, sheet.render("layout.html"));
}

Response show(const Site& site, const Request& request) {
  const std::string& name = request.captures.at("name");
  const std::optional<std::string> bytes = read_named(site.options.demo_mail_folder, name);
  if (!bytes) return error_page(site, request, 404);
  const MailFile mail = read_mail_file(*bytes);
  Sheet sheet;
  Part main = framed(sheet, frame_of(site, request, subject_of(mail), "mail"), "mail.html");
  main.set("SUBJECT", subject_of(mail));
  for (const auto& [key, value] : mail.headers) main.add("HEADER").set("HEADER_NAME", key).set("HEADER_VALUE", value);
  if (!mail.plain.empty()) main.add("PLAIN").set("PLAIN_BODY", mail.plain);
  if (!mail.html.empty())
    main.add("HTML_PART").set("FRAME_URL", fmt::format("/demo/mail/{}/html", percent_encode(name)));
  return html(200, sheet.render("layout.html"));
}

// Shown in a sandboxed frame: no scripts, no forms, no links out of it, nothing fetched; even when it is opened alone.
Response show_html(const Site& site, const Request& request) {
  const std::optional<std::string> bytes = read_named(site.options.demo_mail_folder, request.captures.at("name"));
  if (!bytes) return error_page(site, request, 404);
  Response out = html(200, make_valid_utf8(read_mail_file(*bytes).html));
  out.headers = {
      {"Content-Security-Policy", "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"},
      {"X-Content-Type-Options", "nosniff"},
      {"Cache-Control", "no-store"},
      {"Referrer-Policy", "no-referrer"}};
  return out;
}

}  // namespace

void add_demo_mail_pages(Routes& routes, const SitePtr& site) {
  routes.add("GET", "/demo/mail", page(site, Door::team, show_list));
  routes.add("GET", "/demo/mail/{name}", page(site, Door::team, show));
  routes.add("GET", "/demo/mail/{name}/html", page(site, Door::team, show_html));
}

}  // namespace abate::web
