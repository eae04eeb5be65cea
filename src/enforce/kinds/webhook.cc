// SPDX-License-Identifier: Apache-2.0
// enforce/kinds/webhook.cc — a POST of the order's JSON, signed with a secret that both sides hold.
//
// SECURITY: opens one file (the secret), at start. Redirects are not followed: a panel that moved is a person's matter.
#include <fstream>
#include <sstream>

#include <curl/curl.h>

#include "base/hash.h"
#include "base/text.h"
#include "enforce/enforcer_kind.h"

namespace abate::enforce {
namespace {

constexpr long kConnectMs = 10'000;
constexpr long kTotalMs = 30'000;
constexpr std::size_t kAnswerBytesMax = 4 * 1024;

struct EndCurl {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

// Keeps the head of the answer for the error text; the rest is read and dropped.
std::size_t keep_some(char* data, std::size_t, std::size_t size, void* out) {
  auto& answer = *static_cast<std::string*>(out);
  answer.append(data, std::min(size, kAnswerBytesMax - std::min(answer.size(), kAnswerBytesMax)));
  return size;
}

class Webhook final : public desk::Enforcer {
 public:
  Webhook(std::string name, std::string url, std::string secret)
      : name_{std::move(name)}, url_{std::move(url)}, secret_{std::move(secret)} {}

  [[nodiscard]] std::string_view name() const override { return name_; }

  Result<void> carry_out(const desk::Order& order) override {
    const std::unique_ptr<CURL, EndCurl> handle{curl_easy_init()};
    if (!handle) return failure(Fault::unavailable, "{}: no memory for a request", name_);
    std::unique_ptr<curl_slist, EndCurl> headers;
    for (const std::string& header :
         {std::string{"Content-Type: application/json"}, "X-Abate-Key: " + order.key,
          "X-Abate-Signature: sha256=" + hmac_sha256_hex(secret_, order.body), std::string{"Expect:"}}) {
      curl_slist* longer = curl_slist_append(headers.get(), header.c_str());
      (void)headers.release();
      headers.reset(longer);
    }
    std::string answer;
    CURL* curl = handle.get();
    curl_easy_setopt(curl, CURLOPT_URL, url_.c_str());
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, order.body.data());
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(order.body.size()));
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, kConnectMs);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, kTotalMs);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, keep_some);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer);
    if (const CURLcode code = curl_easy_perform(curl); code != CURLE_OK)
      return failure(Fault::unavailable, "{}: {}", url_, curl_easy_strerror(code));
    long status = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    if (status >= 200 && status < 300) return {};
    return failure(Fault::unavailable, "{} answered {}: {}", url_, status, shorten(make_valid_utf8(trim(answer)), 300));
  }

 private:
  std::string name_;
  std::string url_;
  std::string secret_;
};

Result<std::unique_ptr<desk::Enforcer>> make(const EnforcerConfig& config) {
  if (!config.url.starts_with("http://") && !config.url.starts_with("https://"))
    return failure(Fault::malformed, "enforcer '{}': url must begin with http:// or https://", config.name);
  static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);  // before the courier's threads use it
  if (ready != CURLE_OK) return failure(Fault::unavailable, "libcurl: {}", curl_easy_strerror(ready));
  std::ifstream file{config.secret_file, std::ios::binary};
  std::ostringstream text;
  if (!file || !(text << file.rdbuf()))
    return failure(Fault::malformed, "enforcer '{}': secret_file '{}' cannot be read, or is empty", config.name,
                   config.secret_file);
  std::string secret = std::move(text).str();
  if (secret.ends_with('\n')) secret.pop_back();
  if (secret.empty()) return failure(Fault::malformed, "enforcer '{}': its secret_file is empty", config.name);
  return std::make_unique<Webhook>(config.name, config.url, std::move(secret));
}

}  // namespace

extern const Kind webhook_kind;
constinit const Kind webhook_kind{
    .name = "webhook",
    .explain =
        "POSTs the order as JSON to `url` with X-Abate-Key (the same over retries) and X-Abate-Signature: "
        "sha256=HMAC(secret, body). 2xx is done; everything else is tried again.",
    .make = make};

}  // namespace abate::enforce
