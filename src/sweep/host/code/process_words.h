// SPDX-License-Identifier: Apache-2.0
// sweep/host/code/process_words.h — how every detector of processes says which one it means. Pure.
#pragma once

#include <string>

#include "sweep/kit/detector.h"

namespace abate::sweep {

Subject process_subject(const Process& process);
// Null: it is not among those that were seen.
const Process* process_of(const Host& host, std::uint32_t pid);
// "php-fpm8.2 (812), systemd (1)": who started it, upwards, at most kParentsMax; "" where its parent is not known.
std::string parents_of(const Host& host, const Process& process);
// Time, owner, program, role; as evidence what runs as whom, in which unit or container, and who started it.
void fill_process(const Host& host, const Process& process, const char* role, Finding& finding);

// What makes an odd program an intruder's rather than somebody's test: it runs for a service or a site, was started by
// one, hides its name or its file, or is connected to somebody outside.
bool is_out_of_place(const Host& host, const Process& process);

constexpr int kParentsMax = 6;

}  // namespace abate::sweep
