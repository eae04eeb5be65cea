// SPDX-License-Identifier: Apache-2.0
#include "reading/stix_pattern.h"

#include "base/text.h"

namespace abate::reading {
namespace {

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_{text.substr(0, kPatternBytesMax)} {}

  std::vector<std::vector<Comparison>> groups() {
    while (at_ < text_.size() && count_ < kComparisonsMax) step();
    if (!group_.empty()) all_.push_back(std::move(group_));
    return std::move(all_);
  }

 private:
  static bool in_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == ':' || c == '.' || c == '*';
  }

  void step() {
    const char c = text_[at_];
    if (c == '\'') {
      value();
    } else if (c == '=') {
      equal_ = !path_.empty() && !negated_ &&
               (at_ == 0 || (text_[at_ - 1] != '!' && text_[at_ - 1] != '<' && text_[at_ - 1] != '>'));
      ++at_;
    } else if (in_word(c)) {
      word();
    } else {
      if (c == ']') next_group();
      ++at_;
    }
  }

  void next_group() {
    if (!group_.empty()) all_.push_back(std::move(group_));
    group_.clear();
    path_.clear();
    equal_ = negated_ = false;
  }

  // A path may hold quoted keys: file:hashes.'SHA-256', x:y['a'].z; these name nobody and are taken as a whole.
  void word() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && (in_word(text_[at_]) || (text_[at_] == '\'' && text_[at_ - 1] == '.'))) {
      if (text_[at_] == '\'') {
        const std::size_t end = text_.find('\'', at_ + 1);
        at_ = end == text_.npos ? text_.size() : end;
        if (at_ == text_.size()) break;
      }
      ++at_;
    }
    const std::string_view word = text_.substr(begin, at_ - begin);
    if (word == "OR") return next_group();
    if (word == "NOT") negated_ = true;
    if (word == "IN") equal_ = !path_.empty() && !negated_;
    if (word == "LIKE" || word == "MATCHES" || word == "ISSUBSET" || word == "ISSUPERSET") equal_ = false;
    if (word == "AND") {
      path_.clear();
      equal_ = negated_ = false;
    }
    if (word.find(':') != word.npos) {
      path_ = to_lower(word.substr(0, 200));
      equal_ = negated_ = false;
    } else if (equal_ && !word.empty() && word.front() >= '0' && word.front() <= '9') {
      take(std::string{word});
    }
  }

  void value() {
    std::string taken;
    for (++at_; at_ < text_.size() && text_[at_] != '\''; ++at_) {
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
      taken += text_[at_];
    }
    ++at_;
    if (equal_) take(std::move(taken));
  }

  void take(std::string value) {
    group_.push_back({path_, std::move(value)});
    ++count_;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t count_ = 0;
  std::string path_;
  bool equal_ = false;
  bool negated_ = false;
  std::vector<Comparison> group_;
  std::vector<std::vector<Comparison>> all_;
};

}  // namespace

std::vector<std::vector<Comparison>> pattern_groups(std::string_view pattern) { return Scanner(pattern).groups(); }

}  // namespace abate::reading
