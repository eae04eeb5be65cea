# SPDX-License-Identifier: Apache-2.0
# store_embed(TARGET): puts the .sql files of this room into store/sql_text.h, so that programs carry them.
function(store_embed target)
  set(out "")
  file(GLOB files CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/src/store/statements/*.sql"
       "${PROJECT_SOURCE_DIR}/src/store/migrations/*.sql")
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${files})
  set(statements "")
  set(migrations "")
  foreach(file IN LISTS files)
    get_filename_component(name "${file}" NAME_WE)
    get_filename_component(folder "${file}" DIRECTORY)
    file(READ "${file}" text)
    if(folder MATCHES "statements$")
      string(APPEND statements "${text}\n")
    else()
      string(REGEX MATCH "^[0-9]+" number "${name}")
      string(REGEX REPLACE "^0+" "" number "${number}")
      string(APPEND migrations "    Migration{${number}, \"${name}\", R\"sql(${text})sql\"},\n")
    endif()
  endforeach()
  set(generated "${CMAKE_BINARY_DIR}/generated")
  file(CONFIGURE OUTPUT "${generated}/store/sql_text.h" CONTENT "// made by src/store/embed.cmake
#pragma once
#include <array>
#include <string_view>
namespace abate::store {
struct Migration {
  int number;
  std::string_view name;
  std::string_view text;
};
// An array, so that all files of the program see it at one address.
inline constexpr char kStatementsBytes[] = R\"sql(${statements})sql\";
inline constexpr std::string_view kStatementsText{kStatementsBytes, sizeof kStatementsBytes - 1};
inline constexpr std::array kMigrations{
${migrations}};
}  // namespace abate::store
" @ONLY)
  # A library of its own, so that the test that compiles each header alone finds the file too.
  add_library(store_sql INTERFACE)
  target_include_directories(store_sql INTERFACE "${generated}")
  target_link_libraries(${target} PUBLIC store_sql)
endfunction()
