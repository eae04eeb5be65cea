# SPDX-License-Identifier: Apache-2.0
# abate_registry(TARGET FOLDER HEADER NAMESPACE TYPE SUFFIX FUNCTION)
# Adds a generated file to TARGET that defines
#   std::span<const TYPE* const> NAMESPACE::FUNCTION()
# over `extern const TYPE <stem>_SUFFIX` of every .cc beneath src/FOLDER. A new file is a new entry:
# no list to edit, and nothing runs before main().
function(abate_registry target folder header namespace type suffix function)
  file(GLOB_RECURSE files CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/src/${folder}/*.cc")
  list(SORT files)
  set(declared "")
  set(entries "")
  foreach(file IN LISTS files)
    get_filename_component(stem "${file}" NAME_WE)
    string(APPEND declared "extern const ${type} ${stem}_${suffix};\n")
    string(APPEND entries "    &${stem}_${suffix},\n")
  endforeach()
  set(made "${CMAKE_BINARY_DIR}/made/${target}_${function}.cc")
  file(CONFIGURE OUTPUT "${made}" CONTENT
"// Made by cmake/Registry.cmake from src/${folder}. Do not edit.
#include \"${header}\"

namespace ${namespace} {
${declared}
namespace {
constexpr const ${type}* kEntries[] = {
${entries}};
}  // namespace

std::span<const ${type}* const> ${function}() { return kEntries; }

}  // namespace ${namespace}
" @ONLY)
  target_sources(${target} PRIVATE "${made}")
endfunction()
