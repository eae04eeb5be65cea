// SPDX-License-Identifier: Apache-2.0
#include "report/timeline_svg.h"

#include <algorithm>
#include <cmath>

#include "report/words.h"

namespace abate::report {
namespace {

using std::chrono::duration_cast;

constexpr double kLaneHeight = 34;
constexpr double kAxisHeight = 44;
constexpr double kLetterWidth = 6.6;  // about, of the titles' 12 px
constexpr double kMargin = 14;
constexpr double kCutWidth = 46;
constexpr double kDotRadius = 6;
constexpr double kApart = 11;  // marks closer than this become one
constexpr std::size_t kMarksMax = 4000;

Mark::Tone tone_of(Severity severity) {
  switch (severity) {
    case Severity::malicious: return Mark::Tone::act;
    case Severity::suspicious: return Mark::Tone::careful;
    case Severity::weak: return Mark::Tone::door;
    case Severity::note: return Mark::Tone::plain;
  }
  return Mark::Tone::plain;
}

std::string_view class_of(Mark::Tone tone) {
  switch (tone) {
    case Mark::Tone::plain: return "dot";
    case Mark::Tone::door: return "dot door";
    case Mark::Tone::careful: return "dot careful";
    case Mark::Tone::act: return "dot act";
  }
  return "dot";
}

std::string px(double x) { return fmt::format("{:.1f}", x); }

struct Stretch {  // of time without a cut
  Instant begin, end;
  double left = 0, right = 0;
  std::size_t moments = 1;
};

// Instants to places: even within a stretch, cuts between.
class Scale {
 public:
  Scale(const std::vector<Lane>& lanes, const PictureSize& size, double left) {
    std::vector<Instant> moments;
    for (const Lane& lane : lanes)
      for (const Mark& mark : lane.marks) moments.push_back(mark.at);
    std::ranges::sort(moments);
    moments.erase(std::unique(moments.begin(), moments.end()), moments.end());
    std::vector<std::size_t> cuts = cuts_of(moments, size.cuts_max);
    std::size_t first = 0;
    cuts.push_back(moments.size());
    for (const std::size_t cut : cuts) {
      stretches_.push_back({moments[first], moments[cut - 1], 0, 0, cut - first});
      first = cut;
    }
    place(left, size.width - kMargin);
  }

  [[nodiscard]] const std::vector<Stretch>& stretches() const { return stretches_; }
  [[nodiscard]] double of(Instant at) const {
    for (const Stretch& one : stretches_)
      if (at <= one.end) {
        if (one.begin == one.end) return (one.left + one.right) / 2;
        const double part =
            std::chrono::duration<double>(at - one.begin) / std::chrono::duration<double>(one.end - one.begin);
        return one.left + std::clamp(part, 0.0, 1.0) * (one.right - one.left);
      }
    return stretches_.back().right;
  }

 private:
  // Indices of the moments that begin anew after a pause that would take more than a tenth of the picture.
  static std::vector<std::size_t> cuts_of(const std::vector<Instant>& moments, std::size_t cuts_max) {
    std::vector<std::size_t> cuts;
    const Duration whole = moments.back() - moments.front();
    for (std::size_t i = 1; i < moments.size(); ++i)
      if (moments[i] - moments[i - 1] > whole / 10) cuts.push_back(i);
    std::ranges::stable_sort(cuts, std::ranges::greater{}, [&](std::size_t i) { return moments[i] - moments[i - 1]; });
    if (cuts.size() > cuts_max) cuts.resize(cuts_max);
    std::ranges::sort(cuts);
    return cuts;
  }

  void place(double left, double right) {
    double weights = 0;
    const auto weight = [](const Stretch& one) { return 1 + std::log2(static_cast<double>(one.moments)); };
    for (const Stretch& one : stretches_) weights += weight(one);
    const double room = right - left - kCutWidth * static_cast<double>(stretches_.size() - 1);
    for (Stretch& one : stretches_) {
      const double width = room * weight(one) / weights;
      one.left = left + 2 * kDotRadius;
      one.right = left + width - 2 * kDotRadius;
      left += width + kCutWidth;
    }
  }

  std::vector<Stretch> stretches_;
};

void put_dots(HtmlPage& page, const Lane& lane, const Scale& scale, double y) {
  for (std::size_t i = 0; i < lane.marks.size();) {
    const double first = scale.of(lane.marks[i].at);
    double last = first;
    Mark::Tone worst = lane.marks[i].tone;
    std::size_t end = i + 1;
    for (; end < lane.marks.size() && scale.of(lane.marks[end].at) - last < kApart; ++end) {
      last = scale.of(lane.marks[end].at);
      worst = std::max(worst, lane.marks[end].tone);
    }
    const std::size_t count = end - i;
    const double radius = count == 1 ? kDotRadius : kDotRadius + 3;
    page.open("rect", {{"class", std::string{class_of(worst)}},
                       {"x", px(first - radius)},
                       {"y", px(y - radius)},
                       {"width", px(last - first + 2 * radius)},
                       {"height", px(2 * radius)},
                       {"rx", px(radius)}});
    page.leaf("title", count == 1
                           ? fmt::format("{}: {}", short_time(lane.marks[i].at), lane.marks[i].says)
                           : fmt::format("{} events, {} to {}; the first: {}", count, short_time(lane.marks[i].at),
                                         short_time(lane.marks[end - 1].at), lane.marks[i].says));
    page.close();
    if (count > 1)
      page.leaf("text", {{"class", "count"}, {"x", px((first + last) / 2)}, {"y", px(y + 3.6)}}, number_words(count));
    i = end;
  }
}

std::string axis_words(Instant at, bool with_year) {  // "27 Feb 02:14", "27 Feb 2026"
  constexpr std::string_view kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date{day};
  const std::string_view month = kMonths[static_cast<unsigned>(date.month()) - 1];
  if (with_year)
    return fmt::format("{} {} {}", static_cast<unsigned>(date.day()), month, static_cast<int>(date.year()));
  const std::chrono::hh_mm_ss clock{std::chrono::floor<std::chrono::minutes>(at - day)};
  return fmt::format("{} {} {:02}:{:02}", static_cast<unsigned>(date.day()), month, clock.hours().count(),
                     clock.minutes().count());
}

void put_axis(HtmlPage& page, const Scale& scale, double y) {
  constexpr double kLabelWidth = 78;
  const bool years = scale.stretches().back().end - scale.stretches().front().begin > std::chrono::days{300};
  double taken = 0;  // to the right of this a label fits
  for (std::size_t i = 0; i < scale.stretches().size(); ++i) {
    const Stretch& one = scale.stretches()[i];
    const double middle = (one.left + one.right) / 2;
    const bool is_moment = one.begin == one.end;
    page.open("line", {{"class", "gap"},
                       {"x1", px(is_moment ? middle - 4 : one.left)},
                       {"x2", px(is_moment ? middle + 4 : one.right)},
                       {"y1", px(y)},
                       {"y2", px(y)}})
        .close();
    const bool both = !is_moment && one.right - one.left > 2 * kLabelWidth;
    const bool at_its_begin = both || (!is_moment && one.right - one.left > kLabelWidth);
    const double at = std::max(at_its_begin ? one.left : middle, taken + kLabelWidth / 2);
    page.leaf("text", {{"x", px(at)}, {"y", px(y + 16)}, {"text-anchor", both ? "start" : "middle"}},
              axis_words(one.begin, years));
    taken = at + kLabelWidth / 2;
    if (both) {
      page.leaf("text", {{"x", px(one.right)}, {"y", px(y + 16)}, {"text-anchor", "end"}}, axis_words(one.end, years));
      taken = one.right;
    }
    if (i + 1 == scale.stretches().size()) break;
    const Stretch& next = scale.stretches()[i + 1];
    const double cut = (one.right + next.left) / 2;
    page.open("path", {{"class", "gap"},
                       {"d", fmt::format("M{:.1f} {:.1f}l4 -10M{:.1f} {:.1f}l4 -10", cut - 5, y + 5, cut + 1, y + 5)}})
        .close();
    page.leaf("text", {{"x", px(cut)}, {"y", px(y - 9)}, {"text-anchor", "middle"}}, pause_words(next.begin - one.end));
  }
}

}  // namespace

std::string pause_words(Duration pause) {
  const auto minutes = duration_cast<std::chrono::minutes>(pause).count();
  const auto n = [](std::int64_t count, std::string_view unit) {
    return counted(static_cast<std::uint64_t>(count), unit);
  };
  if (minutes < 1) return fmt::format("{} s", duration_cast<std::chrono::seconds>(pause).count());
  if (minutes < 120) return fmt::format("{} min", minutes);
  if (minutes < 2 * 24 * 60) return fmt::format("{} h", minutes / 60);
  if (minutes < 100 * 24 * 60) return n(minutes / (24 * 60), "day");
  return n(minutes / (30 * 24 * 60), "month");
}

std::vector<Lane> lanes_of(const Outcome& outcome) {
  std::vector<Lane> lanes;
  std::size_t marks = 0;
  const auto add = [&](std::string_view title, const std::optional<Instant>& at, Mark::Tone tone,
                       const std::string& says) {
    if (!at || ++marks > kMarksMax) return;
    auto lane = std::ranges::find(lanes, title, &Lane::title);
    if (lane == lanes.end()) lane = lanes.insert(lanes.end(), Lane{std::string{title}, {}});
    lane->marks.push_back({tone, *at, says});
  };
  if (outcome.diagnosis) {
    for (const CauseStep& step : outcome.diagnosis->cause)
      add(step_title(step.step), step.at,
          step.step == Step::entry || step.step == Step::harm ? Mark::Tone::act : Mark::Tone::careful, step.says);
    for (const TimelineRow& row : outcome.diagnosis->timeline)
      add(row.intruder ? "Intruder’s acts" : "Other events", row.at, row.intruder ? Mark::Tone::act : Mark::Tone::plain,
          row.says);
  } else {
    for (const AreaGroups& area : group_findings(outcome.findings))
      for (const Group& group : area.groups)
        for (const Finding* finding : group.findings)
          add(area_title(area.area), finding->at, tone_of(finding->severity), finding->why);
  }
  for (Lane& lane : lanes) std::ranges::stable_sort(lane.marks, {}, &Mark::at);
  return lanes;
}

void put_timeline(HtmlPage& page, const std::vector<Lane>& lanes, const PictureSize& size, HtmlPage::Word css_class) {
  if (lanes.empty()) return;
  std::size_t longest = 0;
  for (const Lane& lane : lanes) longest = std::max(longest, lane.title.size());
  const double left = size.titles_beside ? kMargin + kLetterWidth * static_cast<double>(longest) : kMargin / 2;
  const double lane_height = size.titles_beside ? kLaneHeight : kLaneHeight + 12;
  const Scale scale{lanes, size, left};
  const double height = lane_height * static_cast<double>(lanes.size()) + kAxisHeight;
  std::size_t marks = 0;
  for (const Lane& lane : lanes) marks += lane.marks.size();
  page.open("svg", {{"class", std::string{css_class.text()}},
                    {"viewBox", fmt::format("0 0 {} {:.0f}", size.width, height)},
                    {"role", "img"},
                    {"aria-label", fmt::format("Timeline of {} in {}; the lists on this page say the same in words",
                                               counted(marks, "event"), counted(lanes.size(), "row"))}});
  for (std::size_t i = 0; i < lanes.size(); ++i) {
    const double middle = lane_height * (static_cast<double>(i) + 1) - kLaneHeight / 2;
    page.leaf("text", {{"class", "lane"}, {"x", "2"}, {"y", px(size.titles_beside ? middle + 4 : middle - 16)}},
              lanes[i].title);
    page.open("line",
              {{"class", "rail"}, {"x1", px(left)}, {"x2", px(size.width - 2)}, {"y1", px(middle)}, {"y2", px(middle)}})
        .close();
    put_dots(page, lanes[i], scale, middle);
  }
  put_axis(page, scale, height - kAxisHeight + 22);
  page.close();
}

}  // namespace abate::report
