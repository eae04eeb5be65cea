// SPDX-License-Identifier: Apache-2.0
#include "reading/prose/letters.h"

namespace abate::reading::prose {

void lower_last_letter(std::string& text) {
  if (text.size() < 2) return;
  const auto lead = static_cast<unsigned char>(text[text.size() - 2]);
  const auto last = static_cast<unsigned char>(text.back());
  if (lead < 0xc3 || lead > 0xd2) return;
  const auto set = [&](unsigned first, unsigned second) {
    text[text.size() - 2] = static_cast<char>(first);
    text.back() = static_cast<char>(second);
  };
  if (lead == 0xc3 && last >= 0x80 && last <= 0x9e && last != 0x97) set(lead, last + 0x20U);
  if (lead == 0xc4 && last <= 0xb6 && last % 2 == 0) set(lead, last + 1U);
  if (lead == 0xc5 && last >= 0xb9 && last <= 0xbd && last % 2 == 1) set(lead, last + 1U);
  if (lead == 0xc5 && last >= 0x8a && last <= 0xb6 && last % 2 == 0) set(lead, last + 1U);
  if (lead == 0xc5 && last >= 0x81 && last <= 0x87 && last % 2 == 1) set(lead, last + 1U);
  if (lead == 0xce && last >= 0x91 && last <= 0x9f) set(lead, last + 0x20U);
  if (lead == 0xce && last >= 0xa0 && last <= 0xa9) set(0xcf, last - 0x20U);
  if (lead == 0xce && last == 0x86) set(lead, 0xac);
  if (lead == 0xce && last >= 0x88 && last <= 0x8a) set(lead, last + 0x25U);
  if (lead == 0xce && last == 0x8c) set(0xcf, 0x8c);
  if (lead == 0xce && (last == 0x8e || last == 0x8f)) set(0xcf, last - 1U);
  if (lead == 0xd0 && last >= 0x80 && last <= 0x8f) set(0xd1, last + 0x10U);
  if (lead == 0xd0 && last >= 0x90 && last <= 0x9f) set(lead, last + 0x20U);
  if (lead == 0xd0 && last >= 0xa0 && last <= 0xaf) set(0xd1, last - 0x20U);
  if (lead == 0xd2 && last == 0x90) set(lead, 0x91);
}

std::string lowered(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    out += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    if (static_cast<unsigned char>(c) >= 0x80) lower_last_letter(out);
  }
  return out;
}

}  // namespace abate::reading::prose
