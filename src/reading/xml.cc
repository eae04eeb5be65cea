// SPDX-License-Identifier: Apache-2.0
#include "reading/xml.h"

#include <algorithm>

#include "base/text.h"

namespace abate::reading {
namespace {

std::string_view without_prefix(std::string_view name) {
  const auto colon = name.rfind(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

std::string clean(std::string_view value) { return make_valid_utf8(trim(value.substr(0, kXmlTextBytesMax))); }

void collect(const pugi::xml_node& node, std::string_view name, std::size_t count_max, int depth,
             std::vector<XmlNode>& found) {
  if (depth > kXmlDepthMax) return;
  for (const pugi::xml_node child : node.children()) {
    if (found.size() >= count_max) return;
    if (child.type() != pugi::node_element) continue;
    if (const XmlNode element(child); element.is(name))
      found.push_back(element);
    else
      collect(child, name, count_max, depth + 1, found);
  }
}

}  // namespace

std::string_view XmlNode::name() const { return without_prefix(node_.name()); }
bool XmlNode::is(std::string_view name) const { return equals_ignoring_case(this->name(), name); }

XmlNode XmlNode::child(std::string_view name) const {
  for (const pugi::xml_node child : node_.children())
    if (child.type() == pugi::node_element && XmlNode(child).is(name)) return XmlNode(child);
  return {};
}

std::vector<XmlNode> XmlNode::children() const {
  std::vector<XmlNode> all;
  for (const pugi::xml_node child : node_.children())
    if (child.type() == pugi::node_element) all.emplace_back(child);
  return all;
}

std::vector<XmlNode> XmlNode::children(std::string_view name) const {
  std::vector<XmlNode> all = children();
  std::erase_if(all, [&](const XmlNode& node) { return !node.is(name); });
  return all;
}

std::vector<XmlNode> XmlNode::descendants(std::string_view name, std::size_t count_max) const {
  std::vector<XmlNode> found;
  collect(node_, name, count_max, 0, found);
  return found;
}

std::string XmlNode::text() const {
  std::string all;
  for (const pugi::xml_node child : node_.children()) {
    if (child.type() != pugi::node_pcdata && child.type() != pugi::node_cdata) continue;
    all += child.value();
    if (all.size() > kXmlTextBytesMax) break;
  }
  return clean(all);
}

std::string XmlNode::attribute(std::string_view name) const {
  for (const pugi::xml_attribute attribute : node_.attributes())
    if (equals_ignoring_case(without_prefix(attribute.name()), name)) return clean(attribute.value());
  return {};
}

std::optional<ByteRange> Xml::range_of(XmlNode element, std::string_view bytes) const {
  bytes.remove_prefix(std::min(skipped_, bytes.size()));
  // From the element down along its last children, then up again from end to end.
  std::vector<pugi::xml_node> chain;
  for (pugi::xml_node node = element.node_; node && chain.size() < static_cast<std::size_t>(kXmlDepthMax);) {
    chain.push_back(node);
    pugi::xml_node last = node.last_child();
    while (last && last.type() != pugi::node_element) last = last.previous_sibling();
    node = last;
  }
  std::size_t begin = 0, end = 0;
  for (auto node = chain.rbegin(); node != chain.rend(); ++node) {
    const std::string_view name = node->name();
    const auto at = node->offset_debug();
    if (at < 1 || name.empty() || !bytes.substr(std::min(static_cast<std::size_t>(at), bytes.size())).starts_with(name))
      return std::nullopt;
    begin = static_cast<std::size_t>(at) - 1;
    end = std::max(end, begin);
    const std::string_view window = bytes.substr(end, kXmlElementBytesMax);
    auto close = window.find(node->first_child() ? fmt::format("</{}", name) : ">");
    if (close != window.npos && !node->first_child() && window[close - 1] != '/')
      close = window.find(fmt::format("</{}", name));
    close = close == window.npos ? close : window.find('>', close);
    if (close == window.npos) return std::nullopt;
    end += close + 1;
  }
  if (chain.empty()) return std::nullopt;
  return ByteRange{skipped_ + begin, end - begin};
}

bool looks_like_xml(std::string_view bytes) {
  if (bytes.starts_with("\xef\xbb\xbf")) bytes.remove_prefix(3);
  const auto first = bytes.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos || bytes[first] != '<' || first + 1 >= bytes.size()) return false;
  const char next = bytes[first + 1];
  return next == '?' || next == '!' || (next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z');
}

Result<Xml> parse_xml(std::string_view bytes) {
  if (bytes.size() > kXmlBytesMax) return failure(Fault::too_big, "The XML is larger than {} bytes", kXmlBytesMax);
  if (static_cast<std::size_t>(std::count(bytes.begin(), bytes.end(), '<')) > kXmlTagsMax)
    return failure(Fault::too_big, "The XML has more than {} tags", kXmlTagsMax);
  // pugixml refuses an XML declaration with blanks before it.
  const auto first = bytes.find_first_not_of(" \t\r\n");
  bytes.remove_prefix(first == std::string_view::npos ? bytes.size() : first);
  Xml xml;
  xml.skipped_ = first == std::string_view::npos ? 0 : first;
  xml.document_ = std::make_unique<pugi::xml_document>();
  const auto parsed = xml.document_->load_buffer(bytes.data(), bytes.size(), pugi::parse_default);
  xml.ok_ = parsed.status == pugi::status_ok;
  if (!xml.root().exists()) return failure(Fault::malformed, "The XML cannot be read: {}", parsed.description());
  return xml;
}

}  // namespace abate::reading
