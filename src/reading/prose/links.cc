// SPDX-License-Identifier: Apache-2.0
// Links that mail filters and search machines put around the real one.
#include "base/text.h"
#include "reading/prose/tokens.h"
#include "reading/values.h"

namespace abate::reading::prose {
namespace {

constexpr int kWrappingsMax = 4;

int hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = static_cast<char>(c | 32);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// `escape` is '%' for URLs and '-' for Proofpoint's second form.
std::string unescape(std::string_view text, char escape) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == escape && i + 2 < text.size() && hex(text[i + 1]) >= 0 && hex(text[i + 2]) >= 0) {
      out += static_cast<char>(hex(text[i + 1]) * 16 + hex(text[i + 2]));
      i += 2;
    } else {
      out += escape == '-' && text[i] == '_' ? '/' : text[i];
    }
  }
  return out;
}

std::string_view parameter(std::string_view url, std::string_view name) {
  for (auto at = url.find(name); at != std::string_view::npos; at = url.find(name, at + 1)) {
    if (at == 0 || (url[at - 1] != '?' && url[at - 1] != '&' && url[at - 1] != ';')) continue;
    const std::string_view value = url.substr(at + name.size());
    return value.substr(0, value.find('&'));
  }
  return {};
}

struct Wrapper {
  std::string_view host_end;
  std::string_view path_begin;
  std::string_view parameter;
  char escape;
};
constexpr std::array kWrappers{
    Wrapper{"safelinks.protection.outlook.com", "/", "url=", '%'},
    Wrapper{"urldefense.proofpoint.com", "/v1/", "u=", '%'},
    Wrapper{"urldefense.proofpoint.com", "/v2/", "u=", '-'},
    Wrapper{"urldefense.com", "/v1/", "u=", '%'},
    Wrapper{"urldefense.com", "/v2/", "u=", '-'},
    Wrapper{"linkprotect.cudasvc.com", "/", "a=", '%'},
    Wrapper{"clicktime.symantec.com", "/", "u=", '%'},
    Wrapper{"link.edgepilot.com", "/", "u=", '%'},
    Wrapper{"linklock.titanhq.com", "/", "url=", '%'},
    Wrapper{"urlsand.esvalabs.com", "/", "u=", '%'},
    Wrapper{"slack-redir.net", "/link", "url=", '%'},
    Wrapper{"duckduckgo.com", "/l/", "uddg=", '%'},
    Wrapper{"youtube.com", "/redirect", "q=", '%'},
    Wrapper{"vk.com", "/away.php", "to=", '%'},
    Wrapper{"deref-gmx.net", "/", "redirectUrl=", '%'},
    Wrapper{"deref-web.de", "/", "redirectUrl=", '%'},
    Wrapper{"safelinks.protection.office365.us", "/", "url=", '%'},
    Wrapper{"google.com", "/url", "q=", '%'},
    Wrapper{"google.com", "/url", "url=", '%'},
    Wrapper{"l.facebook.com", "/l.php", "u=", '%'},
};

std::optional<std::string> unwrapped(const std::string& url) {
  const auto host = host_of(url);
  if (!host) return std::nullopt;
  const auto path_at = url.find('/', url.find("://") + 3);
  const std::string_view path = path_at == std::string::npos ? "" : std::string_view(url).substr(path_at);
  if (host->ends_with("urldefense.com") && path.starts_with("/v3/__")) {
    const std::string_view inner = path.substr(6);
    return url_of(inner.substr(0, inner.find("__;")));
  }
  if (host->ends_with("secure-web.cisco.com"))  // "/1abc.../https%3A%2F%2Fx.example%2F"
    if (const auto inner = path.rfind("/http"); inner != std::string_view::npos)
      return url_of(unescape(path.substr(inner + 1), '%'));
  const bool google = host->starts_with("www.google.");  // in any country
  for (const Wrapper& wrapper : kWrappers) {
    const bool host_fits = host->ends_with(wrapper.host_end) || (google && wrapper.host_end == "google.com");
    if (!host_fits || !path.starts_with(wrapper.path_begin)) continue;
    const std::string_view value = parameter(path, wrapper.parameter);
    if (value.empty()) continue;
    if (auto inner = url_of(unescape(value, wrapper.escape))) return inner;
  }
  return std::nullopt;
}

}  // namespace

std::string unwrap_link(std::string url) {
  for (int i = 0; i < kWrappingsMax; ++i) {
    auto inner = unwrapped(url);
    if (!inner) break;
    url = std::move(*inner);
  }
  return url;
}

}  // namespace abate::reading::prose
