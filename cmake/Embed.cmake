# SPDX-License-Identifier: Apache-2.0
# abate_embed(TARGET NAMESPACE TABLE file...): the bytes of files become part of a program, so that what is installed is
# one file. Makes TABLE.cc with `std::span<const EmbeddedFile> TABLE()` (base/embedded.h), sorted by name.
#
# Run as a script (cmake -P) it writes that file: -DOUT= -DNAMESPACE= -DTABLE= -DFILES=a;b
if(NOT CMAKE_SCRIPT_MODE_FILE)
  set(ABATE_EMBED_SCRIPT ${CMAKE_CURRENT_LIST_FILE})
  function(abate_embed target namespace table)
    set(out ${CMAKE_CURRENT_BINARY_DIR}/${target}_${table}.cc)
    string(REPLACE ";" "," files "${ARGN}")
    add_custom_command(OUTPUT ${out} DEPENDS ${ARGN} ${ABATE_EMBED_SCRIPT} VERBATIM
      COMMAND ${CMAKE_COMMAND} -DOUT=${out} -DNAMESPACE=${namespace} -DTABLE=${table} -DFILES=${files}
              -P ${ABATE_EMBED_SCRIPT})
    set_source_files_properties(${out} PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
    target_sources(${target} PRIVATE ${out})
  endfunction()
  return()
endif()

string(REPLACE "," ";" FILES "${FILES}")
set(bytes "")
set(rows "")
set(count 0)
set(named "")
foreach(file IN LISTS FILES)
  get_filename_component(name ${file} NAME)
  list(APPEND named "${name}|${file}")
endforeach()
list(SORT named)
foreach(pair IN LISTS named)
  string(REPLACE "|" ";" pair "${pair}")
  list(GET pair 0 name)
  list(GET pair 1 file)
  file(READ ${file} hex HEX)
  string(REGEX REPLACE "(..)" "0x\\1," hex "${hex}")
  string(APPEND bytes "constexpr unsigned char k${count}[] = {${hex}0};\n")
  string(APPEND rows "    {\"${name}\", {reinterpret_cast<const char*>(k${count}), sizeof(k${count}) - 1}},\n")
  math(EXPR count "${count} + 1")
endforeach()
file(WRITE ${OUT} "// made by cmake/Embed.cmake
#include \"base/embedded.h\"
namespace ${NAMESPACE} {
std::span<const abate::EmbeddedFile> ${TABLE}();
namespace {
${bytes}}  // namespace
std::span<const abate::EmbeddedFile> ${TABLE}() {
  static const abate::EmbeddedFile files[] = {
${rows}  };
  return files;
}
}  // namespace ${NAMESPACE}
")
