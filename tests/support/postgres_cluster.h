// SPDX-License-Identifier: Apache-2.0
// A real PostgreSQL for tests: one cluster a test program, in a temporary folder, reached by a unix socket there only.
//
//   const std::string url = abate::test::postgres_cluster().new_database();   // "postgresql:///d1?host=/tmp/..."
//
// Started when first asked for, as an unprivileged user when the tests run as root (PostgreSQL refuses root). Stopped
// and removed when the program ends, also after a failed test; a program that is killed leaves no server behind either:
// the server watches a pipe that only the program holds open.
#pragma once

#include <string>

namespace abate::test {

class PostgresCluster {
 public:
  PostgresCluster();
  ~PostgresCluster();
  PostgresCluster(const PostgresCluster&) = delete;
  PostgresCluster& operator=(const PostgresCluster&) = delete;

  // Of its own name; empty, or like another that nobody is connected to ("d1").
  std::string new_database(const std::string& like = {});
  [[nodiscard]] std::string url(const std::string& database) const;
  void stop(bool at_once);  // at_once: as after a power cut
  void start();

 private:
  void run(const std::string& as_owner) const;  // throws std::runtime_error with what it printed

  std::string folder_;
  int made_ = 0;
  int guard_pipe_ = -1;
};

PostgresCluster& postgres_cluster();

}  // namespace abate::test
