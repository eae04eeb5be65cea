// SPDX-License-Identifier: Apache-2.0
// Log-ins of Debian 13: databases made with SQLite by the tables that wtmpdb and lastlog2 make.
#include "sweep/host/logs/login_databases.h"

#include <filesystem>

#include <gtest/gtest.h>
#include <sqlite3.h>

#include "sweep/host/disk_tree.h"
#include "sweep/host/logs/read_logs.h"
#include "sweep/host/open_host.h"

namespace abate::sweep {
namespace {

namespace fs = std::filesystem;

class LoginDatabases : public testing::Test {
 protected:
  LoginDatabases() {
    std::string name = (fs::temp_directory_path() / "abate-logins-XXXXXX").string();
    root_ = ::mkdtemp(name.data());
  }
  ~LoginDatabases() override { fs::remove_all(root_); }

  void make(const std::string& path, const char* sql) const {
    fs::create_directories((root_ / path).parent_path());
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open((root_ / path).c_str(), &database), SQLITE_OK);
    ASSERT_EQ(sqlite3_exec(database, sql, nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(database);
    sqlite3_close(database);
  }

  std::vector<std::string> read(Notes& notes) const {
    const auto tree = DiskTree::open_root(root_.string()).value();
    Host host;
    host.tree = tree.get();
    std::vector<std::string> told;
    static_cast<void>(read_events(
        host,
        [&](const Event& event) {
          const Login* login = as<Login>(event);
          told.push_back(fmt::format(
              "{} {} {}", event.program, format_rfc3339(*event.at),
              login == nullptr ? "boot"
                               : fmt::format("{} {}", login->user, login->client ? login->client->to_string() : "-")));
        },
        notes, [] { return false; }));
    return told;
  }

  fs::path root_;
};

TEST_F(LoginDatabases, tell_of_log_ins_and_boots) {
  make("var/lib/wtmpdb/wtmp.db",
       "CREATE TABLE wtmp(ID INTEGER PRIMARY KEY, Type INTEGER, User TEXT NOT NULL, Login INTEGER, Logout INTEGER, "
       "TTY TEXT, RemoteHost TEXT, Service TEXT) STRICT;"
       "INSERT INTO wtmp VALUES(1, 1, 'reboot', 1777622400000000, NULL, '~', '6.12', NULL);"
       "INSERT INTO wtmp VALUES(2, 3, 'anna', 1777622460000000, NULL, 'pts/0', '192.0.2.7', 'sshd');"
       "INSERT INTO wtmp VALUES(3, 3, 'root', 1777622520000000, NULL, 'tty1', NULL, 'login');"
       "INSERT INTO wtmp VALUES(4, 3, 'odd', -5, NULL, 'tty1', NULL, 'login');");
  make("var/lib/lastlog/lastlog2.db",
       "CREATE TABLE Lastlog2(Name TEXT PRIMARY KEY, Time INTEGER, TTY TEXT, RemoteHost TEXT, Service TEXT) STRICT;"
       "INSERT INTO Lastlog2 VALUES('anna', 1777622460, 'pts/0', '2001:db8::7', 'sshd');");
  Notes notes;
  std::vector<std::string> told = read(notes);
  std::ranges::sort(told);
  EXPECT_EQ(told,
            (std::vector<std::string>{"lastlog 2026-05-01T08:01:00Z anna 2001:db8::7", "wtmp 2026-05-01T08:00:00Z boot",
                                      "wtmp 2026-05-01T08:01:00Z anna 192.0.2.7", "wtmp 2026-05-01T08:02:00Z root -"}));
  EXPECT_TRUE(notes.all().empty());
}

TEST_F(LoginDatabases, of_another_kind_are_said) {
  make("var/lib/wtmpdb/wtmp.db", "CREATE TABLE other(x)");
  Notes notes;
  EXPECT_TRUE(read(notes).empty());
  ASSERT_EQ(notes.all().size(), 1U);
  EXPECT_EQ(notes.all().front().what, "/var/lib/wtmpdb/wtmp.db");
}

}  // namespace
}  // namespace abate::sweep
