# SPDX-License-Identifier: Apache-2.0
# How everything of ours is compiled: warnings, hardening, fast linking, compiler cache, one precompiled header.
find_program(CCACHE ccache)
if(CCACHE)
  # A precompiled header carries times; ccache may overlook them because the flags say when it must be made anew. Paths
  # are taken relative to the tree, so a second checkout finds what the first one compiled.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
    CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
    CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${CCACHE})
endif()

add_library(abate_flags INTERFACE)
target_compile_features(abate_flags INTERFACE cxx_std_23)
target_compile_options(abate_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor
  -fstack-protector-strong -fPIE)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 warns falsely about std::expected and inlined std::string; see docs/decisions/0001-language.md.
  target_compile_options(abate_flags INTERFACE -fpch-preprocess -Wno-maybe-uninitialized -Wno-restrict
    -Wno-dangling-pointer -Wno-mismatched-new-delete -Wno-array-bounds -Wno-stringop-overflow -Wno-stringop-overread)
else()
  # libstdc++ 12 shows std::expected only to a compiler that says it knows concepts as of 202002; clang 19 knows them and
  # says 201907. The macro is the compiler's own, so setting it wants the warning about that off.
  target_compile_options(abate_flags INTERFACE -D__cpp_concepts=202002L -Wno-builtin-macro-redefined -Wthread-safety
    -Wno-string-conversion         # CHECK(!"why this cannot be")
    -Wno-missing-designated-field-initializers  # what is left out has its default, on purpose
    -Wno-deprecated-declarations)  # libstdc++ 12's own std::stable_sort
endif()
if(ABATE_WERROR)
  target_compile_options(abate_flags INTERFACE -Werror)
endif()
target_compile_definitions(abate_flags INTERFACE _GLIBCXX_ASSERTIONS
  $<$<CONFIG:Release>:_FORTIFY_SOURCE=3> BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_DISABLE_BOOST_COROUTINE)

find_program(MOLD mold)
if(MOLD AND NOT ABATE_FUZZ)
  target_link_options(abate_flags INTERFACE -fuse-ld=mold)
endif()
target_link_options(abate_flags INTERFACE -pie -Wl,-z,relro,-z,now)
target_link_libraries(abate_flags INTERFACE fmt::fmt Threads::Threads)

if(ABATE_SANITIZE)
  target_compile_options(abate_flags INTERFACE -fsanitize=${ABATE_SANITIZE} -fno-omit-frame-pointer)
  target_link_options(abate_flags INTERFACE -fsanitize=${ABATE_SANITIZE})
endif()
if(ABATE_FUZZ)
  # Coverage for the fuzzer in all of ours; only a fuzz target links its main (fuzz/CMakeLists.txt: -fsanitize=fuzzer).
  target_compile_options(abate_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()

# What nearly every file reads first, compiled once. Only headers of the language and fmt: a change of ours never
# makes the world compile again.
file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/pch.cc CONTENT "// made by cmake: carries the precompiled header\n")
add_library(abate_pch STATIC ${CMAKE_BINARY_DIR}/pch.cc)
target_link_libraries(abate_pch PUBLIC abate_flags)
target_precompile_headers(abate_pch PUBLIC
  <algorithm> <array> <atomic> <chrono> <cstdint> <expected> <functional> <map> <memory> <mutex> <optional> <span>
  <string> <string_view> <thread> <unordered_map> <utility> <variant> <vector> <fmt/format.h>)
