// SPDX-License-Identifier: Apache-2.0
#include "support/postgres_cluster.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>

#include <fcntl.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <sys/wait.h>
#include <unistd.h>

namespace abate::test {
namespace {

constexpr const char* kBin = "/usr/lib/postgresql/15/bin/";

// The user that the server runs as: ourselves, or somebody unprivileged when we are root.
const char* owner() {
  if (geteuid() != 0) return nullptr;
  return getpwnam("postgres") != nullptr ? "postgres" : "nobody";
}

std::string quoted(const std::string& text) { return "'" + text + "'"; }

// Waits until our end of the pipe is closed, however the program ended, then stops the server and removes the folder.
void guard(int read_end, const std::string& folder, const char* user) {
  setsid();
  // Hold nothing that others wait for: pipes of the test runner in particular.
  for (int file = 0; file < 1024; ++file)
    if (file != read_end) close(file);
  char byte = 0;
  while (read(read_end, &byte, 1) > 0) {
  }
  std::string stop =
      std::string{kBin} + "pg_ctl -D " + folder + "/data -m immediate -w stop >/dev/null 2>&1 </dev/null";
  if (user != nullptr) stop = std::string{"runuser -u "} + user + " -- " + stop;
  std::string all = stop + "; rm -rf " + folder;
  execl("/bin/sh", "sh", "-c", all.c_str(), nullptr);
  _exit(1);
}

}  // namespace

PostgresCluster::PostgresCluster() {
  std::string name = (std::filesystem::temp_directory_path() / "abate-pg-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
  folder_ = name;
  const char* user = owner();
  if (user != nullptr) {
    const passwd* who = getpwnam(user);
    if (who == nullptr || chown(folder_.c_str(), who->pw_uid, who->pw_gid) != 0)
      throw std::runtime_error("the folder of the cluster could not be given away");
  }
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  const pid_t child = fork();
  if (child == 0) {
    if (fork() == 0) guard(ends[0], folder_, user);
    _exit(0);
  }
  waitpid(child, nullptr, 0);
  close(ends[0]);
  guard_pipe_ = ends[1];
  run(std::string{kBin} + "initdb -D " + folder_ + "/data -U abate -A trust -E UTF8 --locale=C --no-sync");
  start();
}

void PostgresCluster::start() {
  // No TCP at all; no waiting for the disk: what a test breaks is the process, not the machine.
  const std::string options = "-c listen_addresses= -c unix_socket_directories=" + folder_ +
                              " -c fsync=off -c full_page_writes=off -c max_connections=60 -c shared_buffers=32MB"
                              " -c autovacuum=off -c logging_collector=off -c log_min_messages=fatal";
  run(std::string{kBin} + "pg_ctl -D " + folder_ + "/data -w -t 30 -l " + folder_ + "/log -o \"" + options +
      "\" start");
}

void PostgresCluster::stop(bool at_once) {
  run(std::string{kBin} + "pg_ctl -D " + folder_ + "/data -w -t 30 -m " + (at_once ? "immediate" : "fast") + " stop");
}

PostgresCluster::~PostgresCluster() {
  try {
    stop(true);
  } catch (const std::exception&) {  // a test may have stopped it
  }
  close(guard_pipe_);
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

void PostgresCluster::run(const std::string& as_owner) const {
  const char* user = owner();
  std::string command = user == nullptr ? as_owner : std::string{"runuser -u "} + user + " -- " + as_owner;
  command = "cd / && " + command + " </dev/null >>" + quoted(folder_ + "/run.log") + " 2>&1";
  if (std::system(command.c_str()) == 0) return;
  std::string said;
  if (std::FILE* log = std::fopen((folder_ + "/run.log").c_str(), "r")) {
    for (int c = 0; (c = std::fgetc(log)) != EOF;) said.push_back(static_cast<char>(c));
    std::fclose(log);
  }
  throw std::runtime_error("PostgreSQL for the tests: " + as_owner + "\n" + said);
}

std::string PostgresCluster::url(const std::string& database) const {
  return "postgresql://abate@/" + database + "?host=" + folder_;
}

std::string PostgresCluster::new_database(const std::string& like) {
  const std::string name = "d" + std::to_string(++made_);
  PGconn* const connection = PQconnectdb(url("postgres").c_str());
  const std::string sql = "CREATE DATABASE " + name + (like.empty() ? "" : " TEMPLATE " + like);
  PGresult* const done = PQexec(connection, sql.c_str());
  const bool made = PQresultStatus(done) == PGRES_COMMAND_OK;
  const std::string words = PQerrorMessage(connection);
  PQclear(done);
  PQfinish(connection);
  if (!made) throw std::runtime_error("PostgreSQL for the tests: " + words);
  return url(name);
}

PostgresCluster& postgres_cluster() {
  static PostgresCluster cluster;
  return cluster;
}

}  // namespace abate::test
