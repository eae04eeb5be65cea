// SPDX-License-Identifier: Apache-2.0
#include "reading/signed_mail.h"

#include <vector>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <sys/types.h>
#define _Bool bool
#include <opendkim/dkim.h>
#undef _Bool
#include <gtest/gtest.h>

namespace abate::testing {
namespace {

unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }
const unsigned char* bytes_of(const char* text) { return reinterpret_cast<const unsigned char*>(text); }

std::string read_all(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  std::string out{data, static_cast<std::size_t>(size)};
  BIO_free(bio);
  return out;
}

}  // namespace

Signer::Signer(unsigned bits) {
  EVP_PKEY* key = EVP_RSA_gen(bits);
  BIO* pem = BIO_new(BIO_s_mem());
  PEM_write_bio_PrivateKey_traditional(pem, key, nullptr, nullptr, 0, nullptr, nullptr);
  key_ = read_all(pem);
  unsigned char* der = nullptr;
  const int size = i2d_PUBKEY(key, &der);
  std::vector<unsigned char> text(static_cast<std::size_t>(size) * 2);
  const int length = EVP_EncodeBlock(text.data(), der, size);
  record_ = "v=DKIM1; k=rsa; p=" + std::string{reinterpret_cast<char*>(text.data()), static_cast<std::size_t>(length)};
  OPENSSL_free(der);
  EVP_PKEY_free(key);
}

std::string Signer::sign(const std::string& mail, const std::string& domain, const std::string& selector,
                         long signed_bytes) const {
  DKIM_LIB* library = dkim_init(nullptr, nullptr);
  if (signed_bytes >= 0) {
    unsigned flags = DKIM_LIBFLAGS_SIGNLEN;
    dkim_options(library, DKIM_OP_SETOPT, DKIM_OPTS_FLAGS, &flags, sizeof flags);
  }
  unsigned bits = 512;  // a test signs with weak keys, too
  dkim_options(library, DKIM_OP_SETOPT, DKIM_OPTS_MINKEYBITS, &bits, sizeof bits);
  DKIM_STAT state = DKIM_STAT_OK;
  std::string key = key_, d = domain, s = selector;
  DKIM* signing = dkim_sign(library, bytes_of("test"), nullptr, bytes_of(key), bytes_of(s), bytes_of(d),
                            DKIM_CANON_RELAXED, DKIM_CANON_SIMPLE, DKIM_SIGN_RSASHA256, signed_bytes, &state);
  EXPECT_NE(signing, nullptr) << state;
  const std::size_t end = mail.find("\r\n\r\n");
  for (std::size_t at = 0; at < end;) {
    std::size_t next = mail.find("\r\n", at);
    while (next < end && (mail[next + 2] == ' ' || mail[next + 2] == '\t')) next = mail.find("\r\n", next + 2);
    std::string field = mail.substr(at, next - at);
    EXPECT_EQ(dkim_header(signing, bytes_of(field), field.size()), DKIM_STAT_OK);
    at = next + 2;
  }
  EXPECT_EQ(dkim_eoh(signing), DKIM_STAT_OK);
  std::string body = mail.substr(end + 4);
  EXPECT_EQ(dkim_body(signing, bytes_of(body), body.size()), DKIM_STAT_OK);
  EXPECT_EQ(dkim_eom(signing, nullptr), DKIM_STAT_OK);
  unsigned char* field = nullptr;
  std::size_t size = 0;
  EXPECT_EQ(dkim_getsighdr_d(signing, 0, &field, &size), DKIM_STAT_OK);
  std::string value{reinterpret_cast<char*>(field), size};
  for (std::size_t at = 0; (at = value.find('\n', at)) != std::string::npos; at += 2)
    if (at == 0 || value[at - 1] != '\r') value.insert(at, 1, '\r');
  dkim_free(signing);
  dkim_close(library);
  return "DKIM-Signature: " + value + "\r\n" + mail;
}

}  // namespace abate::testing
