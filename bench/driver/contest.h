// A contest: the same job by several workers in turn (A B A B …), so that what the machine does meanwhile meets all.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "driver/worker_process.h"

namespace heed::bench {

struct Contestant {
  std::string program;
  Environment environment;
};

/// heed's worker with that many threads.
Contestant heed_with(int threads);
/// libtorch's, in each of its sensible settings for that many threads: OpenMP has them, or OpenBLAS; never both, which
/// spin against each other.
std::vector<Contestant> torch_with(int threads);
/// A worker whose threads are OpenMP's, and one whose threads are OpenBLAS's.
Contestant openmp_peer(const std::string& program, int threads);
Contestant openblas_peer(const std::string& program, int threads);

/// Times in milliseconds, and the results of the first and the last run.
struct Outcome {
  double median = 0, tenth = 0;
  double first_result = 0, last_result = 0;
};

struct ContestOptions {
  int64_t measurements = 30;   ///< at least that many of each contestant
  int64_t warm_up = 5;         ///< runs before
  bool fresh_each_run = true;  ///< each run is a measurement; else runs too short for the clock are put together
};

/// From now on contests are heed's alone.
void leave_peers_out();
/// Whether its program was built and peers are not left out.
bool takes_part(const Contestant& contestant);

/// Prints which kernels the library of each of these workers chose, or that it takes no part. Throws std::runtime_error
/// where one runs kernels below what the processor has.
void print_peers(const std::vector<std::string>& programs);

/// An outcome for each contestant, in order; those whose program was not built are left out of the contest and have a
/// median of 0. All make the same number of runs.
std::vector<Outcome> hold_contest(const std::vector<Contestant>& contestants, const std::string& job,
                                  const ContestOptions& options = {});

/// Ours against the best of the others; a median of 0 stands for nobody.
struct Comparison {
  Outcome ours, peer;
  double ratio() const { return peer.median / ours.median; }
  double ratio_of_tenths() const { return peer.tenth / ours.tenth; }
};
Comparison compare(const Contestant& ours, const std::vector<Contestant>& others, const std::string& job,
                   const ContestOptions& options = {});

}  // namespace heed::bench
