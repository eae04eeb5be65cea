// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/text.h"
#include "sweep/host/logs/watching.h"
#include "sweep/kit/detector.h"
#include "sweep/kit/target.h"

namespace abate::sweep {
namespace {

constexpr std::size_t kFilesMax = 4000;
constexpr std::size_t kClientsMax = 12;
constexpr std::size_t kFewClients = 6;
constexpr auto kFresh = std::chrono::hours{24};

// Folders of content and caches: their own programs write data there, not programs.
bool is_odd_place(std::string_view path) {
  const std::string lower = to_lower(path);
  for (const std::string_view folder :
       {"/uploads/", "/upload/", "/cache/", "/images/", "/img/", "/tmp/", "/temp/", "/languages/", "/css/", "/js/",
        "/fonts/", "/media/", "/files/", "/.well-known/", "/pictures/", "/backup/", "/assets/"})
    if (lower.find(folder) != std::string::npos) return true;
  return lower.find("/.") != std::string::npos || lower.find(".jpg.php") != std::string::npos ||
         lower.find(".png.php") != std::string::npos || lower.find(".gif.php") != std::string::npos;
}

bool is_php(std::string_view target) {
  target = target.substr(0, target.find('?'));
  const std::size_t at = target.find(".ph");
  return at != std::string_view::npos;
}

class Watcher final : public LogWatcher {
 public:
  explicit Watcher(const Host& host) : host_{host} {}
  void see(const Event& event) override {
    const Request* request = as<Request>(event);
    if (request == nullptr || request->method != "POST" || request->status < 200 || request->status > 299 || !event.at)
      return;
    if (!is_php(request->target) || !is_outside(host_, request->client)) return;
    const std::string path = file_of_request(host_, event.origin.path, request->site, request->target);
    if (path.empty()) return;
    auto found = files_.find(path);
    if (found == files_.end()) {
      if (files_.size() >= kFilesMax || is_core(path)) return;
      found = files_.emplace(path, File{}).first;
      found->second.first = *event.at;
    }
    File& file = found->second;
    ++file.posts;
    file.first = std::min(file.first, *event.at);
    file.evidence.add(event);
    if (file.clients.size() <= kClientsMax) file.clients.insert(*request->client);
  }
  void finish(Findings& out) override {
    for (const auto& [path, file] : files_) {
      if (host_.packages->owns(path)) continue;
      const Result<Stat> stat = host_.tree->stat_through_links(path);
      if (!stat && file.posts < 2) continue;
      const bool odd = is_odd_place(path);
      // Written shortly before it was first spoken to, or gone by now.
      const bool fresh = stat && stat->kind == NodeKind::file && stat->modified <= file.first + kFresh &&
                         stat->modified >= file.first - kFresh;
      if (file.clients.size() > kFewClients || (!odd && !fresh && stat)) continue;
      if (!odd && !stat && file.posts < 5) continue;
      Finding& finding =
          out.add(file_subject(path), fmt::format("{} POST requests from {} address{} were answered by a script that "
                                                  "belongs to no application{}, first on {}",
                                                  file.posts, file.clients.size(), file.clients.size() == 1 ? "" : "es",
                                                  !stat ? " and is gone by now"
                                                  : odd ? " and lies where content is kept"
                                                        : " and had just been written",
                                                  when(file.first)));
      finding.at = file.first;
      file.evidence.into(finding);
      for (const IpAddress& client : file.clients) finding.addresses.push_back(client.to_string());
      if (stat) finding.uid = stat->uid;
      finding.role = "called_script";
    }
  }

 private:
  struct File {
    Instant first;
    std::uint32_t posts = 0;
    std::set<IpAddress> clients;
    Evidence evidence;
  };
  static bool is_core(std::string_view path) {
    for (const std::string_view part :
         {"/wp-admin/", "/wp-includes/", "/administrator/", "/phpmyadmin/", "/roundcube/"})
      if (path.find(part) != std::string_view::npos) return true;
    for (const std::string_view name : {"wp-login.php", "wp-cron.php", "xmlrpc.php", "wp-comments-post.php",
                                        "index.php", "admin-ajax.php", "wp-signup.php"})
      if (file_name(path) == name && !is_odd_place(path)) return true;
    return false;
  }

  const Host& host_;
  std::map<std::string, File, std::less<>> files_;
};

std::unique_ptr<LogWatcher> watch(const Host& host) { return std::make_unique<Watcher>(host); }

constexpr Example kExamples[] = {
    {"a script among the pictures",
     "--- /var/log/apache2/access.log\n"
     "192.0.2.7 - - [10/May/2026:00:01:01 +0000] \"POST /wp-content/uploads/2026/x.php HTTP/1.1\" 200 41 \"-\" \"-\"\n"
     "192.0.2.7 - - [10/May/2026:00:01:09 +0000] \"POST /wp-content/uploads/2026/x.php HTTP/1.1\" 200 41 \"-\" \"-\"\n"
     "--- /etc/apache2/sites-enabled/a.conf\n"
     "<VirtualHost *:80>\nServerName a.example\nDocumentRoot /var/www/html\nCustomLog /var/log/apache2/access.log "
     "combined\n</VirtualHost>\n"
     "--- /etc/apache2/apache2.conf\nIncludeOptional sites-enabled/*.conf\n"
     "--- /var/www/html/wp-content/uploads/2026/x.php\n<?php\n",
     1},
    {"a contact form",
     "--- /var/log/apache2/access.log\n"
     "192.0.2.7 - - [10/May/2026:00:01:01 +0000] \"POST /contact/send.php HTTP/1.1\" 200 41 \"-\" \"-\"\n"
     "--- /etc/apache2/sites-enabled/a.conf\n"
     "<VirtualHost *:80>\nServerName a.example\nDocumentRoot /var/www/html\nCustomLog /var/log/apache2/access.log "
     "combined\n</VirtualHost>\n"
     "--- /etc/apache2/apache2.conf\nIncludeOptional sites-enabled/*.conf\n"
     "--- /var/www/html/contact/send.php mtime=2024-01-01T00:00:00Z\n<?php\n",
     0},
};

}  // namespace

extern const Detector post_to_stray_file_detector;
constinit const Detector post_to_stray_file_detector{
    .id = "post_to_stray_file",
    .area = Area::web,
    .severity = Severity::suspicious,
    .title = "Requests with data to a script that belongs to no application",
    .explain =
        R"(Shells and mailers are driven by POST requests from one or a few addresses. This script lies where content is
kept (uploads, caches, pictures), or was written just before it was first called, or is gone by now. False alarms: scripts
of the owner that collect something; applications that keep scripts in odd folders. What to do: look at the script and at
all else that these addresses did; if nobody of yours knows it, set it aside and look for the way it came.)",
    .watch = watch,
    .examples = kExamples};

}  // namespace abate::sweep
