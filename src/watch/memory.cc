// SPDX-License-Identifier: Apache-2.0
#include "watch/memory.h"

#include <boost/json.hpp>

#include "base/hash.h"
#include "base/json_fields.h"

namespace abate::watch {
namespace {

namespace json = boost::json;

// The server's names are raw bytes: as hex, JSON holds them whole.
std::string raw(std::string_view hex) { return from_hex(hex).value_or(""); }

}  // namespace

Memory read_memory(std::string_view text) {
  Memory memory;
  boost::system::error_code wrong;
  const json::value value = json::parse(text, wrong);
  if (wrong || !value.is_object()) return memory;
  const json::object& form = value.get_object();
  if (text_of(form, "schema") != "abate.watch/1") return memory;
  if (const Result<Instant> last = parse_rfc3339(text_of(form, "last"))) memory.last = *last;
  for (const auto& [name, says] : object_of(form, "things"))
    if (says.is_string() && memory.things.size() < Memory::kThingsMax)
      memory.things[raw(name)] = raw(says.get_string());
  for (const auto& [account, all] : object_of(form, "networks"))
    if (all.is_array())
      for (const json::value& one : all.get_array())
        if (one.is_string()) memory.networks[raw(account)].emplace(one.get_string());
  for (const json::value& one : list_of(form, "told"))
    if (one.is_string() && memory.told.size() < Memory::kToldMax) memory.told.emplace(one.get_string());
  if (const json::value* rate = form.if_contains("mails_an_hour"); rate != nullptr && rate->is_number())
    memory.mails_an_hour = rate->to_number<double>();
  memory.looks = number_of(form, "looks");
  return memory;
}

std::string memory_text(const Memory& memory) {
  json::object things;
  for (const auto& [name, says] : memory.things) things[to_hex(name)] = to_hex(says);
  json::object networks;
  for (const auto& [account, all] : memory.networks) {
    json::array rows;
    for (const std::string& one : all) rows.emplace_back(one);
    networks[to_hex(account)] = std::move(rows);
  }
  json::array told;
  for (const std::string& one : memory.told) told.emplace_back(one);
  json::object form{{"schema", "abate.watch/1"},
                    {"last", memory.last ? json::value(format_rfc3339_exact(*memory.last)) : json::value(nullptr)},
                    {"things", std::move(things)},
                    {"networks", std::move(networks)},
                    {"told", std::move(told)},
                    {"mails_an_hour", memory.mails_an_hour},
                    {"looks", memory.looks}};
  return json::serialize(form);
}

}  // namespace abate::watch
