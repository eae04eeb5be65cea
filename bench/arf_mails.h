// SPDX-License-Identifier: Apache-2.0
// bench/arf_mails.h — made-up feedback reports of about 8 KB for benchmarks: varied, the same in every run.
#pragma once

#include <random>
#include <string>
#include <vector>

#include <fmt/format.h>

namespace abate::bench {

struct ArfMail {
  std::string bytes;
  std::string source_ip;  // what must be read
};

class ArfMails {
 public:
  explicit ArfMails(unsigned seed) : engine_{seed} {}

  ArfMail next() {
    const std::string source =
        below(10) > 0 ? ip() : fmt::format("2001:db8:{:x}::{:x}", below(65536), 1 + below(65535));
    const std::string domain = fmt::format("d{}.example.org", below(5000));
    const std::string date = fmt::format("{}, {:02} Mar 2026 {:02}:{:02}:{:02} +0000", days_[below(7)], 1 + below(28),
                                         below(24), below(60), below(60));
    const std::string boundary = fmt::format("----=_Part_{:08x}", below(1U << 31));
    std::string mail;
    for (std::size_t i = 2 + below(4); i > 0; --i) mail += received(domain, ip(), date);
    mail +=
        "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=fbl.example.net; s=sel;\r\n\th=from:to:subject:date;"
        " bh=" +
        base64ish(44) + ";\r\n\tb=" + base64ish(70) + "\r\n\t " + base64ish(70) + "\r\n\t " + base64ish(60) + "\r\n";
    mail +=
        "From: \"=?UTF-8?Q?Feedback_Loop_=C3=84?=\" <feedback@fbl.example.net>\r\nTo: abuse@hoster.example\r\nDate: " +
        date + fmt::format("\r\nMessage-ID: <{:016x}@fbl.example.net>\r\n", engine_()) +
        "Subject: complaint about message from " + source + "\r\nMIME-Version: 1.0\r\n" +
        "Content-Type: multipart/report; report-type=feedback-report;\r\n\tboundary=\"" + boundary + "\"\r\n\r\n" +
        "This is a MIME-formatted message.\r\n\r\n--" + boundary + "\r\n";
    mail +=
        "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 7bit\r\n\r\nThis is an email abuse "
        "report "
        "for an email message received from IP\r\n" +
        source + " on " + date + ".\r\n" + paragraph(40) + "\r\n--" + boundary +
        "\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\nUser-Agent: "
        "SomeGenerator/1.0\r\nVersion: 1"
        "\r\nSource-IP: " +
        source + "\r\nOriginal-Mail-From: <bounce@" + domain +
        ">\r\nOriginal-Rcpt-To: "
        "<user@example.net>\r\nArrival-Date: " +
        date + "\r\nReported-Domain: " + domain + "\r\nReported-Uri: http://" + domain +
        "/x\r\nAuthentication-Results: mail.example.net;\r\n\tspf=fail smtp.mail=bounce@" + domain +
        "; dkim=none\r\n\r\n--" + boundary + "\r\n";
    mail += "Content-Type: message/rfc822\r\nContent-Disposition: inline\r\n\r\n" + inner(source, domain, date) +
            "\r\n\r\n--" + boundary + "--\r\n";
    return {std::move(mail), source};
  }

 private:
  std::size_t below(std::size_t bound) { return engine_() % bound; }
  std::string ip() { return fmt::format("198.51.100.{}", 1 + below(254)); }
  std::string words(std::size_t count) {
    static const char* const all[] = {"account", "invoice",  "payment", "offer",  "click",   "delivery",
                                      "update",  "secure",   "bank",    "verify", "limited", "prize",
                                      "meeting", "document", "review",  "team"};
    std::string text;
    for (std::size_t i = 0; i < count; ++i) text += std::string(i > 0 ? " " : "") + all[below(16)];
    return text;
  }
  std::string paragraph(std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; i += 9) text += words(9) + "\r\n";
    return text;
  }
  std::string base64ish(std::size_t count) {
    static constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    for (std::size_t i = 0; i < count; ++i) text += kDigits[below(64)];
    return text;
  }
  std::string received(const std::string& domain, const std::string& from, const std::string& date) {
    return fmt::format(
        "Received: from mx.{0} (mx.{0} [{1}])\r\n\tby in.example.net (Postfix) with ESMTPS id {2:012X}\r\n\tfor "
        "<abuse@hoster.example>; {3}\r\n",
        domain, from, engine_() >> 16, date);
  }
  std::string inner(const std::string& source, const std::string& domain, const std::string& date) {
    std::string mail = "Return-Path: <bounce@" + domain + ">\r\n" + received(domain, source, date);
    for (std::size_t i = 1 + below(3); i > 0; --i) mail += received(domain, ip(), date);
    mail += "From: \"" + words(2) + "\" <news@" + domain + ">\r\nTo: <redacted@example.net>\r\nSubject: " + words(6) +
            "\r\nDate: " + date + "\r\nMessage-ID: <1@" + domain + ">\r\nMIME-Version: 1.0\r\n";
    const std::size_t kind = below(10);
    if (kind < 3) {
      mail += "Content-Type: text/plain; charset=iso-8859-1\r\n\r\n";
      for (int i = 0; i < 5; ++i) mail += paragraph(60 + below(60)) + "\r\n";
    } else if (kind < 8) {
      mail +=
          "Content-Type: multipart/alternative; boundary=\"--=inner\"\r\n\r\n----=inner\r\nContent-Type: text/plain; "
          "charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" +
          paragraph(120) +
          "\r\n----=inner\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: "
          "quoted-printable\r\n\r\n";
      for (std::size_t i = 15 + below(20); i > 0; --i)
        mail += "<p style=3D\"color:#123456\">" + words(6) + " =E2=82=AC =C3=A4=\r\n" + words(5) + "</p>\r\n";
      mail += "----=inner--\r\n";
    } else {
      mail +=
          "Content-Type: multipart/mixed; boundary=\"--=inner\"\r\n\r\n----=inner\r\nContent-Type: text/plain\r\n\r\n" +
          paragraph(60) +
          "\r\n----=inner\r\nContent-Type: application/zip; name=\"invoice.zip\"\r\n"
          "Content-Transfer-Encoding: base64\r\n\r\n";
      for (std::size_t i = 45 + below(30); i > 0; --i) mail += base64ish(76) + "\r\n";
      mail += "----=inner--\r\n";
    }
    return mail;
  }

  std::mt19937_64 engine_;
  const char* days_[7] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
};

}  // namespace abate::bench
