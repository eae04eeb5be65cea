// SPDX-License-Identifier: Apache-2.0
// policy.toml: a [default] section, and per category what differs from it.
#include "apps/abated/config.h"
#include "apps/abated/toml_reader.h"
#include "base/text.h"

namespace abate::apps {
namespace {

void read_open(Section& section, Terms& terms) {
  section.parsed("open", [&](std::string_view value) -> Result<void> {
    if (value != "review" && value != "automatic")
      return failure(Fault::malformed, "\"review\" or \"automatic\" is wanted");
    terms.open = value == "automatic" ? OpenMode::automatic : OpenMode::review;
    return {};
  });
  section.parsed("refuse", [&](std::string_view value) -> Result<void> {
    if (value != "any" && value != "authenticated")
      return failure(Fault::malformed, "\"any\" or \"authenticated\" is wanted");
    terms.refuse = value == "authenticated" ? RefuseMode::authenticated : RefuseMode::any;
    return {};
  });
  section.parsed("enforce", [&](std::string_view value) -> Result<void> {
    if (value != "approve" && value != "automatic")
      return failure(Fault::malformed, "\"approve\" or \"automatic\" is wanted");
    terms.enforce = value == "automatic" ? EnforceMode::automatic : EnforceMode::approve;
    return {};
  });
}

void read_probe(Section& section, Terms& terms) {
  section.parsed("probe", [&](std::string_view value) -> Result<void> {
    if (value == "off")
      terms.probe = ProbeMode::off;
    else if (value == "record")
      terms.probe = ProbeMode::record;
    else if (value == "refuse")
      terms.probe = ProbeMode::refuse;
    else
      return failure(Fault::malformed, "\"off\", \"record\" or \"refuse\" is wanted");
    return {};
  });
}

void read_number(Section& section, std::string_view key, std::uint32_t& out, std::size_t most) {
  std::size_t value = out;
  section.count(key, value, most);
  out = static_cast<std::uint32_t>(value);
}

// Who and what opens a ticket, and what is never looked at.
void read_filters(const toml::table* table, Section& section, Terms& terms) {
  read_number(section, "record_right", terms.record_right, 1'000'000);
  read_number(section, "record_wrong_percent", terms.record_wrong_percent, 100);
  read_number(section, "record_harmful", terms.record_harmful, 1'000'000);
  read_number(section, "noise_incidents", terms.noise_incidents, 1'000);
  read_number(section, "noise_reporters", terms.noise_reporters, 1'000);
  section.duration("noise_window", terms.noise_window);
  std::vector<std::string> reporters;
  section.parsed_list("ignore_reporters", [&](std::string_view value) -> Result<void> {
    if (value.find('.') == value.npos)
      return failure(Fault::malformed, "'{}' is neither an address such as noc@example.org nor a domain", value);
    reporters.push_back(to_lower(value));
    return {};
  });
  if (table != nullptr && table->contains("ignore_reporters")) terms.ignore_reporters = std::move(reporters);
  std::vector<IpRange> addresses;
  section.prefixes("ignore_addresses", addresses);
  if (table != nullptr && table->contains("ignore_addresses")) terms.ignore_addresses = std::move(addresses);
}

Result<void> read_terms(const toml::table* table, const std::string& name, const std::string& path, Terms& terms) {
  Section section{table, name, path};
  section.duration("respond_within", terms.respond_within);
  section.duration("fix_within", terms.fix_within);
  section.duration("probation", terms.probation);
  section.duration("claim_slack", terms.claim_slack);
  section.duration("step_pause", terms.step_pause);
  section.duration("undated_window", terms.undated_window);
  read_number(section, "brake", terms.brake, 1'000'000);
  read_filters(table, section, terms);
  section.texts("required_actions", terms.required_actions);
  read_open(section, terms);
  read_probe(section, terms);
  std::vector<std::chrono::seconds> remind;
  section.parsed_list("remind_before", [&](std::string_view value) -> Result<void> {
    TRY_ASSIGN(const std::chrono::seconds before, parse_duration(value));
    remind.push_back(before);
    return {};
  });
  if (table != nullptr && table->contains("remind_before")) terms.remind_before = std::move(remind);
  std::vector<MeasureKind> ladder;
  section.parsed_list("ladder", [&](std::string_view value) -> Result<void> {
    const std::optional<MeasureKind> kind = parse_measure(value);
    if (!kind || *kind == MeasureKind::terminate)
      return failure(Fault::malformed,
                     "'{}' is no step of a ladder; known are limit_port25, limit_egress, isolate, "
                     "suspend (terminate is always a person's decision)",
                     value);
    ladder.push_back(*kind);
    return {};
  });
  if (table != nullptr && table->contains("ladder")) terms.ladder = std::move(ladder);
  return section.finish();
}

Result<void> read_categories(const toml::table& root, const std::string& path, Policy& policy) {
  Section section{root["category"].as_table(), "category", path};
  for (const Category category : kCategories) {
    const std::string name{category_name(category)};
    TRY(read_terms(section.table(name), "category." + name, path, policy.of(category)));
  }
  return section.finish();
}

}  // namespace

Result<Policy> parse_policy(std::string_view text, const std::string& path) {
  TRY_ASSIGN(const toml::table root, parse_toml(text, path));
  Section top{&root, "", path};
  const toml::table* defaults = top.table("default");
  top.table("category");
  TRY(top.finish());
  Terms common;
  common.ladder = {MeasureKind::limit_port25, MeasureKind::suspend};
  TRY(read_terms(defaults, "default", path, common));
  Policy policy;
  policy.terms.fill(common);
  TRY(read_categories(root, path, policy));
  return policy;
}

Result<Policy> read_policy(const std::string& path) {
  TRY_ASSIGN(const std::string text, read_file(path));
  return parse_policy(text, path);
}

Result<Policy> policy_of(const Config& config) {
  return config.policy_file.empty() ? parse_policy("", "built-in policy") : read_policy(config.policy_file);
}

}  // namespace abate::apps
