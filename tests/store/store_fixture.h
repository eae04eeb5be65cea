// SPDX-License-Identifier: Apache-2.0
// What every test of the store stands on: a fresh, empty database of each engine, removed afterwards.
#pragma once

#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "desk/ports/store.h"
#include "store/connection.h"
#include "store/open_store.h"

namespace abate::store {

inline const Instant kNow = from_micros(1'767'323'045'000'000);  // 2026-01-02T03:04:05Z

// A database that nobody has written to. Removed with the object.
class FreshDatabase {
 public:
  enum class Holds { nothing, schema };
  explicit FreshDatabase(Engine engine, Holds holds = Holds::nothing);
  ~FreshDatabase();
  FreshDatabase(const FreshDatabase&) = delete;
  FreshDatabase& operator=(const FreshDatabase&) = delete;
  [[nodiscard]] const std::string& url() const { return url_; }
  [[nodiscard]] const std::string& folder() const { return folder_; }  // SQLite: where the file is
  // A bare connection, as the store itself opens it.
  [[nodiscard]] std::unique_ptr<Connection> connect() const;

 private:
  Engine engine_;
  std::string folder_;
  std::string url_;
};

class OnBothEngines : public testing::TestWithParam<Engine> {
 protected:
  OnBothEngines() : database_{GetParam(), FreshDatabase::Holds::schema}, store_{must_open()} {}
  std::unique_ptr<desk::Store> must_open(StoreOptions options = {}) {
    auto opened = open_store(database_.url(), std::move(options));
    if (!opened) throw std::runtime_error(opened.error().what);
    return *std::move(opened);
  }
  // The value, or the test ends with the error's words.
  template <class Work>
  auto write(Work&& work) {
    auto result = desk::in_write(*store_, std::forward<Work>(work));
    if (!result) throw std::runtime_error(std::string{fault_name(result.error().fault)} + ": " + result.error().what);
    if constexpr (!std::is_void_v<typename decltype(result)::value_type>) return *std::move(result);
  }
  template <class Work>
  auto read(Work&& work) {
    auto result = desk::in_read(*store_, std::forward<Work>(work));
    if (!result) throw std::runtime_error(std::string{fault_name(result.error().fault)} + ": " + result.error().what);
    if constexpr (!std::is_void_v<typename decltype(result)::value_type>) return *std::move(result);
  }

  FreshDatabase database_;
  std::unique_ptr<desk::Store> store_;
};

inline std::string engine_of(const testing::TestParamInfo<Engine>& info) {
  return std::string{engine_name(info.param)};
}

#define ON_BOTH_ENGINES(Suite) \
  INSTANTIATE_TEST_SUITE_P(, Suite, testing::Values(Engine::sqlite, Engine::postgresql), engine_of)

// Samples.
desk::Arrival arrival_of(std::string_view bytes, const std::string& identity = {});
std::string keep_one(desk::Store& store, std::string_view bytes, const std::string& id);  // returns the report's id
Ticket sample_ticket(const std::string& id, const std::string& service = "vps-1001");
desk::KeptIncident sample_incident(const std::string& id, const std::string& report_id, const std::string& ticket_id);

}  // namespace abate::store
