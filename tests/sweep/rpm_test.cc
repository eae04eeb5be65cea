// SPDX-License-Identifier: Apache-2.0
// RPM's database against rpm itself: a package is built and installed into a database of its own.
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>
#include <sqlite3.h>

#include "base/text.h"
#include "sweep/host/disk_tree.h"
#include "sweep/host/inventory/inventory.h"
#include "sweep/host/inventory/rpm/header.h"
#include "sweep/host/inventory/rpm/tree_database.h"
#include "sweep/host/look.h"

namespace abate::sweep {
namespace {

namespace fs = std::filesystem;

constexpr const char* kSpec = R"(Name: tiny
Version: 1.2
Release: 3
Epoch: 4
Summary: tiny
License: none
BuildArch: noarch
%description
tiny
%install
mkdir -p %{buildroot}/usr/bin %{buildroot}/etc
printf '#!/bin/sh\necho hello\n' >%{buildroot}/usr/bin/tiny
echo a=1 >%{buildroot}/etc/tiny.conf
ln -s tiny %{buildroot}/usr/bin/tinier
%files
%attr(0755,-,-) /usr/bin/tiny
/usr/bin/tinier
%config(noreplace) /etc/tiny.conf
)";

std::string said_by(const std::string& command) {
  std::string text;
  std::FILE* pipe = ::popen(command.c_str(), "r");
  std::array<char, 4096> step{};
  while (const std::size_t got = std::fread(step.data(), 1, step.size(), pipe)) text.append(step.data(), got);
  EXPECT_EQ(::pclose(pipe), 0) << command;
  return text;
}

void write(const fs::path& path, std::string_view text) {
  fs::create_directories(path.parent_path());
  std::ofstream{path, std::ios::binary} << text;
}

// A server's disk with a database that rpm made.
class RpmTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "abate-rpm-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
    root_ = folder_ / "root";
    database_ = root_ / "var/lib/rpm";
    write(folder_ / "tiny.spec", kSpec);
    said_by(fmt::format("rpmbuild --quiet --define '_topdir {0}/build' -bb {0}/tiny.spec 2>&1", folder_.string()));
    fs::create_directories(database_);
    said_by(
        fmt::format("rpm --define '_db_backend sqlite' --dbpath {} --justdb --nodeps --noscripts -i "
                    "{}/build/RPMS/noarch/tiny-1.2-3.noarch.rpm 2>&1",
                    database_.string(), folder_.string()));
    write(root_ / "usr/bin/tiny", "#!/bin/sh\necho hello\n");
    fs::permissions(root_ / "usr/bin/tiny", fs::perms{0755});
    write(root_ / "etc/passwd", "root:x:0:0::/root:/bin/sh\n");
    tree_ = std::move(*DiskTree::open_root(root_.string()));
  }
  void TearDown() override { fs::remove_all(folder_); }

  [[nodiscard]] std::string query(const std::string& format) const {
    return said_by(fmt::format("rpm --dbpath {} -qa --qf '{}' 2>/dev/null", database_.string(), format));
  }
  [[nodiscard]] std::vector<std::string> findings_of(std::string_view detector) {
    Notes notes;
    const auto opened = open_host(*tree_, {}, parse_rfc3339("2026-06-01T00:00:00Z").value(), {}, notes);
    std::vector<std::string> paths;
    for (const Finding& finding : look(opened->host, detectors(), {}, notes).findings)
      if (finding.detector == detector) paths.push_back(finding.subject.path);
    return paths;
  }

  fs::path folder_, root_, database_;
  std::unique_ptr<DiskTree> tree_;
};

TEST_F(RpmTest, what_is_read_is_what_rpm_says) {
  Notes notes;
  const std::unique_ptr<Packages> packages = load_rpm(*tree_, notes);
  ASSERT_NE(packages, nullptr);
  EXPECT_TRUE(notes.all().empty());
  EXPECT_EQ(packages->system(), "rpm");
  EXPECT_EQ(packages->algorithm(), "SHA256");
  EXPECT_EQ(packages->installed(), (std::vector<std::pair<std::string, std::string>>{{"tiny", "4:1.2-3"}}));
  std::istringstream lines{query("[%{FILENAMES} %{FILEDIGESTS}\\n]")};
  std::string path, digest, line;
  std::size_t files = 0;
  while (std::getline(lines, line)) {
    const std::size_t blank = line.find(' ');
    path = line.substr(0, blank);
    digest = line.substr(blank + 1);
    EXPECT_TRUE(packages->owns(path)) << path;
    EXPECT_EQ(packages->digest_of(path).value_or(""), digest) << path;
    EXPECT_EQ(packages->package_of(path), "tiny");
    if (!digest.empty()) {
      EXPECT_TRUE(packages->knows_content(digest));
    }
    ++files;
  }
  EXPECT_EQ(files, 3U);
  EXPECT_TRUE(packages->is_configuration("/etc/tiny.conf"));
  EXPECT_FALSE(packages->is_configuration("/usr/bin/tiny"));
  EXPECT_TRUE(packages->owns("/bin/tiny")) << "/bin is a link to it on merged systems";
  EXPECT_FALSE(packages->owns("/usr/bin/other"));
}

TEST_F(RpmTest, a_program_that_was_exchanged_is_found_and_an_unchanged_one_is_not) {
  EXPECT_EQ(findings_of("program_file_changed"), std::vector<std::string>{});
  write(root_ / "usr/bin/tiny", "#!/bin/sh\necho another\n");
  EXPECT_EQ(findings_of("program_file_changed"), std::vector<std::string>{"/usr/bin/tiny"});
}

TEST_F(RpmTest, a_database_cut_off_or_scrambled_ends_in_words_and_nothing_is_written) {
  const fs::path file = database_ / "rpmdb.sqlite";
  std::string bytes;
  {
    std::ifstream in{file, std::ios::binary};
    bytes.assign(std::istreambuf_iterator<char>{in}, {});
  }
  std::uint32_t state = 7;
  for (int round = 0; round < 60; ++round) {
    std::string hurt = bytes;
    if (round % 3 == 0) hurt.resize(hurt.size() * static_cast<std::size_t>(round) / 60);
    for (int i = 0; i < round * 40 && !hurt.empty(); ++i) {
      state = state * 1664525 + 1013904223;
      hurt[state % hurt.size()] = static_cast<char>(state >> 24);
    }
    write(file, hurt);
    Notes notes;
    static_cast<void>(load_rpm(*tree_, notes));
    std::ifstream in{file, std::ios::binary};
    ASSERT_EQ(std::string(std::istreambuf_iterator<char>{in}, {}), hurt);
  }
}

TEST_F(RpmTest, a_view_in_place_of_the_table_is_refused) {
  const fs::path file = database_ / "rpmdb.sqlite";
  fs::remove(file);
  sqlite3* database = nullptr;
  ASSERT_EQ(sqlite3_open(file.c_str(), &database), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(database,
                         "CREATE VIEW Packages AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x FROM n) "
                         "SELECT randomblob(9) AS blob FROM n",
                         nullptr, nullptr, nullptr),
            SQLITE_OK);
  sqlite3_close(database);
  const Result<void> done = read_blobs(*tree_, "/var/lib/rpm/rpmdb.sqlite", "SELECT blob FROM Packages",
                                       [](std::string_view) { return true; });
  ASSERT_FALSE(done);
}

TEST_F(RpmTest, a_header_cut_off_or_lying_about_its_counts_is_bounded) {
  std::string blob;
  ASSERT_TRUE(read_blobs(*tree_, "/var/lib/rpm/rpmdb.sqlite", "SELECT blob FROM Packages", [&](std::string_view bytes) {
    blob = bytes;
    return false;
  }));
  ASSERT_TRUE(read_rpm_header(blob));
  for (std::size_t cut = 0; cut < blob.size(); ++cut)
    EXPECT_FALSE(read_rpm_header(std::string_view{blob}.substr(0, cut)));
  for (std::size_t at = 0; at < blob.size(); at += 3) {
    std::string hurt = blob;
    hurt[at] = '\xff';
    const Result<RpmPackage> package = read_rpm_header(hurt);
    if (package) {
      EXPECT_LE(package->files.size(), kRpmFilesMax);
    }
  }
}

// The older databases hold the same headers. Debian's rpm writes neither: Berkeley DB's own library, which perl has,
// writes the one, the other is put together here as rpm's rpmpkg.c says.
class OlderRpmTest : public RpmTest, public testing::WithParamInterface<const char*> {
 protected:
  void SetUp() override {
    RpmTest::SetUp();
    ASSERT_TRUE(read_blobs(*tree_, "/var/lib/rpm/rpmdb.sqlite", "SELECT blob FROM Packages",
                           [&](std::string_view bytes) { return blob_ = bytes, false; }));
    sqlite_ = folder_ / "sqlite";
    fs::rename(database_, sqlite_);
    file_ = database_ / GetParam();
    if (std::string_view{GetParam()} == "Packages")
      write_berkeley();
    else
      write(file_, ndb());
  }

  void write_berkeley() {
    write(folder_ / "blob", blob_);
    fs::create_directories(database_);
    write(folder_ / "make.pl", R"(use DB_File; my ($from, $to, $order) = @ARGV;
open my $in, '<:raw', $from or die; local $/; my $blob = <$in>;
my $info = DB_File::HASHINFO->new; $info->{bsize} = 4096; $info->{lorder} = $order;
tie my %h, 'DB_File', $to, O_RDWR | O_CREAT, 0644, $info or die $!;
$h{pack 'V', 0} = pack 'V', 1; $h{pack 'V', 1} = $blob; $h{pack 'V', $_} = 'no header at all' x 3 for 2 .. 500;
untie %h;)");
    said_by(fmt::format("perl {0}/make.pl {0}/blob {1} 1234", folder_.string(), file_.string()));
    said_by(fmt::format("perl {0}/make.pl {0}/blob {0}/big-endian 4321", folder_.string()));
  }
  [[nodiscard]] std::string ndb() const {
    const auto four = [](std::size_t value) {
      std::string bytes;
      for (int shift = 0; shift < 32; shift += 8) bytes += static_cast<char>(value >> shift);
      return bytes;
    };
    const std::size_t blocks = (16 + blob_.size() + 12 + 15) / 16;
    std::string bytes = "RpmP" + four(0) + four(3) + four(1) + four(9) + std::string(12, '\0');
    bytes += "Slot" + four(0) + four(0) + four(0);  // a package that was taken away
    bytes += "Slot" + four(8) + four(256) + four(blocks);
    while (bytes.size() < 4096) bytes += "Slot" + std::string(12, '\0');
    bytes += "BlbS" + four(8) + four(1) + four(blob_.size()) + blob_;
    bytes.resize(4096 + blocks * 16 - 12);
    return bytes + four(0) + four(blob_.size()) + "BlbE";
  }

  std::string blob_;
  fs::path sqlite_, file_;
};
INSTANTIATE_TEST_SUITE_P(Forms, OlderRpmTest, testing::Values("Packages", "Packages.db"), [](const auto& one) {
  return std::string{one.param == std::string_view{"Packages"} ? "berkeley" : "ndb"};
});

TEST_P(OlderRpmTest, says_what_the_new_one_says) {
  Notes notes;
  const std::unique_ptr<Packages> packages = load_rpm(*tree_, notes);
  ASSERT_NE(packages, nullptr);
  const std::string older = packages->identity();
  EXPECT_EQ(packages->installed(), (std::vector<std::pair<std::string, std::string>>{{"tiny", "4:1.2-3"}}));
  EXPECT_EQ(findings_of("program_file_changed"), std::vector<std::string>{});
  write(root_ / "usr/bin/tiny", "#!/bin/sh\necho another\n");
  EXPECT_EQ(findings_of("program_file_changed"), std::vector<std::string>{"/usr/bin/tiny"});
  if (fs::exists(folder_ / "big-endian")) {
    fs::rename(folder_ / "big-endian", file_);
    EXPECT_EQ(load_rpm(*tree_, notes)->identity(), older);
  }
  fs::remove_all(database_);
  fs::rename(sqlite_, database_);
  EXPECT_EQ(load_rpm(*tree_, notes)->identity(), older);
}

TEST_P(OlderRpmTest, cut_off_or_scrambled_ends_in_words) {
  std::string bytes;
  {
    std::ifstream in{file_, std::ios::binary};
    bytes.assign(std::istreambuf_iterator<char>{in}, {});
  }
  std::uint32_t state = 7;
  for (int round = 0; round < 300; ++round) {
    std::string hurt = bytes;
    if (round % 3 == 0) hurt.resize(hurt.size() * static_cast<std::size_t>(round) / 300);
    for (int i = 0; i < round && !hurt.empty(); ++i) {
      state = state * 1664525 + 1013904223;
      // Mostly where the structure is.
      hurt[(i % 2 == 0 ? state >> 8 : state >> 8 & 127) % hurt.size()] = static_cast<char>(state >> 24);
    }
    write(file_, hurt);
    Notes notes;
    if (load_rpm(*tree_, notes) == nullptr) {
      EXPECT_FALSE(notes.all().empty()) << "silence would mean that there are no packages";
    }
  }
}

TEST(Rpm, a_database_of_no_known_form_is_said) {
  std::string name = (fs::temp_directory_path() / "abate-rpm-XXXXXX").string();
  ASSERT_NE(::mkdtemp(name.data()), nullptr);
  write(fs::path{name} / "var/lib/rpm/Packages", "x");
  const auto tree = std::move(*DiskTree::open_root(name));
  Notes notes;
  EXPECT_EQ(load_rpm(*tree, notes), nullptr);
  ASSERT_EQ(notes.all().size(), 1U);
  EXPECT_EQ(notes.all().front().what, "/var/lib/rpm/Packages");
  fs::remove_all(name);
}

}  // namespace
}  // namespace abate::sweep
