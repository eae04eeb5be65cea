# SPDX-License-Identifier: Apache-2.0
# The rooms of the house and which rooms each may use: the one place where this is written down.
# abate_room() refuses a link that the table forbids; tests/house refuses an #include that it forbids.
# Say a room's whole reach: "model base" does not follow from "desk".

set(ABATE_ROOMS
  "base         ="
  "model        = base"
  "wire         = model base"
  "talk         = base"
  "reading      = model base"
  "desk         = model base"
  "store        = desk model base"
  "post         = desk model base"
  "worker       = desk reading wire model base"
  "enforce      = desk model base"
  "probe        = talk desk model base"
  "web          = desk wire model base"
  "sweep/kit    = model base"
  "sweep/host   = sweep/kit model base"
  "sweep/detectors = sweep/kit sweep/host model base"
  "diagnosis    = sweep/kit model base"
  "remedy       = sweep/host sweep/kit model base"
  "watch        = sweep/host sweep/kit model base"
  "reply        = diagnosis remedy sweep/kit wire model base"
  "report       = model base"
  "guide        = reply report model base"
  "apps         = base model wire talk reading desk store post worker enforce probe web sweep/kit sweep/host sweep/detectors diagnosis remedy watch reply report guide"
)

# abate_rooms_of(ROOM OUT): the rooms that ROOM may use; fails for a room that the table does not name.
function(abate_rooms_of room out)
  foreach(row IN LISTS ABATE_ROOMS)
    string(REGEX MATCH "^([^ =]+) *= ?(.*)$" _ "${row}")
    if(CMAKE_MATCH_1 STREQUAL room)
      string(REPLACE " " ";" allowed "${CMAKE_MATCH_2}")
      set(${out} "${allowed}" PARENT_SCOPE)
      return()
    endif()
  endforeach()
  message(FATAL_ERROR "Rooms: no room is called '${room}'; the table in cmake/Rooms.cmake names them all")
endfunction()

# tests/house/tree.py reads the same table.
set(rows ${ABATE_ROOMS})
list(JOIN rows "\n" rows)
file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/rooms.txt CONTENT "${rows}\n" @ONLY)

# abate_use(TARGET ROOM USED...): links TARGET, which lives in ROOM, with the rooms USED; refuses what the table forbids.
function(abate_use target room)
  abate_rooms_of("${room}" allowed)
  foreach(used IN LISTS ARGN)
    if(NOT used IN_LIST allowed)
      message(FATAL_ERROR "Rooms: '${room}' may not use '${used}' (allowed: ${allowed}). Move the code instead.")
    endif()
    string(REPLACE "/" "_" used_target "abate_${used}")
    target_link_libraries(${target} PUBLIC ${used_target})
  endforeach()
endfunction()

# abate_use_packages(TARGET library...): links TARGET with libraries of the system, and refuses a room among them.
function(abate_use_packages target)
  foreach(package IN LISTS ARGN)
    if(package MATCHES "^abate_")
      message(FATAL_ERROR "Rooms: '${package}' is no package. Name a room after USES, so that the table is asked.")
    endif()
  endforeach()
  target_link_libraries(${target} PUBLIC abate_flags ${ARGN})
endfunction()

# abate_room(ROOM USES room... PACKAGES library... [APART file...])
# Makes the library abate_ROOM of every .cc beneath src/ROOM. The files APART define what others of the room define too
# (another library behind the same header): they make the library abate_ROOM_apart, and who links it first gets theirs.
function(abate_room room)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "USES;PACKAGES;APART")
  abate_rooms_of("${room}" allowed)
  string(REPLACE "/" "_" target "abate_${room}")
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/src/${room}/*.cc")
  if(NOT sources)
    message(FATAL_ERROR "Rooms: src/${room} holds no .cc file")
  endif()
  list(TRANSFORM arg_APART PREPEND "${PROJECT_SOURCE_DIR}/src/${room}/")
  list(REMOVE_ITEM sources ${arg_APART})
  add_library(${target} STATIC ${sources})
  target_include_directories(${target} PUBLIC "${PROJECT_SOURCE_DIR}/src")
  abate_use(${target} "${room}" ${arg_USES})
  abate_use_packages(${target} ${arg_PACKAGES})
  target_precompile_headers(${target} REUSE_FROM abate_pch)
  if(arg_APART)
    add_library(${target}_apart STATIC ${arg_APART})
    target_include_directories(${target}_apart PUBLIC "${PROJECT_SOURCE_DIR}/src")
    target_link_libraries(${target}_apart PUBLIC abate_flags)
    target_precompile_headers(${target}_apart REUSE_FROM abate_pch)
  endif()
endfunction()
