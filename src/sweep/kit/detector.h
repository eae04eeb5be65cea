// SPDX-License-Identifier: Apache-2.0
// sweep/kit/detector.h — what a detector is. One file in sweep/detectors/AREA/ is one detector; CMake finds it.
//
//   namespace abate::sweep {
//   namespace {
//   void look(const FileView& file, Findings& out) { … }
//   constexpr Example kExamples[] = {
//       {"the loader that most kits drop", "--- /var/www/html/x.php\n<?php eval(base64_decode('aGk='));\n", 1},
//       {"decoding without running is fine", "--- /var/www/html/m.php\n<?php $b = base64_decode($s);\n", 0},
//   };
//   }  // namespace
//   extern const Detector php_decoded_eval_detector;
//   constinit const Detector php_decoded_eval_detector{.id = "php_decoded_eval", .area = Area::web,
//       .severity = Severity::malicious, .title = "PHP runs a decoded blob",
//       .explain = R"(…)", .file = look, .examples = kExamples};
//   }
//
// A detector looks in exactly one of three ways:
//   file   at one file's bytes during the walk. Pure: it opens nothing, and what it says follows from the FileView
//          alone, with its host's accounts, sites, packages and ticket. Findings about known files are dropped, except
//          where the detector says itself what it `wants`.
//   watch  at the events of all logs, in the order of each log; it keeps bounded state (named limits) and says at the
//          end what it saw.
//   host   at the inventory: accounts, autostarts, services' configuration, processes, sockets. It may read files
//   through host.tree.
//
// One test walks all of them: unique ids, a manual, examples that hold (at least one caught and one spared, each an
// own little server, see memory_tree.h), and examples cut off at every byte that crash nothing.
// `malicious` is earned: only what a careful responder would act on without asking, and never what belongs unchanged to
// a package.
#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "model/finding.h"
#include "sweep/kit/event.h"
#include "sweep/kit/host.h"
#include "sweep/kit/tree.h"

namespace abate::sweep {

// Where a detector puts what it found. Knows the detector that is looking: area, and severity where none is given.
class Findings {
 public:
  virtual ~Findings() = default;
  // The reference is valid until the next add: set evidence, at, severity, and what diagnosis joins.
  virtual Finding& add(Subject subject, std::string why) = 0;
};

// What is dear to find out about a file: found out when first asked, and then remembered.
class FileFacts {
 public:
  virtual ~FileFacts() = default;
  virtual std::string_view md5() = 0;              // of the whole file, hex; "" where it is too large to be read whole
  virtual std::string_view packaged_digest() = 0;  // the same by Packages::algorithm()
  virtual bool known() = 0;                        // unchanged from a package or a known release: never malicious
  // The names in its folder, itself too; nothing where they cannot be listed. What is found with their help is not
  // remembered by the state folder, since it may change while the file does not.
  virtual std::vector<Name> names_beside() = 0;
};

struct FileView {
  std::string_view path;
  const Stat& stat;
  std::string_view bytes;  // the first kBytesMax bytes
  const Host& host;
  const Site* site = nullptr;  // the web site whose docroot it lies in
  FileFacts& facts;

  static constexpr std::size_t kBytesMax = std::size_t{4} << 20;
};

class LogWatcher {
 public:
  virtual ~LogWatcher() = default;
  virtual void see(const Event& event) = 0;
  virtual void finish(Findings& out) = 0;  // after the last event of the last log
};

struct Example {
  std::string_view title;
  std::string_view tree;     // memory_tree.h
  std::size_t findings = 0;  // of this detector
};

struct Detector {
  std::string_view id;  // the file's name
  Area area;
  Severity severity;         // what it says unless a finding says otherwise
  std::string_view title;    // "PHP runs a decoded blob"
  std::string_view explain;  // `abate explain ID`: what it is, why it matters, false alarms, what to do
  void (*file)(const FileView& file, Findings& out) = nullptr;
  // Which files its `file` wants: asked before a file is read, so that nobody reads a disk for nothing. Null: those
  // that kit's worth_reading() takes (web files and scripts, and all in places that anybody can write to).
  bool (*wants)(std::string_view path, const Stat& stat, const Host& host) = nullptr;
  bool stats_only = false;  // `file` needs no bytes: the node's Stat is enough (setuid bits, owners, names)
  std::unique_ptr<LogWatcher> (*watch)(const Host& host) = nullptr;
  void (*host)(const Host& host, Findings& out) = nullptr;
  std::span<const Example> examples;
};

// All of sweep/detectors, by id. Made by CMake.
std::span<const Detector* const> detectors();

}  // namespace abate::sweep
