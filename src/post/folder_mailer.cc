// SPDX-License-Identifier: Apache-2.0
#include "post/folder_mailer.h"

#include <filesystem>
#include <fstream>

#include <fcntl.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/random.h"

namespace abate::post {
namespace {

bool is_on_disk(const std::filesystem::path& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const bool done = file >= 0 && ::fsync(file) == 0;
  if (file >= 0) ::close(file);
  return done;
}

class FolderMailer final : public desk::Mailer {
 public:
  explicit FolderMailer(std::filesystem::path folder) : folder_{std::move(folder)} {}

  Result<void> send(const std::string& sender, const std::string& recipient, const std::string& message) override {
    const std::string name = random_id("mail", SystemClock{}.now()) + ".eml";
    const std::filesystem::path beside = folder_ / ("." + name);
    std::ofstream file{beside, std::ios::binary};
    // The envelope, as a mail server writes it on delivery.
    file << "Return-Path: <" << sender << ">\r\nDelivered-To: " << recipient << "\r\n" << message;
    file.close();
    std::error_code wrong;
    const bool written = file && is_on_disk(beside);
    if (written) std::filesystem::rename(beside, folder_ / name, wrong);
    if (!written || wrong)
      return failure(Fault::unavailable, "{}: a mail could not be written there", folder_.string());
    return {};
  }

 private:
  std::filesystem::path folder_;
};

}  // namespace

Result<std::unique_ptr<desk::Mailer>> make_folder_mailer(const std::string& folder) {
  std::error_code wrong;
  std::filesystem::create_directories(folder, wrong);
  if (wrong) return failure(Fault::malformed, "smtp.url: the folder '{}' cannot be made: {}", folder, wrong.message());
  return std::make_unique<FolderMailer>(folder);
}

}  // namespace abate::post
