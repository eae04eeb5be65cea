// SPDX-License-Identifier: Apache-2.0
#include "post/smtp_mailer.h"

#include <cstring>
#include <fstream>
#include <mutex>
#include <vector>

#include <curl/curl.h>
#include <sys/socket.h>

#include "base/text.h"
#include "post/folder_mailer.h"

namespace abate::post {
namespace {

constexpr std::size_t kIdleMax = 4;
constexpr std::size_t kSaidBytesMax = 500;
constexpr long kSignInFirst = 530;  // RFC 4954, RFC 3207: about us, not about the recipient
constexpr std::string_view kFolder = "folder:";

struct EndCurl {
  // curl_easy_cleanup says QUIT and waits for two minutes for its answer, whatever time was set: a server that went
  // silent would hold up the courier beyond its lease, and the end of the program. So its line is cut first.
  void operator()(CURL* handle) const {
    curl_socket_t line = CURL_SOCKET_BAD;
    if (curl_easy_getinfo(handle, CURLINFO_ACTIVESOCKET, &line) == CURLE_OK && line != CURL_SOCKET_BAD)
      ::shutdown(line, SHUT_RDWR);
    curl_easy_cleanup(handle);
  }
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using Handle = std::unique_ptr<CURL, EndCurl>;

struct Upload {
  std::string_view rest;
};

std::size_t give(char* buffer, std::size_t size, std::size_t count, void* from) {
  auto& upload = *static_cast<Upload*>(from);
  const std::size_t given = std::min(size * count, upload.rest.size());
  std::memcpy(buffer, upload.rest.data(), given);
  upload.rest.remove_prefix(given);
  return given;
}

// What the server said last when it said no: not the "221 bye" that follows.
std::size_t hear(char* data, std::size_t size, std::size_t count, void* out) {
  auto& said = *static_cast<std::string*>(out);
  const std::string_view line = trim(std::string_view{data, size * count});
  if (line.starts_with('4') || line.starts_with('5')) said = shorten(make_valid_utf8(line), kSaidBytesMax);
  return size * count;
}

// libcurl writes an address as it is given: one with a line end in it would be a command of its own.
bool is_safe(std::string_view address) {
  return std::ranges::none_of(
      address, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f || c == '<' || c == '>'; });
}

class SmtpMailer final : public desk::Mailer {
 public:
  SmtpMailer(MailerOptions options, std::string user) : options_{std::move(options)}, user_{std::move(user)} {}

  Result<void> send(const std::string& sender, const std::string& recipient, const std::string& message) override {
    if (recipient.empty() || !is_safe(recipient)) return failure(Fault::refused, "the recipient is no mail address");
    if (!is_safe(sender)) return failure(Fault::refused, "the sender is no mail address");
    Handle handle = borrow();
    if (!handle) return failure(Fault::unavailable, "{}: no memory for a connection", options_.url);
    const std::unique_ptr<curl_slist, EndCurl> to{curl_slist_append(nullptr, ("<" + recipient + ">").c_str())};
    Upload upload{message};
    std::string said;
    prepare(handle.get(), "<" + sender + ">", to.get(), upload, said);
    curl_easy_setopt(handle.get(), CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(message.size()));
    const CURLcode code = curl_easy_perform(handle.get());
    long answer = 0;
    curl_easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &answer);
    if (code == CURLE_OK) {
      give_back(std::move(handle));
      return {};
    }
    // Only an answer to MAIL, RCPT, DATA (CURLE_SEND_ERROR) or to the message is about this mail. A 5xx to the
    // greeting, EHLO, STARTTLS or AUTH is a server or a configuration that somebody mends.
    const bool begun = upload.rest.size() < message.size();
    const bool final_no = answer >= 500 && answer != kSignInFirst && (code == CURLE_SEND_ERROR || begun);
    return failure(final_no ? Fault::refused : Fault::unavailable, "{}: {}", options_.url,
                   answer >= 400 && !said.empty() ? said : curl_easy_strerror(code));
  }

 private:
  void prepare(CURL* curl, const std::string& from, curl_slist* to, Upload& upload, std::string& said) {
    curl_easy_reset(curl);
    curl_easy_setopt(curl, CURLOPT_URL, options_.url.c_str());
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, kSmtpConnectMs);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, options_.total_ms);
    curl_easy_setopt(curl, CURLOPT_USE_SSL, static_cast<long>(options_.require_tls ? CURLUSESSL_ALL : CURLUSESSL_TRY));
    // Opportunistic: whoever can change the certificate can also strike STARTTLS out, so an unknown one is no reason
    // to send in clear text instead. With require_tls it must be right.
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, options_.require_tls ? 1L : 0L);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, options_.require_tls ? 2L : 0L);
    if (!options_.ca_file.empty()) curl_easy_setopt(curl, CURLOPT_CAINFO, options_.ca_file.c_str());
    if (!user_.empty()) curl_easy_setopt(curl, CURLOPT_USERPWD, user_.c_str());
    curl_easy_setopt(curl, CURLOPT_MAIL_FROM, from.c_str());
    curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, to);
    curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(curl, CURLOPT_READFUNCTION, give);
    curl_easy_setopt(curl, CURLOPT_READDATA, &upload);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, hear);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, &said);
  }

  Handle borrow() {
    const std::lock_guard lock{mutex_};
    if (idle_.empty()) return Handle{curl_easy_init()};
    Handle handle = std::move(idle_.back());
    idle_.pop_back();
    return handle;
  }
  void give_back(Handle handle) {
    const std::lock_guard lock{mutex_};
    if (idle_.size() < kIdleMax) idle_.push_back(std::move(handle));
  }

  MailerOptions options_;
  std::string user_;
  std::mutex mutex_;
  std::vector<Handle> idle_;  // a handle keeps its connection
};

}  // namespace

Result<std::unique_ptr<desk::Mailer>> make_mailer(const MailerOptions& options) {
  if (options.url.starts_with(kFolder)) return make_folder_mailer(options.url.substr(kFolder.size()));
  if (!options.url.starts_with("smtp://") && !options.url.starts_with("smtps://"))
    return failure(Fault::malformed, "smtp.url: '{}' is none of smtp://HOST:PORT, smtps://HOST:PORT, folder:/PATH",
                   options.url);
  static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (ready != CURLE_OK) return failure(Fault::unavailable, "libcurl: {}", curl_easy_strerror(ready));
  std::string user;
  if (!options.user_file.empty()) {
    std::ifstream file{options.user_file};
    if (!std::getline(file, user) || user.find(':') == user.npos)
      return failure(Fault::malformed, "smtp.user_file: '{}' must hold USER:PASSWORD on its first line",
                     options.user_file);
  }
  return std::make_unique<SmtpMailer>(options, std::move(user));
}

}  // namespace abate::post
