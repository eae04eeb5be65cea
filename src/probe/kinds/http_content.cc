// SPDX-License-Identifier: Apache-2.0
// probe/kinds/http_content.cc — a page that was reported.
#include "base/text.h"
#include "probe/probe_kind.h"
#include "talk/page.h"

namespace abate::probe {
namespace {

constexpr std::size_t kShownBytesMax = 500;

ProbeSeen look(const talk::PageAsk& asked, std::string_view visitor) {
  ProbeSeen out;
  out.tried =
      shorten(escape_terminal(fmt::format("GET {}://{}{} on {} as {}", asked.url.is_tls ? "https" : "http",
                                          asked.url.authority(), asked.url.target, asked.peer.to_string(), visitor)),
              kShownBytesMax);
  const Result<talk::PageSeen> page = talk::look_at_page(asked);
  if (!page) {
    const bool is_gone = page.error().fault == Fault::refused || page.error().fault == Fault::not_found;
    out.outcome = is_gone ? ProbeOutcome::gone : ProbeOutcome::unclear;
    out.seen = page.error().fault == Fault::refused ? "nobody listens there" : page.error().what;
    out.seen = shorten(escape_terminal(out.seen), kShownBytesMax);
    return out;
  }
  // A redirection is not followed: it leads somewhere else, which is not ours to visit.
  const bool moves = page->status >= 300 && page->status < 400;
  const bool tells_nothing = moves || asked.url.target == "/";  // a site's first page is there, as it should
  out.outcome = page->is_gone() ? ProbeOutcome::gone : tells_nothing ? ProbeOutcome::unclear : ProbeOutcome::live;
  out.seen = fmt::format("status {}", page->status);
  if (moves) out.seen += fmt::format(", sends visitors to {}", page->location);
  if (!page->certificate_problem.empty()) out.seen += fmt::format("; certificate: {}", page->certificate_problem);
  out.seen = shorten(escape_terminal(out.seen), kShownBytesMax);
  out.sha256 = page->body_sha256;
  return out;
}

std::vector<ProbeSeen> run(const ProbeTask& task, const Means& means) {
  const Result<talk::HttpUrl> url = talk::parse_http_url(task.url);
  if (!url) return {not_probed(url.error().what)};
  talk::PageAsk asked{.peer = peer_of(task, means), .url = *url, .bounds = means.bounds};
  asked.peer.port = url->port;
  std::vector<ProbeSeen> all;
  for (const talk::UserAgent& agent : talk::kUserAgents) {
    asked.user_agent = agent.words;
    all.push_back(look(asked, agent.name));
  }
  return all;
}

}  // namespace

extern const Kind http_content_kind;
constinit const Kind http_content_kind{
    .name = "http_content",
    .explain =
        R"(Asks the service's own address for the reported URL, with the URL's host as Host and SNI, as a browser, a phone and a search engine: some pages show themselves to some visitors only. The name is never looked up and no redirection is followed. Gone: 401, 403, 404, 410, 451, 5xx, or nobody there. Live: any other page, unless it is the site's first one, which tells nothing; whether it is what was reported, a person sees by its hash. Never done where a report speaks of child-abuse material.)",
    .run = run};

}  // namespace abate::probe
