// SPDX-License-Identifier: Apache-2.0
#include "remedy/executor/journal.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <boost/json.hpp>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/whole_io.h"

namespace abate::remedy {
namespace {

namespace json = boost::json;
namespace fs = std::filesystem;

std::string run_folder(const std::string& state, const std::string& run) { return state + "/runs/" + run; }

Result<void> make_folder(const std::string& path) {
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST)
    return failure(Fault::unavailable, "{}: {}", path, ::strerrordesc_np(errno));
  return {};
}

void sync_folder(const std::string& path) {
  const Descriptor folder{::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (folder) ::fsync(folder.get());
}

}  // namespace

Result<Journal> Journal::open(const std::string& state_folder, const std::string& run) {
  const std::string folder = run_folder(state_folder, run);
  for (const std::string& path : {state_folder, state_folder + "/runs", folder, folder + "/sealed"})
    TRY(make_folder(path));
  Descriptor file{::open((folder + "/journal").c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)};
  if (!file) return failure(Fault::unavailable, "{}/journal: {}", folder, ::strerrordesc_np(errno));
  // What a crash cut goes, so that the next line starts on its own.
  const off_t size = ::lseek(file.get(), 0, SEEK_END);
  off_t whole = size;
  for (char last = 0; whole > 0; --whole)
    if (::pread(file.get(), &last, 1, whole - 1) == 1 && last == '\n') break;
  if (whole != size && ::ftruncate(file.get(), whole) != 0)
    return failure(Fault::unavailable, "{}/journal: {}", folder, ::strerrordesc_np(errno));
  ::lseek(file.get(), 0, SEEK_END);
  for (const std::string& path : {folder, state_folder + "/runs", state_folder}) sync_folder(path);
  return Journal{std::move(file), folder};
}

Result<std::vector<json::object>> Journal::read(const std::string& state_folder, const std::string& run) {
  const std::string path = run_folder(state_folder, run) + "/journal";
  std::ifstream in{path, std::ios::binary};
  if (!in) return failure(Fault::not_found, "{}: no such run; abate history lists them", run);
  const std::string text{std::istreambuf_iterator<char>{in}, {}};
  std::vector<json::object> rows;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    if (end == std::string::npos) break;
    boost::system::error_code wrong;
    const json::value row = json::parse(std::string_view{text}.substr(at, end - at), wrong);
    if (wrong || !row.is_object())
      return failure(Fault::malformed, "{}: line {} cannot be read: nothing is changed by it", path, rows.size() + 1);
    rows.push_back(row.get_object());
    at = end + 1;
  }
  return rows;
}

std::vector<std::string> Journal::runs(const std::string& state_folder) {
  std::vector<std::string> names;
  std::error_code none;
  for (const fs::directory_entry& entry : fs::directory_iterator{state_folder + "/runs", none})
    names.push_back(entry.path().filename().string());
  std::ranges::sort(names);
  return names;
}

Result<void> Journal::write(const json::object& row) {
  const std::string line = json::serialize(row) + "\n";
  if (!write_all(file_.get(), line) || ::fdatasync(file_.get()) != 0)
    return failure(Fault::unavailable, "{}/journal: {}", folder_, ::strerrordesc_np(errno));
  return {};
}

Result<void> Journal::keep_plan(std::string_view text) const {
  const std::string path = folder_ + "/plan.json";
  const Descriptor file{::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600)};
  if (!file || !write_all(file.get(), text) || ::fsync(file.get()) != 0)
    return failure(Fault::unavailable, "{}: {}", path, ::strerrordesc_np(errno));
  return {};
}

std::string Journal::plan_text(const std::string& state_folder, const std::string& run) {
  std::ifstream in{run_folder(state_folder, run) + "/plan.json", std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

std::string Journal::sealed_path(const std::string& state_folder, const std::string& run, std::uint64_t change) {
  return run_folder(state_folder, run) + "/sealed/" + std::to_string(change);
}

std::string Journal::sealed_path(std::uint64_t change) const { return folder_ + "/sealed/" + std::to_string(change); }

Result<Descriptor> lock_state(const std::string& state_folder) {
  TRY(make_folder(state_folder));
  const std::string path = state_folder + "/lock";
  Descriptor file{::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)};
  if (!file) return failure(Fault::unavailable, "{}: {}", path, ::strerrordesc_np(errno));
  if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0)
    return failure(Fault::conflict, "{}: another abate changes this server now; wait for it", path);
  return file;
}

}  // namespace abate::remedy
