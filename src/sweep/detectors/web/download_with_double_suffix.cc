// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <span>

#include "base/text.h"
#include "sweep/kit/detector.h"

namespace abate::sweep {
namespace {

constexpr std::string_view kPrograms[] = {".exe", ".scr", ".com", ".pif", ".bat", ".cmd", ".vbs", ".vbe", ".jse",
                                          ".wsf", ".hta", ".lnk", ".msi", ".ps1", ".iso", ".img", ".jar", ".js"};
constexpr std::string_view kDocuments[] = {".pdf", ".doc", ".docx", ".xls",  ".xlsx", ".jpg", ".jpeg", ".png",
                                           ".txt", ".rtf", ".ppt",  ".pptx", ".mp4",  ".mp3", ".gif",  ".csv"};

bool wants(std::string_view path, const Stat& stat, const Host& host) {
  const std::string_view outer = suffix_of(path);
  if (outer.empty() || stat.size == 0) return false;
  const auto is_one = [](std::span<const std::string_view> all, std::string_view suffix) {
    return std::ranges::any_of(all, [&](std::string_view one) { return equals_ignoring_case(one, suffix); });
  };
  if (!is_one(kPrograms, outer) || host.site_of(path) == nullptr) return false;
  const std::string_view inner = suffix_of(path.substr(0, path.size() - outer.size()));
  // "viewer.pdf.js" belongs to a program that shows documents: scripts count only by the names that lure.
  if (equals_ignoring_case(outer, ".js") || equals_ignoring_case(outer, ".jar")) {
    const std::string name = to_lower(file_name(path));
    const bool lures = std::ranges::any_of(
        std::initializer_list<std::string_view>{"invoice", "rechnung", "facture", "factura", "statement", "payment",
                                                "order", "receipt", "scan", "document", "voice"},
        [&](std::string_view word) { return name.find(word) != std::string::npos; });
    return lures && is_one(kDocuments, inner);
  }
  return is_one(kDocuments, inner);
}

void look(const FileView& file, Findings& out) {
  Finding& finding = out.add(file_subject(file.path), "A program of Windows that is named like a document");
  finding.evidence.push_back(fmt::format("{}: {} bytes", file.path, file.stat.size));
  finding.role = "malware";
}

constexpr Example kExamples[] = {{"an invoice", R"TREE(--- /etc/apache2/sites-enabled/s.conf
<VirtualHost *:80>
ServerName shop.example.org
DocumentRoot /var/www/shop
</VirtualHost>
--- /var/www/shop/files/Invoice_2026.pdf.exe
MZ
)TREE",
                                  1},
                                 {"documents and programs", R"TREE(--- /etc/apache2/sites-enabled/s.conf
<VirtualHost *:80>
ServerName shop.example.org
DocumentRoot /var/www/shop
</VirtualHost>
--- /var/www/shop/files/manual.pdf
%PDF
--- /var/www/shop/files/setup.exe
MZ
--- /var/www/shop/js/viewer.pdf.js
x
)TREE",
                                  0}};

}  // namespace

extern const Detector download_with_double_suffix_detector;
constinit const Detector download_with_double_suffix_detector{
    .id = "download_with_double_suffix",
    .area = Area::web,
    .severity = Severity::suspicious,
    .title = "A program is offered under the name of a document",
    .explain =
        R"TEXT(Invoice.pdf.exe, photo.jpg.scr, statement.pdf.js: the name shows a document and the file is a program of Windows. Nobody offers such a file for download but to have it opened by mistake.
What to do: take it away; look who put it there, and what else came with it.)TEXT",
    .file = look,
    .wants = wants,
    .stats_only = true,
    .examples = kExamples};

}  // namespace abate::sweep
