// SPDX-License-Identifier: Apache-2.0
// reading/xml.h — hostile XML (pugixml). Document types are passed over, so no entity but the five of XML is ever
// resolved and nothing grows. Namespaces are ignored: "iodef:Incident" is "Incident"; names match in any case, for
// senders write them as they like. What is broken is read up to the break: ok() is then false.
//
//   TRY_ASSIGN(const Xml xml, parse_xml(bytes));
//   for (const XmlNode item : xml.root().children("Item")) use(item.text("Title"), item.attribute("id"));
//
// Limits: kXmlBytesMax, kXmlTagsMax; kXmlDepthMax bounds the search for descendants. Nodes point into their Xml, which
// must outlive them. Thread-safe as long as each Xml has one thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <pugixml.hpp>

#include "base/result.h"
#include "model/incident.h"

namespace abate::reading {

constexpr std::size_t kXmlBytesMax = std::size_t{32} << 20;
constexpr std::size_t kXmlTagsMax = 1'000'000;  // each costs some 50 bytes of memory
constexpr int kXmlDepthMax = 100;
constexpr std::size_t kXmlElementBytesMax = 64 * 1024;
constexpr std::size_t kXmlTextBytesMax = 64 * 1024;  // of one text or attribute; the rest is cut

class XmlNode {
 public:
  XmlNode() = default;
  explicit XmlNode(pugi::xml_node node) : node_{node} {}

  [[nodiscard]] bool exists() const { return !node_.empty(); }
  [[nodiscard]] std::string_view name() const;  // without its prefix
  [[nodiscard]] bool is(std::string_view name) const;
  [[nodiscard]] XmlNode child(std::string_view name) const;  // the first of that name, or one that does not exist
  [[nodiscard]] std::vector<XmlNode> children() const;       // elements only
  [[nodiscard]] std::vector<XmlNode> children(std::string_view name) const;
  // All elements of that name beneath this one, outer before inner and not within each other, at most `count_max`.
  [[nodiscard]] std::vector<XmlNode> descendants(std::string_view name, std::size_t count_max) const;
  [[nodiscard]] std::string text() const;  // of the element itself, trimmed, valid UTF-8
  [[nodiscard]] std::string text(std::string_view child_name) const { return child(child_name).text(); }
  [[nodiscard]] std::string attribute(std::string_view name) const;  // trimmed, valid UTF-8, or ""

 private:
  friend class Xml;
  pugi::xml_node node_;
};

class Xml {
 public:
  [[nodiscard]] XmlNode document() const { return XmlNode(*document_); }  // above the root
  [[nodiscard]] XmlNode root() const { return XmlNode(document_->document_element()); }
  [[nodiscard]] bool ok() const { return ok_; }
  // Where the element stands in the bytes that were parsed; nothing where they had to be converted first, or where it
  // ends more than kXmlElementBytesMax behind its last child.
  [[nodiscard]] std::optional<ByteRange> range_of(XmlNode element, std::string_view bytes) const;

 private:
  friend Result<Xml> parse_xml(std::string_view bytes);
  std::unique_ptr<pugi::xml_document> document_;
  std::size_t skipped_ = 0;  // before the first '<'
  bool ok_ = true;
};

bool looks_like_xml(std::string_view bytes);  // begins with '<' and a name, "?xml" or "!"
// malformed where no element can be found at all.
Result<Xml> parse_xml(std::string_view bytes);

}  // namespace abate::reading
