// SPDX-License-Identifier: Apache-2.0
// Lines of an access log (combined) as requests with client, time, method, target, status, bytes, referer and agent,
// against goaccess reading the same file into its report. What we read is compared with what was written.
//   sweep_access [--quick]
#include "log_server.h"

namespace {

using namespace abate;

struct Truth {
  std::uint64_t posts = 0, statuses = 0, bytes = 0, clients = 0, seconds = 0, targets = 0, agents = 0;
  friend bool operator==(const Truth&, const Truth&) = default;
};

Truth write(const std::string& path, int lines) {
  std::mt19937 random{5};
  const auto below = [&](unsigned most) { return static_cast<unsigned>(random() % most); };
  const char* const kAgents[] = {
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
      "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "curl/8.5.0"};
  Truth truth;
  std::FILE* file = std::fopen(path.c_str(), "w");
  std::int64_t at = 1'777'600'000;
  for (int i = 0; i < lines; ++i) {
    at += below(8) == 0 ? 1 : 0;
    const std::time_t now = at;
    std::tm utc{};
    gmtime_r(&now, &utc);
    char stamp[40];
    std::strftime(stamp, sizeof stamp, "%d/%b/%Y:%H:%M:%S +0000", &utc);
    const unsigned net = below(250);
    const unsigned host = 1 + below(250);
    const bool post = below(10) == 0;
    const std::string target = below(2) == 0 ? fmt::format("/shop/product/{}", below(100'000))
                                             : fmt::format("/wp-content/themes/x/style.css?ver=6.{}", below(1000));
    const unsigned status = below(20) == 0 ? 404 : 200;
    const unsigned bytes = below(60'000);
    const char* agent = kAgents[below(3)];
    truth.posts += post;
    truth.statuses += status;
    truth.bytes += bytes;
    truth.clients += net * 256U + host;
    truth.seconds += static_cast<std::uint64_t>(at);
    truth.targets += target.size();
    truth.agents += std::string_view{agent}.size();
    std::fprintf(file, "203.0.%u.%u - - [%s] \"%s %s HTTP/1.1\" %u %u \"https://www.example.org/\" \"%s\"\n", net, host,
                 stamp, post ? "POST" : "GET", target.c_str(), status, bytes, agent);
  }
  std::fclose(file);
  return truth;
}

}  // namespace

int main(int argc, char** argv) {
  const bool quick = argc > 1 && std::string_view{argv[1]} == "--quick";
  const int lines = quick ? 100'000 : 1'500'000;
  const bench::LogServer server;
  const std::string path = server.at("var/log/nginx/access.log");
  const Truth truth = write(path, lines);
  Truth seen;
  const double ours = bench::best_of(quick ? 1 : 3, [&] {
    seen = {};
    return server.read([&](const sweep::Event& event) {
      const auto* request = sweep::as<sweep::Request>(event);
      if (request == nullptr || !request->client || !event.at) return;
      seen.posts += request->method == "POST";
      seen.statuses += request->status;
      seen.bytes += request->bytes;
      seen.clients += request->client->v4_value() & 0xffffU;
      seen.seconds += static_cast<std::uint64_t>(to_micros(*event.at) / 1'000'000);
      seen.targets += request->target.size();
      seen.agents += request->agent.size();
    });
  });
  const double peer = bench::LogServer::run(
      "goaccess " + path + " --log-format=COMBINED --no-progress --no-global-config -o " + server.at("report.json"));
  return bench::tell("sweep_access", "lines", lines / ours, peer > 0 ? lines / peer : 0, "goaccess", 100,
                     seen == truth);
}
