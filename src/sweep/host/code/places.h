// SPDX-License-Identifier: Apache-2.0
// sweep/host/code/places.h — what a file's place and name say. Pure.
#pragma once

#include <string>
#include <string_view>

#include "sweep/kit/detector.h"

namespace abate::sweep {

// ".php", ".phtml", ".php5", ".phar", "x.php.bak" is none.
bool runs_as_php(std::string_view path);
// A folder that visitors' files are put into, caches and pictures: wp-content/uploads, images, media, files, tmp, …
bool is_upload_place(std::string_view path);
// The path as a container sees it, of a file in a layer of an image or container ("…/overlay2/ID/diff/tmp/x":
// "/tmp/x"); the path itself of any other.
std::string_view path_in_container(std::string_view path);
// Where an engine shows a container's layers joined: what lies there lies in the layers.
bool is_joined_layers(std::string_view folder);
// /tmp, /var/tmp, /dev/shm, /run/user: anybody can write there.
bool is_open_place(std::string_view path);
// A name such as "photo.jpg.php": the outer suffix runs, the inner one lies.
bool has_double_suffix(std::string_view path);
// Beneath wp-admin, wp-includes, core folders of other CMS: nobody puts own code there.
bool is_core_place(std::string_view path);
// Line of `offset`, from 1.
std::uint32_t line_at(std::string_view bytes, std::size_t offset);
// "/path:line: text", the line around `offset`, shortened.
std::string excerpt_at(std::string_view path, std::string_view bytes, std::size_t offset);
std::string excerpt_of_line(std::string_view path, std::string_view bytes, std::uint32_t line);
// Signatures, dumps, documents and tests speak of malware without being it.
bool speaks_of_malware(std::string_view path);

}  // namespace abate::sweep
