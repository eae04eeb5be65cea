// SPDX-License-Identifier: Apache-2.0
#include "post/lmtp_server.h"

#include <condition_variable>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>

#include <boost/asio.hpp>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "support/temp_folder.h"

namespace abate::post {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using Socket = asio::generic::stream_protocol::socket;

// Stands in for the intake: answers at once, with an error, or when the test says so.
class Keeper {
 public:
  enum class Mode : unsigned char { keep, fail, hold };
  explicit Keeper(Mode mode = Mode::keep) : mode_{mode} {}

  Accept accept() {
    return [this](desk::NewArrival arrival, desk::Intake::Done done) { take(std::move(arrival), std::move(done)); };
  }
  void set(Mode mode) {
    const std::lock_guard lock{mutex_};
    mode_ = mode;
  }
  std::size_t wait_for(std::size_t count) {
    std::unique_lock lock{mutex_};
    came_.wait_for(lock, 20s, [&] { return arrivals_.size() >= count; });
    return arrivals_.size();
  }
  void release() {
    std::vector<std::pair<std::size_t, desk::Intake::Done>> held;
    {
      const std::lock_guard lock{mutex_};
      held.swap(held_);
    }
    // The last first: answers must keep the order of the mails all the same.
    for (auto one = held.rbegin(); one != held.rend(); ++one) one->second(kept(one->first));
  }
  std::vector<desk::NewArrival> arrivals() {
    const std::lock_guard lock{mutex_};
    return arrivals_;
  }

 private:
  static desk::Kept kept(std::size_t number) {
    return {.report_id = "R-" + std::to_string(number), .fresh = true, .sha256 = ""};
  }
  void take(desk::NewArrival arrival, desk::Intake::Done done) {
    std::unique_lock lock{mutex_};
    arrivals_.push_back(std::move(arrival));
    const std::size_t number = arrivals_.size();
    if (mode_ == Mode::hold) held_.emplace_back(number, std::move(done));
    const Mode mode = mode_;
    came_.notify_all();
    lock.unlock();
    if (mode == Mode::keep) done(kept(number));
    if (mode == Mode::fail) done(failure(Fault::unavailable, "database or disk is full"));
  }

  std::mutex mutex_;
  std::condition_variable came_;
  Mode mode_;
  std::vector<desk::NewArrival> arrivals_;
  std::vector<std::pair<std::size_t, desk::Intake::Done>> held_;
};

class Server {
 public:
  explicit Server(Keeper& keeper, LmtpOptions options = {}) {
    if (options.listen == LmtpOptions().listen) options.listen = "127.0.0.1:0";
    options.host = "desk.test";
    auto started = LmtpServer::start(io_, std::move(options), keeper.accept());
    if (!started) throw std::runtime_error(started.error().what);
    server_ = std::move(*started);
    for (std::thread& thread : threads_) thread = std::thread([this] { io_.run(); });
  }
  ~Server() {
    server_->stop();
    work_.reset();
    io_.stop();
    for (std::thread& thread : threads_) thread.join();
  }
  LmtpServer* operator->() { return server_.get(); }

 private:
  asio::io_context io_;
  asio::executor_work_guard<asio::io_context::executor_type> work_{io_.get_executor()};
  std::unique_ptr<LmtpServer> server_;
  std::array<std::thread, 2> threads_;
};

class Client {
 public:
  explicit Client(const std::string& address, bool greeted = true) : socket_{io_} {
    if (address.starts_with("unix:")) {
      socket_.connect(asio::local::stream_protocol::endpoint(address.substr(5)));
    } else {
      const auto port = static_cast<unsigned short>(std::stoi(address.substr(address.rfind(':') + 1)));
      socket_.connect(asio::ip::tcp::endpoint(asio::ip::address_v4::loopback(), port));
    }
    const timeval wait{.tv_sec = 20, .tv_usec = 0};
    ::setsockopt(socket_.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
    if (greeted) {
      line();
      ask("LHLO mx.test\r\n");
    }
  }
  void send(std::string_view bytes) { asio::write(socket_, asio::buffer(bytes)); }
  // The next line without its end; "" when the server closed.
  std::string line() {
    std::size_t end = got_.find("\r\n");
    while (end == std::string::npos) {
      std::array<char, 4096> some{};
      const ssize_t count = ::recv(socket_.native_handle(), some.data(), some.size(), 0);
      if (count <= 0) return {};
      got_.append(some.data(), static_cast<std::size_t>(count));
      end = got_.find("\r\n");
    }
    std::string line = got_.substr(0, end);
    got_.erase(0, end + 2);
    return line;
  }
  std::string reply() {  // the last line of one reply
    std::string last = line();
    while (last.size() > 3 && last[3] == '-') last = line();
    return last;
  }
  std::string ask(std::string_view command) {
    send(command);
    return reply();
  }
  std::string mail(std::string_view body, std::string_view to = "abuse@example.net") {
    ask("MAIL FROM:<a@example.org>\r\n");
    ask(fmt::format("RCPT TO:<{}>\r\n", to));
    ask("DATA\r\n");
    return ask(std::string(body) + "\r\n.\r\n");
  }
  Socket& socket() { return socket_; }

 private:
  asio::io_context io_;
  Socket socket_;
  std::string got_;
};

std::string whole_mail(std::string_view body) {
  return fmt::format("MAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.net>\r\nDATA\r\n{}\r\n.\r\n", body);
}

TEST(LmtpServer, says_250_with_the_report_after_it_was_kept) {
  Keeper keeper;
  Server server(keeper);
  Client client(server->address());
  EXPECT_EQ(client.mail("hello"), "250 2.0.0 R-1 kept");
  const auto arrivals = keeper.arrivals();
  ASSERT_EQ(arrivals.size(), 1U);
  EXPECT_EQ(arrivals[0].bytes, "hello\r\n");
  EXPECT_EQ(arrivals[0].envelope_from, "a@example.org");
  EXPECT_EQ(arrivals[0].envelope_to, "abuse@example.net");
  EXPECT_EQ(arrivals[0].channel, Channel::lmtp);
  EXPECT_EQ(client.ask("QUIT\r\n"), "221 2.0.0 bye");
  EXPECT_EQ(client.line(), "");
}

TEST(LmtpServer, says_nothing_before_it_is_kept) {
  Keeper keeper(Keeper::Mode::hold);
  Server server(keeper);
  Client client(server->address());
  client.send(whole_mail("x"));
  for (int i = 0; i < 2; ++i) EXPECT_EQ(client.reply().substr(0, 3), "250");
  EXPECT_EQ(client.reply().substr(0, 3), "354");
  ASSERT_EQ(keeper.wait_for(1), 1U);
  client.socket().non_blocking(true);
  boost::system::error_code error;
  std::array<char, 10> some{};
  client.socket().read_some(asio::buffer(some), error);
  EXPECT_EQ(error, asio::error::would_block);
  client.socket().non_blocking(false);
  keeper.release();
  EXPECT_EQ(client.reply(), "250 2.0.0 R-1 kept");
}

TEST(LmtpServer, a_full_disk_is_451_for_each_recipient) {
  Keeper keeper(Keeper::Mode::fail);
  Server server(keeper);
  Client client(server->address());
  client.send("MAIL FROM:<>\r\nRCPT TO:<a@b.test>\r\nRCPT TO:<c@b.test>\r\nDATA\r\n");
  for (int i = 0; i < 4; ++i) client.reply();
  client.send("x\r\n.\r\n");
  EXPECT_EQ(client.reply(), "451 4.3.0 cannot be kept now, try again");
  EXPECT_EQ(client.reply(), "451 4.3.0 cannot be kept now, try again");
  keeper.set(Keeper::Mode::keep);
  EXPECT_EQ(client.mail("x"), "250 2.0.0 R-2 kept");
}

TEST(LmtpServer, a_client_need_not_wait_and_is_answered_in_order) {
  Keeper keeper(Keeper::Mode::hold);
  Server server(keeper);
  Client client(server->address());
  std::string all;
  for (int i = 0; i < 100; ++i) all += whole_mail(fmt::format("mail {}", i)) + "NOOP\r\n";
  client.send(all + "QUIT\r\n");
  ASSERT_EQ(keeper.wait_for(100), 100U);
  keeper.release();
  for (int i = 1; i <= 100; ++i) {
    EXPECT_EQ(client.reply(), "250 2.1.0 sender taken");
    EXPECT_EQ(client.reply(), "250 2.1.5 recipient taken");
    EXPECT_EQ(client.reply(), "354 end with CRLF.CRLF");
    ASSERT_EQ(client.reply(), fmt::format("250 2.0.0 R-{} kept", i));
    EXPECT_EQ(client.reply(), "250 2.0.0 still here");
  }
  EXPECT_EQ(client.reply(), "221 2.0.0 bye");
}

TEST(LmtpServer, reads_no_further_while_too_many_wait_for_their_answer) {
  Keeper keeper(Keeper::Mode::hold);
  Server server(keeper);
  Client client(server->address());
  std::string all;
  for (std::size_t i = 0; i < kUnansweredMax + 50; ++i) all += whole_mail("x");
  std::thread sender([&] { client.send(all + "QUIT\r\n"); });
  ASSERT_EQ(keeper.wait_for(kUnansweredMax), kUnansweredMax);
  keeper.set(Keeper::Mode::keep);
  EXPECT_EQ(keeper.arrivals().size(), kUnansweredMax);
  keeper.release();
  EXPECT_EQ(keeper.wait_for(kUnansweredMax + 50), kUnansweredMax + 50);
  std::string last;
  for (std::string line = client.line(); !line.empty(); line = client.line()) last = line;
  EXPECT_EQ(last, "221 2.0.0 bye");
  sender.join();
}

TEST(LmtpServer, fifty_connections_at_once_lose_nothing) {
  Keeper keeper;
  Server server(keeper);
  std::vector<std::thread> clients;
  std::atomic<int> kept = 0;
  for (int i = 0; i < 50; ++i)
    clients.emplace_back([&, i] {
      Client client(server->address());
      for (int j = 0; j < 5; ++j)
        if (client.mail(fmt::format("{}/{}", i, j)).ends_with(" kept")) ++kept;
    });
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(kept, 250);
  std::set<std::string> bodies;
  for (const auto& arrival : keeper.arrivals()) bodies.insert(arrival.bytes);
  EXPECT_EQ(bodies.size(), 250U);
}

TEST(LmtpServer, listens_on_a_unix_socket_and_replaces_a_stale_one) {
  test::TempFolder folder;
  const std::string path = folder.path() / "lmtp";
  Keeper keeper;
  {  // a socket file that its server left behind
    asio::io_context io;
    asio::local::stream_protocol::acceptor dead(io, asio::local::stream_protocol::endpoint(path));
  }
  ASSERT_TRUE(std::filesystem::is_socket(path));
  {
    Server server(keeper, {.listen = "unix:" + path});
    struct stat facts{};
    ASSERT_EQ(::stat(path.c_str(), &facts), 0);
    EXPECT_EQ(facts.st_mode & 0777U, 0660U);
    Client client(server->address());
    EXPECT_EQ(client.mail("by unix"), "250 2.0.0 R-1 kept");
    asio::io_context io;
    const auto second = LmtpServer::start(io, {.listen = "unix:" + path}, keeper.accept());
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().fault, Fault::conflict);
  }
  EXPECT_FALSE(std::filesystem::exists(path));
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(LmtpServer, a_file_where_the_socket_should_be_is_left_alone) {
  test::TempFolder folder;
  const std::string path = folder.path() / "lmtp";
  std::ofstream(path) << "precious";
  Keeper keeper;
  asio::io_context io;
  const auto server = LmtpServer::start(io, {.listen = "unix:" + path}, keeper.accept());
  ASSERT_FALSE(server);
  EXPECT_EQ(server.error().fault, Fault::refused);
  EXPECT_EQ(std::filesystem::file_size(path), 8U);
}

TEST(LmtpServer, an_address_that_cannot_be_read_is_an_error_that_says_how) {
  Keeper keeper;
  asio::io_context io;
  for (const char* bad :
       {"", "2424", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:70000", "unix:", "unix:lmtp"}) {
    const auto server = LmtpServer::start(io, {.listen = bad}, keeper.accept());
    ASSERT_FALSE(server) << bad;
    EXPECT_EQ(server.error().fault, Fault::malformed) << bad;
  }
}

TEST(LmtpServer, one_connection_too_many_is_turned_away) {
  Keeper keeper;
  Server server(keeper, {.connections_max = 2});
  Client first(server->address());
  {
    Client second(server->address());
    Client third(server->address(), false);
    EXPECT_EQ(third.line(), "421 4.3.2 too many connections, try again");
    EXPECT_EQ(third.line(), "");
    EXPECT_EQ(second.ask("QUIT\r\n"), "221 2.0.0 bye");
    EXPECT_EQ(second.line(), "");
  }
  std::string greeting;
  for (int tries = 0; tries < 200 && !greeting.starts_with("220"); ++tries)
    greeting = Client(server->address(), false).line();
  EXPECT_EQ(greeting.substr(0, 3), "220");
}

TEST(LmtpServer, a_silent_client_is_cut_and_one_that_waits_for_us_is_not) {
  Keeper keeper(Keeper::Mode::hold);
  Server server(keeper, {.idle_wait = 150ms});
  Client waiting(server->address());
  waiting.send(whole_mail("x"));
  ASSERT_EQ(keeper.wait_for(1), 1U);
  Client silent(server->address(), false);
  silent.line();
  EXPECT_EQ(silent.line(), "421 4.4.2 nothing came for too long, closing");
  EXPECT_EQ(silent.line(), "");
  keeper.release();
  for (int i = 0; i < 3; ++i) waiting.reply();
  EXPECT_EQ(waiting.reply(), "250 2.0.0 R-1 kept");
}

TEST(LmtpServer, stopping_waits_for_what_was_accepted_and_answers_it) {
  Keeper keeper(Keeper::Mode::hold);
  Server server(keeper);
  Client client(server->address());
  Client idle(server->address());
  Client half(server->address());
  client.send(whole_mail("x"));
  half.send("MAIL FROM:<>\r\nRCPT TO:<a@b.test>\r\nDATA\r\nnot whole");
  for (int i = 0; i < 3; ++i) half.reply();
  ASSERT_EQ(keeper.wait_for(1), 1U);
  std::atomic<bool> stopped = false;
  std::thread stopping([&] {
    server->stop();
    stopped = true;
  });
  EXPECT_EQ(idle.reply(), "421 4.3.2 shutting down, come back soon");
  EXPECT_EQ(half.reply(), "421 4.3.2 shutting down, come back soon");
  EXPECT_FALSE(stopped);
  keeper.release();
  for (int i = 0; i < 3; ++i) client.reply();
  EXPECT_EQ(client.reply(), "250 2.0.0 R-1 kept");
  EXPECT_EQ(client.reply(), "421 4.3.2 shutting down, come back soon");
  EXPECT_EQ(client.reply(), "");
  stopping.join();
  EXPECT_EQ(keeper.arrivals().size(), 1U);
}

TEST(LmtpServer, a_client_that_goes_away_in_the_middle_leaves_nothing) {
  Keeper keeper(Keeper::Mode::hold);
  Server server(keeper);
  {
    Client client(server->address());
    client.send("MAIL FROM:<>\r\nRCPT TO:<a@b.test>\r\nDATA\r\nnot whole\r\n.\r");
  }
  {
    Client client(server->address());
    client.send(whole_mail("whole, and gone before the answer"));
    ASSERT_EQ(keeper.wait_for(1), 1U);
  }
  keeper.release();
  server->stop();
  EXPECT_EQ(keeper.arrivals().size(), 1U);
}

TEST(LmtpServer, a_large_message_arrives_whole_and_a_larger_one_is_552) {
  Keeper keeper;
  Server server(keeper, {.message_max = 3 << 20});
  Client client(server->address());
  std::string body;
  while (body.size() < (3U << 20) - 200) body += fmt::format("{:0100}\r\n..dot\r\n", body.size());
  std::string want;
  for (std::size_t i = 0; i < body.size(); ++i)
    if (!(body[i] == '.' && i >= 1 && body[i - 1] == '\n')) want += body[i];
  EXPECT_EQ(client.mail(body), "250 2.0.0 R-1 kept");
  EXPECT_TRUE(keeper.arrivals()[0].bytes == want + "\r\n");
  EXPECT_EQ(client.mail(std::string(4 << 20, 'x')), "552 5.3.4 larger than 3145728 bytes");
  EXPECT_EQ(client.mail("small"), "250 2.0.0 R-2 kept");
}

TEST(LmtpServer, swaks_hands_over_a_mail) {
  Keeper keeper;
  Server server(keeper);
  const std::string port = server->address().substr(server->address().rfind(':') + 1);
  const std::string command = "swaks --protocol LMTP --server 127.0.0.1 --port " + port +
                              " --from reporter@example.org --to abuse@example.net,other@example.net"
                              " --h-Subject 'spam from 192.0.2.1' --body '.hidden dot' --silent 2 >&2";
  EXPECT_EQ(std::system(command.c_str()), 0);
  const auto arrivals = keeper.arrivals();
  ASSERT_EQ(arrivals.size(), 1U);
  EXPECT_EQ(arrivals[0].envelope_to, "abuse@example.net, other@example.net");
  EXPECT_NE(arrivals[0].bytes.find("\r\n\r\n.hidden dot\r\n"), std::string::npos) << arrivals[0].bytes;
}

}  // namespace
}  // namespace abate::post
