// SPDX-License-Identifier: Apache-2.0
#include "model/incident.h"

namespace abate {

TimeSpan span_of(const Incident& incident, Instant arrived_at, std::chrono::seconds undated_window) {
  if (incident.started_at) {
    const Instant end =
        incident.ended_at && *incident.ended_at > *incident.started_at ? *incident.ended_at : *incident.started_at;
    return {*incident.started_at, end};
  }
  if (incident.started_unzoned) return span_of_unzoned(*incident.started_unzoned);
  if (incident.ended_at) return {*incident.ended_at, *incident.ended_at};
  return {arrived_at - undated_window, arrived_at};
}

}  // namespace abate
