// SPDX-License-Identifier: Apache-2.0
// bench/intake — feedback reports of 8 KB through LMTP into SQLite, read and attributed: reports a second and core, as
// a ratio to bare GMime parsing of the same mails in the same run.
//
// A whole `abated serve` is started on a temporary folder with a ledger that holds every address of the mails. The
// cores that it used are told by the kernel (its own and its reading children's processor time); the sender's time is
// not counted. Checked: every mail acknowledged is one report, every incident is attributed as the generator says.
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <thread>

#include <arpa/inet.h>
#include <fcntl.h>
#include <gmime/gmime.h>
#include <spawn.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "arf_mails.h"

namespace {

using abate::bench::ArfMail;
using abate::bench::ArfMails;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kMails = 100'000;
constexpr std::size_t kMailsQuick = 2'000;
constexpr std::size_t kConnections = 4;
constexpr std::size_t kInFlight = 64;  // mails a connection sends before it waits for answers
constexpr double kGoal = 0.7;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

double processor_seconds(const rusage& usage) {
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

// Bare GMime: parse to a tree, as every reader must at least. Reports a processor second.
double gmime_rate(const std::vector<ArfMail>& mails) {
  const std::size_t some = std::min<std::size_t>(mails.size(), 20'000);
  rusage before{}, after{};
  getrusage(RUSAGE_SELF, &before);
  std::size_t parts = 0;
  for (std::size_t i = 0; i < some; ++i) {
    GMimeStream* stream = g_mime_stream_mem_new_with_buffer(mails[i].bytes.data(), mails[i].bytes.size());
    GMimeParser* parser = g_mime_parser_new_with_stream(stream);
    GMimeMessage* message = g_mime_parser_construct_message(parser, nullptr);
    parts += g_mime_message_get_mime_part(message) != nullptr ? 1U : 0U;
    g_object_unref(message);
    g_object_unref(parser);
    g_object_unref(stream);
  }
  getrusage(RUSAGE_SELF, &after);
  if (parts != some) return 0;
  return static_cast<double>(some) / (processor_seconds(after) - processor_seconds(before));
}

int free_port() {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  bind(fd, reinterpret_cast<sockaddr*>(&address), size);
  getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
  close(fd);
  return ntohs(address.sin_port);
}

int connect_to(int port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  if (connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) return fd;
  close(fd);
  return -1;
}

bool send_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t put = send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (put <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
  return true;
}

class Lines {  // the server's answers, line by line
 public:
  explicit Lines(int fd) : fd_{fd} {}
  bool next(std::string& line) {
    for (;;) {
      if (const std::size_t end = held_.find('\n', at_); end != held_.npos) {
        line = held_.substr(at_, end - at_);
        at_ = end + 1;
        return true;
      }
      held_.erase(0, at_);
      at_ = 0;
      std::array<char, 16384> chunk;
      const ssize_t got = recv(fd_, chunk.data(), chunk.size(), 0);
      if (got <= 0) return false;
      held_.append(chunk.data(), static_cast<std::size_t>(got));
    }
  }

 private:
  int fd_;
  std::string held_;
  std::size_t at_ = 0;
};

std::string stuffed(const std::string& mail) {
  std::string out;
  if (mail.starts_with('.')) out += '.';
  std::size_t from = 0;
  for (std::size_t at = 0; (at = mail.find("\r\n.", at)) != mail.npos; at += 3) {
    out += mail.substr(from, at + 3 - from) + '.';
    from = at + 3;
  }
  return out + mail.substr(from) + (mail.ends_with("\r\n") ? ".\r\n" : "\r\n.\r\n");
}

// Sends its share, `kInFlight` at a time; returns how many were acknowledged.
std::size_t deliver(int port, const std::vector<ArfMail>& mails, std::size_t first, std::size_t step) {
  const int fd = connect_to(port);
  if (fd < 0) return 0;
  Lines lines{fd};
  std::string line;
  std::size_t kept = 0;
  if (!lines.next(line) || !send_all(fd, "LHLO bench.example\r\n")) return 0;
  while (lines.next(line) && line.size() > 3 && line[3] == '-') {
  }
  for (std::size_t i = first; i < mails.size();) {
    std::string batch;
    std::size_t sent = 0;
    for (; i < mails.size() && sent < kInFlight; i += step, ++sent)
      batch += "MAIL FROM:<fbl@example.net>\r\nRCPT TO:<abuse@example.net>\r\nDATA\r\n" + stuffed(mails[i].bytes);
    if (!send_all(fd, batch)) break;
    for (std::size_t got = 0; got < sent * 4; ++got) {
      if (!lines.next(line)) return kept;
      kept += line.starts_with("250 2.0.0") ? 1U : 0U;
    }
  }
  send_all(fd, "QUIT\r\n");
  close(fd);
  return kept;
}

class Desk {  // one `abated serve` on a folder of its own
 public:
  Desk() {
    std::string name = (std::filesystem::temp_directory_path() / "abate-intake-XXXXXX").string();
    folder_ = mkdtemp(name.data());
    lmtp_ = free_port();
    std::ofstream config{folder_ / "abated.toml"};
    config << "[store]\nurl = \"sqlite:" << (folder_ / "desk.db").string()
           << "\"\n[http]\nlisten = \"127.0.0.1:" << free_port() << "\"\n[lmtp]\nlisten = \"127.0.0.1:" << lmtp_
           << "\"\n[smtp]\nurl = \"folder:" << (folder_ / "mail").string() << "\"\n[reading]\nworkers = 2\n";
    std::ofstream ledger{folder_ / "ledger.csv"};
    ledger << "range,from,until,service_id,service_name,customer_id,customer_name,customer_email\n";
    for (int net = 0; net < 256; ++net)
      ledger << net << ".0.0.0/8,2020-01-01T00:00:00Z,,vps-" << net << ",s,c-" << net << ",C,c@example.net\n";
    ledger << "2001:db8::/32,2020-01-01T00:00:00Z,,vps-6,s,c-6,C,c@example.net\n";
  }
  ~Desk() {
    stop();
    std::filesystem::remove_all(folder_);
  }
  Desk(const Desk&) = delete;
  Desk& operator=(const Desk&) = delete;

  void start() {
    run({"assignments", "import", (folder_ / "ledger.csv").string()}, true);
    child_ = run({"serve"}, false);
    for (int tries = 0; tries < 2'000; ++tries) {
      if (const int fd = connect_to(lmtp_); fd >= 0) {
        close(fd);
        return;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds{10});
    }
  }
  // Ends it; returns its processor time with that of its readers.
  double stop() {
    if (child_ <= 0) return 0;
    kill(child_, SIGTERM);
    rusage usage{};
    int status = 0;
    wait4(child_, &status, 0, &usage);
    child_ = -1;
    return processor_seconds(usage);
  }
  [[nodiscard]] int lmtp() const { return lmtp_; }
  [[nodiscard]] std::size_t count(const std::string& sql) const {
    sqlite3* db = nullptr;
    sqlite3_stmt* statement = nullptr;
    std::size_t out = 0;
    if (sqlite3_open_v2((folder_ / "desk.db").c_str(), &db, SQLITE_OPEN_READONLY, nullptr) == SQLITE_OK &&
        sqlite3_prepare_v2(db, sql.c_str(), -1, &statement, nullptr) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW)
      out = static_cast<std::size_t>(sqlite3_column_int64(statement, 0));
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return out;
  }

 private:
  pid_t run(std::vector<std::string> words, bool wait) {
    words.insert(words.begin(), ABATE_BIN_DIR "/abated");
    words.insert(words.end(), {"--config", (folder_ / "abated.toml").string()});
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    posix_spawn_file_actions_t quiet;
    posix_spawn_file_actions_init(&quiet);
    posix_spawn_file_actions_addopen(&quiet, 1, (folder_ / "log").c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    posix_spawn_file_actions_adddup2(&quiet, 1, 2);
    pid_t child = -1;
    posix_spawn(&child, argv[0], &quiet, nullptr, argv.data(), environ);
    posix_spawn_file_actions_destroy(&quiet);
    int status = 0;
    if (wait) waitpid(child, &status, 0);
    return child;
  }

  std::filesystem::path folder_;
  int lmtp_ = 0;
  pid_t child_ = -1;
};

}  // namespace

int main(int argc, char** argv) {
  const bool quick = argc > 1 && std::strcmp(argv[1], "--quick") == 0;
  g_mime_init();
  std::vector<ArfMail> mails;
  ArfMails generator{42};
  std::size_t count = quick ? kMailsQuick : kMails;
  if (argc > 2 && std::strcmp(argv[1], "--mails") == 0) count = std::strtoul(argv[2], nullptr, 10);
  for (; count > 0; --count) mails.push_back(generator.next());

  const double bare = gmime_rate(mails);
  Desk desk;
  desk.start();
  const Clock::time_point begun = Clock::now();
  std::array<std::size_t, kConnections> kept{};
  std::vector<std::thread> senders;
  for (std::size_t i = 0; i < kConnections; ++i)
    senders.emplace_back([&, i] { kept[i] = deliver(desk.lmtp(), mails, i, kConnections); });
  for (std::thread& sender : senders) sender.join();
  const double kept_seconds = seconds_since(begun);
  // A backlog is read on; the processor time of waiting for it is its own.
  const std::string waiting = "SELECT count(*) FROM reports WHERE status = 'received' AND status <> 'read'";
  while (desk.count(waiting) > 0 && seconds_since(begun) < 600)
    std::this_thread::sleep_for(std::chrono::milliseconds{50});
  const double all_seconds = seconds_since(begun);
  const double used = desk.stop();

  std::size_t acknowledged = 0;
  for (const std::size_t one : kept) acknowledged += one;
  const std::size_t reports = desk.count("SELECT count(*) FROM reports WHERE status = 'read'");
  const std::size_t placed = desk.count("SELECT count(*) FROM incidents WHERE ticket_id <> ''");
  const bool checked = acknowledged == mails.size() && reports == mails.size() && placed == mails.size() && bare > 0;
  const double rate = static_cast<double>(reports) / used;
  std::printf("mails %zu acknowledged %zu read %zu in tickets %zu\n", mails.size(), acknowledged, reports, placed);
  std::printf("kept in %.1f s, read and placed in %.1f s (%.0f reports/s), %.1f processor seconds\n", kept_seconds,
              all_seconds, static_cast<double>(reports) / all_seconds, used);
  std::printf("bare GMime: %.0f reports a processor second\n", bare);
  std::printf("intake figure=%.0f unit=reports/s/core ratio=%.2f against=gmime goal=%.1f checked=%s\n", rate,
              rate / bare, kGoal, checked ? "yes" : "no");
  return checked ? 0 : 1;
}
