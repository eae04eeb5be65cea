// SPDX-License-Identifier: Apache-2.0
// bench/attribution — look-ups a second in a ledger of ten million assignments, against a sorted vector.
//
//   attribution [--quick]
//
// The ledger is made up like a provider's: mostly single IPv4 addresses with several tenants one after the other, some
// of them in space that somebody once held as a whole; small prefixes, odd ranges, IPv6. Half of the look-ups go to
// random addresses and times, so memory is cold; half return to a few thousand, as real reports do. Every answer is
// compared with the sorted vector's, a sample with a walk over all rows. Seconds are those of the one core that works.
// --quick: one million assignments.
#include "model/attribution.h"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <ctime>

#include "attribution_ledger.h"

namespace abate::bench {
namespace {

// Seconds that this thread has had a core: what others run beside it does not count.
double core_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

// The queries, again and again until it took long enough to say; returns look-ups a second.
template <class Ask>
double rate(std::size_t queries, double seconds_min, Ask&& ask) {
  const double begin = core_seconds();
  std::size_t rounds = 0;
  do {
    ask();
    ++rounds;
  } while ((core_seconds() - begin) < seconds_min);
  return static_cast<double>(rounds * queries) / (core_seconds() - begin);
}

std::size_t differences(const std::vector<AttributionAnswer>& a, const std::vector<AttributionAnswer>& b) {
  std::size_t found = 0;
  for (std::size_t i = 0; i < a.size(); ++i) found += a[i] == b[i] ? 0U : 1U;
  return found;
}

struct Figures {
  double batched = 0;
  double one_by_one = 0;
  double sorted_vector = 0;
  std::size_t wrong = 0;
};

// Queries come and answers go in portions, as they do in a desk: the answers' memory is not what is measured.
constexpr std::size_t kPortion = 4096;

template <class Ask>  // ask(queries, answers)
double rate_in_portions(const std::vector<AttributionQuery>& queries, double seconds_min, Ask&& ask) {
  std::vector<AttributionAnswer> answers(kPortion);
  return rate(queries.size(), seconds_min, [&] {
    for (std::size_t done = 0; done < queries.size(); done += kPortion) {
      const auto portion = std::span(queries).subspan(done, std::min(kPortion, queries.size() - done));
      ask(portion, std::span(answers).first(portion.size()));
    }
  });
}

Figures measure(const AttributionIndex& index, const SortedVector& peer, const std::vector<AttributionQuery>& queries,
                const std::vector<Ownership>& rows) {
  using Queries = std::span<const AttributionQuery>;
  using Answers = std::span<AttributionAnswer>;
  const auto ask_peer = [&](Queries asked, Answers answers) {
    for (std::size_t i = 0; i < asked.size(); ++i) answers[i] = peer.find(asked[i].address, asked[i].span);
  };
  const auto ask_singly = [&](Queries asked, Answers answers) {
    for (std::size_t i = 0; i < asked.size(); ++i) answers[i] = index.find(asked[i].address, asked[i].span);
  };
  const auto ask_together = [&](Queries asked, Answers answers) { index.find(asked, answers); };

  Figures figures;
  std::vector<AttributionAnswer> expected(queries.size());
  std::vector<AttributionAnswer> answers(queries.size());
  ask_peer(queries, expected);
  ask_singly(queries, answers);
  figures.wrong += differences(answers, expected);
  std::ranges::fill(answers, AttributionAnswer{.count = 99});
  ask_together(queries, answers);
  figures.wrong += differences(answers, expected);

  figures.sorted_vector = rate_in_portions(queries, 1, ask_peer);
  figures.one_by_one = rate_in_portions(queries, 2, ask_singly);
  figures.batched = rate_in_portions(queries, 3, ask_together);

  constexpr std::size_t kNaiveSample = 20;
  for (std::size_t i = 0; i < kNaiveSample; ++i) {
    const std::size_t sampled = i * (queries.size() / kNaiveSample);
    if (find_naively(rows, queries[sampled].address, queries[sampled].span) != answers[sampled]) ++figures.wrong;
  }
  return figures;
}

int run(bool quick) {
  const std::size_t wanted = quick ? 1'000'000 : 10'000'000;
  std::vector<Ownership> rows = make_ledger(wanted);
  const std::vector<AttributionQuery> queries = make_queries(rows, quick ? 1U << 20U : 1U << 22U);

  const double begin = core_seconds();
  AttributionIndex::Builder builder;
  builder.reserve(rows.size());
  for (const Ownership& row : rows) {
    if (const auto added = builder.add(row); !added) {
      fmt::print(stderr, "{}\n", added.error().what);
      return 1;
    }
  }
  const auto index = builder.build({});
  const double build_s = (core_seconds() - begin);
  if (!index) {
    fmt::print(stderr, "{}\n", index.error().what);
    return 1;
  }
  const double bytes = static_cast<double>(index->memory_bytes()) / static_cast<double>(index->size());
  fmt::print("assignments {}\nbytes_per_assignment {:.2f} goal 16\nbuild_seconds {:.2f} goal 10\n", index->size(),
             bytes, build_s);
  std::fflush(stdout);

  const SortedVector peer(rows);
  const Figures figures = measure(*index, peer, queries, rows);
  std::array<std::size_t, 4> verdicts{};
  for (const auto& query : queries)
    ++verdicts[static_cast<std::size_t>(index->find(query.address, query.span).verdict)];
  fmt::print("queries {} matched {} ambiguous {} unassigned {} not_ours {}\n", queries.size(), verdicts[0], verdicts[1],
             verdicts[2], verdicts[3]);
  fmt::print("one_by_one {:.0f} lookups/s\nbatched {:.0f} lookups/s\nsorted_vector {:.0f} lookups/s\n",
             figures.one_by_one, figures.batched, figures.sorted_vector);
  if (figures.wrong > 0) fmt::print("answers that differ: {}\n", figures.wrong);
  fmt::print("attribution figure={:.0f} unit=lookups/s ratio={:.2f} against=sorted_vector goal=10000000 checked={}\n",
             figures.batched, figures.batched / figures.sorted_vector, figures.wrong == 0 ? "yes" : "no");
  return figures.wrong == 0 ? 0 : 1;
}

}  // namespace
}  // namespace abate::bench

int main(int argc, char** argv) {
  bool quick = false;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--quick") == 0) {
      quick = true;
    } else {
      fmt::print(stderr, "usage: attribution [--quick]\n");
      return 2;
    }
  }
  return abate::bench::run(quick);
}
