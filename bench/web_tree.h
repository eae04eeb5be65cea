// SPDX-License-Identifier: Apache-2.0
// bench/web_tree.h — a made-up web root of PHP, JavaScript and style sheets as applications have them, about 10 KB a
// file, and 200 malware rules as YARA and as ClamAV write them. Some files hold what one of the rules looks for; which
// ones is known. Everything that is planted is inert: fragments among code that is never run.
#pragma once

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>

namespace abate::bench {

struct WebRule {
  std::string name;
  bool is_regex = false;
  std::string pattern;  // a text, or a regular expression that YARA and PCRE read alike
  std::string example;  // what it matches
};

inline std::vector<WebRule> web_rules() {
  constexpr const char* kRuns[] = {"eval",       "assert", "system",    "passthru",        "shell_exec",
                                   "pcntl_exec", "popen",  "proc_open", "create_function", "call_user_func"};
  constexpr const char* kDecoders[] = {"base64_decode", "gzinflate", "gzuncompress", "str_rot13",
                                       "gzdecode",      "hex2bin",   "rawurldecode", "strrev"};
  constexpr const char* kInputs[] = {"GET", "POST", "REQUEST", "COOKIE", "SERVER"};
  std::vector<WebRule> rules;
  const auto add = [&](bool regex, std::string pattern, std::string example) {
    rules.push_back({fmt::format("rule_{:03}", rules.size()), regex, std::move(pattern), std::move(example)});
  };
  for (const char* run : kRuns) {
    for (const char* decoder : kDecoders)
      add(true, fmt::format(R"({}\s*\(\s*{}\s*\()", run, decoder), fmt::format("{}( {}(", run, decoder));
    for (const char* input : kInputs)
      add(true, fmt::format(R"(@?{}\s*\(\s*\$_{}\s*\[)", run, input), fmt::format("@{} ($_{}[", run, input));
  }
  while (rules.size() < 200) {
    std::string mark = fmt::format("shellmark{:03}by{}", rules.size(), rules.size() * 7919);
    add(false, mark, mark);
  }
  return rules;
}

inline std::string hex_of(const std::string& text) {
  std::string hex;
  for (const char c : text) hex += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return hex;
}

inline std::string yara_rules() {
  std::string text;
  for (const WebRule& rule : web_rules())
    text += rule.is_regex
                ? fmt::format("rule {} {{ strings: $a = /{}/ nocase condition: $a }}\n", rule.name, rule.pattern)
                : fmt::format("rule {} {{ strings: $a = \"{}\" nocase condition: $a }}\n", rule.name, rule.pattern);
  return text;
}

// Texts as .ndb, regular expressions as .ldb that start from the function's name.
inline void write_clamav_rules(const std::string& folder) {
  std::ofstream texts{folder + "/rules.ndb"}, expressions{folder + "/rules.ldb"};
  for (const WebRule& rule : web_rules()) {
    if (!rule.is_regex) {
      texts << rule.name << ":0:*:" << hex_of(rule.pattern) << '\n';
      continue;
    }
    const std::size_t begin = rule.pattern.starts_with('@') ? 2 : 0;
    const std::string head = rule.pattern.substr(begin, rule.pattern.find('\\') - begin);
    expressions << rule.name << ";Engine:81-255,Target:0;0&1;" << hex_of(head) << "::i;0/" << rule.pattern << "/i\n";
  }
}

class WebTree {
 public:
  WebTree() {
    std::string name = (std::filesystem::temp_directory_path() / "abate-bench-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
    std::filesystem::create_directories(root());
  }
  ~WebTree() { std::filesystem::remove_all(folder_); }
  WebTree(const WebTree&) = delete;
  WebTree& operator=(const WebTree&) = delete;

  [[nodiscard]] std::string folder() const { return folder_; }  // for rules and results
  [[nodiscard]] std::string root() const { return folder_ / "root"; }
  static constexpr const char* kDocroot = "/var/www/html";

  // Files 0 to n-1, fifty to a folder, ten folders to a site; one in 500 holds what a rule looks for.
  void grow(int files) {
    const std::vector<WebRule> rules = web_rules();
    for (int i = 0; i < files; ++i) {
      const std::string at = fmt::format("{}/site{:03}/modules/m{:02}", kDocroot, i / 500, i / 50 % 10);
      if (i % 50 == 0) std::filesystem::create_directories(root() + at);
      const unsigned kind = below(10);
      const char* suffix = kind < 6 ? "php" : kind < 9 ? "js" : "css";
      const std::string path = fmt::format("{}/f{:06}.{}", at, i, suffix);
      std::string text = kind < 6 ? "<?php\n" : "";
      const auto size = static_cast<std::size_t>(std::exp(9.0 + 0.6 * normal_(random_)));
      const std::size_t planted =
          i % 500 == 250 ? text.size() + below(static_cast<unsigned>(size) + 1) : ~std::size_t{0};
      while (text.size() < size || (planted != ~std::size_t{0} && !planted_.contains(path))) {
        if (text.size() >= planted && !planted_.contains(path)) {
          text += fmt::format("    $x = {}\n", rules[static_cast<std::size_t>(i / 500 * 37) % rules.size()].example);
          planted_.insert(path);
        }
        add_line(text);
      }
      std::ofstream{root() + path, std::ios::binary} << text;
      bytes_ += text.size();
    }
  }
  [[nodiscard]] const std::set<std::string>& planted() const { return planted_; }  // paths beneath the root
  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }

 private:
  unsigned below(unsigned bound) { return static_cast<unsigned>(random_() % bound); }

  // Code as it stands in applications. Of the million lines of a WordPress with its plugins one in 160 holds a word
  // that one of our rules begins with.
  void add_line(std::string& text) {
    constexpr const char* kWords[] = {"order",  "user",     "cart",     "post",       "term",    "query",
                                      "meta",   "option",   "block",    "theme",      "request", "handler",
                                      "filter", "password", "assets",   "session",    "index",   "execution",
                                      "system", "process",  "callback", "evaluation", "cookie",  "value"};
    const char* a = kWords[below(24)];
    const char* b = kWords[below(24)];
    const unsigned n = below(100'000);
    if (below(150) == 0) return add_telling_line(text, a, b, n);
    switch (below(20)) {
      case 0: text += fmt::format("    public function get_{}_{}( ${}, $args = array() ) {{\n", a, b, a); return;
      case 1: text += fmt::format("        if ( ! isset( $this->{}['{}_{}'] ) ) {{ return null; }}\n", a, b, n); return;
      case 2: text += fmt::format("        ${} = apply_filters( 'pre_{}_{}', ${}, $this );\n", a, b, n, a); return;
      case 3: text += fmt::format("    /** Retrieves the {} of a {}, see ticket #{}. */\n", a, b, n); return;
      case 4:
        text += fmt::format("        $wpdb->query( $wpdb->prepare( \"SELECT * FROM {}_{} WHERE id = %d\", {} ) );\n", a,
                            b, n);
        return;
      case 5:
        text +=
            fmt::format("function {}{}(e,t,n){{var r=t.{},i=n[{}];return r&&i?r.apply(e,i):null}}\n", a, n, b, n % 9);
        return;
      case 6:
        text += fmt::format("  var {} = document.getElementById('{}-{}'), {} = /^\\s*(\\w+)\\s*$/.exec({});\n", a, b, n,
                            b, a);
        return;
      case 7:
        text += fmt::format(".{}-{} > .{}__{} {{ margin: {}px auto; color: #{:06x}; }}\n", a, n, b, a, n % 40, n);
        return;
      case 8:
        text += fmt::format("            foreach ( (array) ${} as $key => ${} ) {{ $sum += {}; }}\n", a, b, n);
        return;
      case 9:
        text +=
            fmt::format("        error_log( sprintf( 'The {} %s of {} was not found (%d)', ${}, {} ) );\n", a, b, a, n);
        return;
      case 10: text += "    }\n\n"; return;
      case 11: text += fmt::format("    const {}_{} = '{:08x}{:08x}';\n", a, b, n * 40503U, n * 2654435761U); return;
      case 12: text += fmt::format("      <li class=\"{}-item\"><a href=\"/{}/{}\">{}</a></li>\n", a, b, n, a); return;
      case 13:
        text += fmt::format("        ${} = preg_replace( '/[^a-z0-9_\\-]{}/', '', strtolower( ${} ) );\n", a, n % 7, b);
        return;
      case 14:
        text += fmt::format("        'label_{}' => __( 'Add the new {} to your {}', 'domain' ),\n", n, a, b);
        return;
      case 15:
        text +=
            fmt::format("  if (typeof {} !== 'undefined' && {}.length > {}) {{ {}.push({}); }}\n", a, a, n % 99, b, n);
        return;
      case 16: text += fmt::format("        $this->{}->set_{}( '{}', true )->save();\n", a, b, n); return;
      case 17: text += fmt::format("  this.{}.on('change:{}', _.bind(this.render, this, {}));\n", a, b, n); return;
      case 18: text += fmt::format("        require_once ABSPATH . 'includes/class-{}-{}.php';\n", a, b); return;
      default: text += fmt::format("        echo esc_html( ${}->{} ) . \"\\n\";  // line {}\n", a, b, n); return;
    }
  }

  // Lines with the words that rules begin with, where honest code has them.
  void add_telling_line(std::string& text, const char* a, const char* b, unsigned n) {
    switch (below(12)) {
      case 0:
        text += fmt::format("        ${} = isset( $_POST['{}'] ) ? sanitize( $_POST['{}'] ) : '';\n", a, b, b);
        return;
      case 1: text += fmt::format("        $result = curl_exec( $handle_{} );  // {} seconds\n", a, n % 60); return;
      case 2: text += fmt::format("        return base64_encode( serialize( ${} ) . '{}' );\n", a, n); return;
      case 3:
        text += fmt::format("        ${} = call_user_func_array( array( $this, 'do_{}' ), array( {} ) );\n", a, b, n);
        return;
      case 4: text += fmt::format("        $file_{} = get_filesystem_path( '{}/{}.php' );\n", a, b, n); return;
      case 5:
        text += fmt::format("        $evaluated_{} = $this->evaluate( ${}, {} );  // medieval\n", a, b, n);
        return;
      case 6: text += fmt::format("        assert_equals( {}, count( ${} ) );\n", n, a); return;
      case 7:
        text += fmt::format("        if ( is_wp_error( ${} ) || empty( $_GET['{}'] ) ) {{ exit; }}\n", a, b);
        return;
      case 8: text += fmt::format("        ${} = $pdo->exec( 'UPDATE {} SET n = {}' );\n", a, b, n); return;
      case 9:
        text +=
            fmt::format("        * @param string ${} Optional. The operating system of the {}. Default {}.\n", a, b, n);
        return;
      case 10:
        text += fmt::format("            case '{}-{}': ${} = (int) $_REQUEST['{}']; break;\n", a, n, b, a);
        return;
      default:
        text += fmt::format("        $cookie = isset( $_COOKIE['{}_{}'] ) ? $_COOKIE['{}_{}'] : null;\n", a, n, a, n);
        return;
    }
  }

  std::filesystem::path folder_;
  std::mt19937 random_{7};
  std::normal_distribution<double> normal_{0, 1};
  std::set<std::string> planted_;
  std::uint64_t bytes_ = 0;
};

}  // namespace abate::bench
