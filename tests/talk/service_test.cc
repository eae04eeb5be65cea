// SPDX-License-Identifier: Apache-2.0
// The conversations, with the real programs.
#include <fstream>

#include <gtest/gtest.h>

#include "base/hash.h"
#include "support/dns_server.h"
#include "support/server_program.h"
#include "support/smtp_sink.h"
#include "support/temp_folder.h"
#include "talk/open_service.h"
#include "talk/page.h"
#include "talk/proxy.h"
#include "talk/relay.h"
#include "talk/resolver.h"

namespace abate::talk {
namespace {

using test::free_port;
using test::ServerProgram;
using test::unpacked;

Peer at(std::uint16_t port) { return {.address = *parse_ip("127.0.0.1"), .port = port, .from = {}}; }

class Services : public ::testing::Test {
 protected:
  std::string write(const std::string& name, const std::string& text) const {
    const std::string path = folder_.path() / name;
    std::ofstream{path} << text;
    return path;
  }
  Trial by_proxy(ProxyWay way, std::uint16_t port) const {
    const Result<Listener> listener = Listener::open(*parse_ip("127.0.0.1"));
    return try_proxy(way, at(port), *listener, bounds_);
  }
  Trial ask(std::string_view service, std::uint16_t port) const {
    return try_open_service(*open_service(service), at(port), bounds_);
  }

  test::TempFolder folder_;
  Bounds bounds_{.patience = std::chrono::seconds{8}};
};

std::string tinyproxy(std::uint16_t port, const std::string& allow) {
  return "Port " + std::to_string(port) + "\nListen 127.0.0.1\nTimeout 20\nMaxClients 10\nLogLevel Warning\nAllow " +
         allow + "\n";
}

TEST_F(Services, a_real_http_proxy_that_carries_for_all_is_open) {
  const std::string root = unpacked({"tinyproxy-bin"});
  const std::uint16_t port = free_port();
  const ServerProgram proxy{{root + "/usr/bin/tinyproxy", "-d", "-c", write("tp", tinyproxy(port, "127.0.0.0/8"))},
                            root};
  ASSERT_TRUE(proxy.listens(port)) << proxy.said();
  for (const ProxyWay way : {ProxyWay::connect, ProxyWay::get}) {
    const Trial one = by_proxy(way, port);
    EXPECT_EQ(one.outcome, Outcome::open) << one.tried << ": " << one.seen;
    EXPECT_EQ(one.sha256.size(), 64U);
  }
  EXPECT_EQ(by_proxy(ProxyWay::socks5, port).outcome, Outcome::closed) << "it speaks HTTP only";
}

TEST_F(Services, a_real_http_proxy_that_carries_for_its_friends_is_closed) {
  const std::string root = unpacked({"tinyproxy-bin"});
  const std::uint16_t port = free_port();
  const ServerProgram proxy{{root + "/usr/bin/tinyproxy", "-d", "-c", write("tp", tinyproxy(port, "192.0.2.0/24"))},
                            root};
  ASSERT_TRUE(proxy.listens(port)) << proxy.said();
  for (const ProxyWay way : {ProxyWay::connect, ProxyWay::get}) {
    const Trial one = by_proxy(way, port);
    EXPECT_EQ(one.outcome, Outcome::closed) << one.tried << ": " << one.seen;
    EXPECT_NE(one.seen.find("403"), std::string::npos) << one.seen;
  }
}

std::string danted(std::uint16_t port, const std::string& rule) {
  return "logoutput: stderr\ninternal: 127.0.0.1 port = " + std::to_string(port) +
         "\nexternal: 127.0.0.1\nsocksmethod: none\nclientmethod: none\nuser.privileged: root\nuser.unprivileged: "
         "nobody\nclient pass { from: 0.0.0.0/0 to: 0.0.0.0/0 }\nsocks " +
         rule + " { from: 0.0.0.0/0 to: 0.0.0.0/0 }\n";
}

TEST_F(Services, a_real_socks_proxy_is_open_to_both_versions_or_to_none) {
  const std::string root = unpacked({"dante-server", "libwrap0"});
  for (const bool is_open : {true, false}) {
    const std::uint16_t port = free_port();
    const ServerProgram proxy{
        {root + "/usr/sbin/danted", "-f", write("dante", danted(port, is_open ? "pass" : "block"))}, root};
    ASSERT_TRUE(proxy.listens(port)) << proxy.said();
    for (const ProxyWay way : {ProxyWay::socks4, ProxyWay::socks5}) {
      const Trial one = by_proxy(way, port);
      EXPECT_EQ(one.outcome, is_open ? Outcome::open : Outcome::closed)
          << one.tried << ": " << one.seen << proxy.said();
    }
  }
}

TEST_F(Services, a_socks_proxy_that_wants_a_password_is_closed) {
  const std::string root = unpacked({"microsocks"});
  const std::uint16_t port = free_port();
  const ServerProgram proxy{
      {root + "/usr/bin/microsocks", "-i", "127.0.0.1", "-p", std::to_string(port), "-u", "ada", "-P", "x"}, root};
  ASSERT_TRUE(proxy.listens(port)) << proxy.said();
  const Trial one = by_proxy(ProxyWay::socks5, port);
  EXPECT_EQ(one.outcome, Outcome::closed) << one.seen;
  EXPECT_EQ(one.seen, "SOCKS5: not without a password");
}

TEST_F(Services, a_real_resolver_is_open_to_those_it_looks_names_up_for) {
  const std::string root = unpacked({"unbound", "libprotobuf-c1"});
  const testing::DnsServer authority{{{"probe.example.com", "there"}}};
  const std::string upstream = authority.address();
  for (const bool is_open : {true, false}) {
    const std::uint16_t port = free_port();
    const ServerProgram resolver{
        {root + "/usr/sbin/unbound", "-d", "-c",
         write(
             "unbound",
             "server:\n interface: 127.0.0.1\n port: " + std::to_string(port) +
                 "\n chroot: \"\"\n directory: \"\"\n username: \"\"\n pidfile: \"\"\n use-syslog: no\n module-config: "
                 "\"iterator\"\n do-not-query-localhost: no\n access-control: 127.0.0.0/8 " +
                 (is_open ? "allow" : "refuse") + "\nforward-zone:\n name: \".\"\n forward-addr: 127.0.0.1@" +
                 upstream.substr(upstream.find(':') + 1) + "\nremote-control:\n control-enable: no\n")},
        root};
    ASSERT_TRUE(resolver.listens(port)) << resolver.said();
    const Trial one = try_resolver(at(port), "probe.example.com", bounds_);
    EXPECT_EQ(one.outcome, is_open ? Outcome::open : Outcome::closed) << one.seen << resolver.said();
    EXPECT_NE(one.seen.find(is_open ? "recursion offered" : "REFUSED"), std::string::npos) << one.seen;
  }
}

TEST_F(Services, a_name_that_is_none_is_not_asked_for) {
  EXPECT_EQ(try_resolver(at(9), "a..b", bounds_).outcome, Outcome::unclear);
  EXPECT_EQ(try_resolver(at(9), std::string(300, 'a'), bounds_).outcome, Outcome::unclear);
  EXPECT_EQ(try_resolver(at(9), "x\ny.example", bounds_).outcome, Outcome::unclear);
}

TEST_F(Services, a_real_memcached_answers_anybody_by_tcp_and_by_udp) {
  const std::string root = unpacked({"memcached"});
  const std::string port_words = std::to_string(free_port());
  const auto port = static_cast<std::uint16_t>(std::stoi(port_words));
  const ServerProgram memcached{
      {root + "/usr/bin/memcached", "-u", "nobody", "-l", "127.0.0.1", "-p", port_words, "-U", port_words}, root};
  ASSERT_TRUE(memcached.listens(port)) << memcached.said();
  EXPECT_EQ(ask("memcached", port).outcome, Outcome::open) << ask("memcached", port).seen;
  EXPECT_EQ(ask("memcached_udp", port).outcome, Outcome::open) << ask("memcached_udp", port).seen;
  EXPECT_NE(ask("redis", port).outcome, Outcome::open) << "another service is not the one that was asked for";
}

TEST_F(Services, a_real_redis_is_open_until_it_has_a_password) {
  const std::string root = unpacked({"redis-tools", "redis-server", "libjemalloc2", "liblzf1"});
  for (const bool is_open : {true, false}) {
    const std::uint16_t port = free_port();
    std::vector<std::string> argv{root + "/usr/bin/redis-server",
                                  "--port",
                                  std::to_string(port),
                                  "--bind",
                                  "127.0.0.1",
                                  "--save",
                                  "",
                                  "--dir",
                                  folder_.path()};
    if (!is_open) argv.insert(argv.end(), {"--requirepass", "x"});
    const ServerProgram redis{argv, root};
    ASSERT_TRUE(redis.listens(port)) << redis.said();
    const Trial one = ask("redis", port);
    EXPECT_EQ(one.outcome, is_open ? Outcome::open : Outcome::closed) << one.seen;
  }
}

TEST_F(Services, a_real_snmp_agent_is_open_where_it_knows_the_public_community) {
  const std::string root = unpacked({"snmpd", "libsnmp40", "libpci3"});
  for (const bool is_open : {true, false}) {
    const std::uint16_t port = free_port();
    const ServerProgram agent{{root + "/usr/sbin/snmpd", "-f", "-Le", "-C", "-c",
                               write("snmpd", std::string{"rocommunity "} + (is_open ? "public" : "secret") +
                                                  "\npersistentDir " + folder_.path().string() + "\n"),
                               "udp:127.0.0.1:" + std::to_string(port)},
                              root};
    ASSERT_TRUE(agent.comes_about([&] { return agent.said().find("NET-SNMP version") != std::string::npos; }))
        << agent.said();
    const Trial one = ask("snmp", port);
    EXPECT_EQ(one.outcome, is_open ? Outcome::open : Outcome::closed) << one.seen << agent.said();
  }
}

// No program answers these here: the answers are written by hand, after what the documents say.
TEST(Answers, are_known_by_their_protocol) {
  using namespace std::string_view_literals;
  const auto judged = [](std::string_view name, std::string_view answer) { return open_service(name)->judge(answer); };
  EXPECT_EQ(judged("ntp_readvar", "\x16\x82\0\x01\x06\x15\0\0\0\0\0\x04x=1,"sv), Outcome::open);
  EXPECT_EQ(judged("ntp_readvar", "\x24\x01\x03\xe8\0\0\0\0\0\0\0\0"sv), Outcome::unclear) << "a time server's time";
  EXPECT_EQ(judged("ntp_monlist", "\xd7\0\x03\x2a\0\x06\0\x48"sv), Outcome::open);
  EXPECT_EQ(judged("ntp_monlist", "\x17\0\x03\x2a\0\0\0\0"sv), Outcome::unclear) << "our question, sent back";
  EXPECT_EQ(judged("ssdp", "HTTP/1.1 200 OK\r\nST: upnp:rootdevice\r\n"sv), Outcome::open);
  EXPECT_EQ(judged("cldap", "\x30\x0c\x02\x01\x01\x65\x07\x0a\x01\0\x04\0\x04\0"sv), Outcome::open);
  EXPECT_EQ(judged("portmapper", "abat\0\0\0\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"sv), Outcome::open);
  EXPECT_EQ(judged("chargen", "!\"#$%&'()"sv), Outcome::open);
  for (const OpenService& service : open_services()) EXPECT_NE(service.judge(""sv), Outcome::open) << service.name;
}

// --- relay ---

TEST(Relay, a_server_that_takes_the_recipient_relays_and_gets_no_mail) {
  const test::SmtpSink server;
  const Trial one = try_relay(at(server.port()), {});
  EXPECT_EQ(one.outcome, Outcome::open) << one.seen;
  EXPECT_TRUE(server.mails().empty()) << "DATA is never said";
}

TEST(Relay, only_a_refusal_of_relaying_is_closed) {
  test::SmtpSink server;
  struct Row {
    const char* said;
    Outcome means;
  };
  for (const Row& row :
       {Row{"554 5.7.1 <probe@example.com>: Relay access denied", Outcome::closed},
        Row{"454 4.7.1 <probe@example.com>: Relay access denied", Outcome::closed},
        Row{"550 relay not permitted", Outcome::closed}, Row{"530 5.7.0 Authentication required", Outcome::closed},
        Row{"553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)", Outcome::closed},
        Row{"450 4.2.0 Greylisted", Outcome::unclear}, Row{"550 5.7.1 Your address is listed", Outcome::unclear}}) {
    server.at("RCPT", row.said);
    const Trial one = try_relay(at(server.port()), {});
    EXPECT_EQ(one.outcome, row.means) << one.seen;
    EXPECT_EQ(one.seen, row.said);
  }
}

// --- pages ---

TEST_F(Services, a_page_is_told_as_it_is_with_its_host_and_browser) {
  const std::string script = write("serve.py", R"(
import http.server, sys
class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/gone":
            return self.send_error(410)
        self.send_response(302 if self.path == "/away" else 200)
        if self.path == "/away": self.send_header("Location", "http://elsewhere.example/")
        if self.path == "/vast": self.send_header("Content-Length", str(1 << 62))
        self.end_headers()
        if self.path == "/vast":
            try:
                while True: self.wfile.write(b"x" * 65536)
            except OSError: return
        self.wfile.write((self.headers["Host"] + " " + self.headers["User-Agent"]).encode())
    def log_message(self, *words): pass
http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Page).serve_forever()
)");
  const std::uint16_t port = free_port();
  const ServerProgram server{{"/usr/bin/python3", script, std::to_string(port)}};
  ASSERT_TRUE(server.listens(port)) << server.said();
  PageAsk asked{.peer = at(port), .url = *parse_http_url("http://Shop.example:8080/x?y=1")};
  asked.user_agent = kUserAgents[1].words;
  const Result<PageSeen> page = look_at_page(asked);
  ASSERT_TRUE(page) << page.error().what;
  EXPECT_EQ(page->status, 200U);
  EXPECT_EQ(page->body, "shop.example:8080 " + std::string{kUserAgents[1].words});
  EXPECT_EQ(page->body_sha256, sha256_hex(page->body));
  EXPECT_FALSE(page->is_gone());
  asked.url.target = "/gone";
  EXPECT_TRUE(look_at_page(asked)->is_gone());
  asked.url.target = "/away";
  EXPECT_EQ(look_at_page(asked)->location, "http://elsewhere.example/");
  asked.url.target = "/vast";
  asked.bounds.bytes_max = std::size_t{32} << 10;
  const Result<PageSeen> vast = look_at_page(asked);
  ASSERT_TRUE(vast) << vast.error().what;
  EXPECT_TRUE(vast->is_cut);
  EXPECT_EQ(vast->body.size(), std::size_t{16} << 10);
}

TEST_F(Services, a_page_is_seen_behind_a_certificate_that_is_not_good) {
  const std::string made = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=other.example -keyout " +
                           (folder_.path() / "key").string() + " -out " + (folder_.path() / "cert").string() +
                           " 2>/dev/null";
  ASSERT_EQ(std::system(made.c_str()), 0);
  const std::uint16_t port = free_port();
  const ServerProgram server{{"/usr/bin/openssl", "s_server", "-accept", "127.0.0.1:" + std::to_string(port), "-www",
                              "-key", folder_.path() / "key", "-cert", folder_.path() / "cert"}};
  ASSERT_TRUE(server.listens(port)) << server.said();
  const Result<PageSeen> page = look_at_page({.peer = at(port), .url = *parse_http_url("https://shop.example/")});
  ASSERT_TRUE(page) << page.error().what;
  EXPECT_EQ(page->status, 200U);
  EXPECT_NE(page->certificate_problem, "");
}

}  // namespace
}  // namespace abate::talk
