// SPDX-License-Identifier: Apache-2.0
// reading/rows/objects.h — feeds whose rows are objects: a JSON array, an object that holds one ({"data": [...]}), JSON
// lines, or XML elements that repeat. Fields are known by their names as columns are (rows/columns.h), nested ones by
// their path: Source[0].IP4 of IDEA is "sourceip4", address[0].ip of n6 "addressip".
//
// SECURITY: bounded by the limits of reading/json.h and reading/xml.h and by those below. Pure.
#pragma once

#include <functional>

#include "reading/json.h"
#include "reading/rows/table.h"
#include "reading/xml.h"

namespace abate::reading {

constexpr std::size_t kFieldsOfObjectMax = 500;
constexpr int kObjectDepthMax = 4;

// How many rows that could blame somebody are among the first ones: 0 where this is no feed.
std::size_t rows_in(JsonValue root);
// Sets where the row of that number was read.
template <class Node>
using MarkRow = std::function<void(Incident& incident, std::size_t number, Node row)>;
void read_objects(JsonValue root, std::string_view context, const MarkRow<JsonValue>& mark, Reading& reading,
                  Warnings& warnings);

std::size_t rows_in(XmlNode root);
void read_elements(XmlNode root, std::string_view context, const MarkRow<XmlNode>& mark, Reading& reading,
                   Warnings& warnings);

}  // namespace abate::reading
