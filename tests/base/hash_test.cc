// SPDX-License-Identifier: Apache-2.0
#include "base/hash.h"

#include <random>
#include <thread>

#include <gtest/gtest.h>

namespace abate {
namespace {

std::string any_bytes(std::mt19937_64& random, std::size_t size) {
  std::string out(size, '\0');
  for (char& c : out) c = static_cast<char>(random());
  return out;
}

TEST(Hash, sha256_agrees_with_fips_180) {
  EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(sha256_hex(std::string(1'000'000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Hash, hmac_agrees_with_rfc4231) {
  EXPECT_EQ(hmac_sha256_hex(std::string(20, '\x0b'), "Hi There"),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(hmac_sha256_hex("Jefe", "what do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(hmac_sha256_hex(std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First"),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
  EXPECT_EQ(hmac_sha256_hex({}, {}), "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

TEST(Hash, threads_do_not_disturb_each_other) {
  std::vector<std::jthread> threads;
  std::atomic<int> wrong{0};
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      const std::string bytes(8192, static_cast<char>('a' + t));
      const std::string first = sha256_hex(bytes);
      for (int i = 0; i < 200; ++i) wrong += sha256_hex(bytes) != first;
    });
  threads.clear();
  EXPECT_EQ(wrong, 0);
}

TEST(Hash, hex_is_read_in_either_case) {
  EXPECT_EQ(to_hex(std::array<std::uint8_t, 3>{0, 0xAB, 0xFF}), "00abff");
  EXPECT_EQ(from_hex("00aBFf").value(), std::string("\x00\xab\xff", 3));
  EXPECT_EQ(from_hex("").value(), "");
  for (const std::string_view text : {"0", "abc", "0g", "g0", "0x", " 00", "00 ", "\xff\xff"})
    EXPECT_EQ(from_hex(text).error().fault, Fault::malformed) << text;
}

TEST(Hash, base64_agrees_with_rfc4648) {
  const std::vector<std::pair<std::string, std::string>> known{{"", ""},
                                                               {"f", "Zg=="},
                                                               {"fo", "Zm8="},
                                                               {"foo", "Zm9v"},
                                                               {"foob", "Zm9vYg=="},
                                                               {"fooba", "Zm9vYmE="},
                                                               {"foobar", "Zm9vYmFy"},
                                                               {"\xfb\xff\xfe", "+//+"}};
  for (const auto& [plain, coded] : known) {
    EXPECT_EQ(base64_encode(plain), coded);
    EXPECT_EQ(base64_decode(coded).value(), plain);
  }
}

TEST(Hash, base64_forgives_line_ends_and_missing_padding_and_nothing_else) {
  EXPECT_EQ(base64_decode("Zm9v\r\nYm Fy\t\n").value(), "foobar");
  EXPECT_EQ(base64_decode("Zg").value(), "f");
  EXPECT_EQ(base64_decode("Zg=").value(), "f");
  EXPECT_EQ(base64_decode("Zg=\r\n=").value(), "f");
  EXPECT_EQ(base64_decode("Zm8").value(), "fo");
  for (const std::string_view text :
       {"Z", "Zm9vY", "=", "====", "Zm9v=", "Zm8==", "Zg===", "Zg==Zg==", "Zg=A", "Zm9-", "Zm9_", "Zm.9v", "\xff"})
    EXPECT_EQ(base64_decode(text).error().fault, Fault::malformed) << text;
  EXPECT_FALSE(base64_decode(std::string_view{"Zm9v\0", 5}));
}

TEST(Hash, every_string_survives_hex_and_base64) {
  std::mt19937_64 random{4};
  for (std::size_t size = 0; size < 600; ++size) {
    const std::string bytes = any_bytes(random, size);
    const std::string coded = base64_encode(bytes);
    EXPECT_EQ(coded.size(), (size + 2) / 3 * 4);
    EXPECT_EQ(base64_decode(coded).value(), bytes);
    const std::string hex = to_hex({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
    EXPECT_EQ(from_hex(hex).value(), bytes);
  }
}

TEST(Hash, readers_survive_their_input_cut_at_every_byte) {
  const std::string coded = base64_encode("a report of harm\xff");
  for (std::size_t i = 0; i <= coded.size(); ++i) {
    const Result<std::string> plain = base64_decode(std::string(coded, 0, i));
    const std::size_t digits = std::min(i, coded.find('='));
    EXPECT_EQ(plain.has_value(), digits % 4 != 1) << i;
    if (plain) {
      EXPECT_EQ(*plain, std::string("a report of harm\xff").substr(0, plain->size()));
    }
    EXPECT_EQ(from_hex(std::string("00ffABcd").substr(0, std::min<std::size_t>(i, 8))).has_value(),
              std::min<std::size_t>(i, 8) % 2 == 0);
  }
}

TEST(Hash, secrets_are_equal_only_when_every_byte_is) {
  EXPECT_TRUE(equal_secret("", ""));
  EXPECT_TRUE(equal_secret("token", "token"));
  EXPECT_FALSE(equal_secret("token", "tokeN"));
  EXPECT_FALSE(equal_secret("token", "toke"));
  EXPECT_FALSE(equal_secret(std::string_view{"a\0b", 3}, std::string_view{"a\0c", 3}));
}

}  // namespace
}  // namespace abate
