// SPDX-License-Identifier: Apache-2.0
// reading/xarf4_fields.h — the fields of XARF v4 that have no place of their own in an incident: kept as reasons, so
// that people see them; and what about the values breaks the schema. Pure; thread-safe.
#pragma once

#include "model/incident.h"
#include "reading/json.h"
#include "reading/values.h"

namespace abate::reading {

constexpr std::size_t kXarf4NotesMax = 40;  // of one report

// The field, its name in any case; nothing where it is null.
JsonValue field_of(JsonValue report, std::string_view name);
void add_xarf4_notes(Incident& incident, JsonValue report);
// Numbers written as words, lists where a text should be, times that are none, ports out of range, parties without a
// contact, fields of no schema or in another case: a warning each.
void check_xarf4_values(JsonValue report, Warnings& warnings);

}  // namespace abate::reading
