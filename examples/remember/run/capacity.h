// Capacity: how long a source models of several sizes remember. A search per model, size and seed trains on lengths
// that grow (capacity_stage.h); each length goes on from the weights of the one before.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "run/capacity_stage.h"
#include "run/options.h"
#include "run/trial.h"

namespace remember {

struct CapacityOptions {
  std::vector<std::string> models;  ///< short names, see model_spec.h
  std::vector<int64_t> hidden;
  std::vector<uint64_t> seeds;
  int64_t longest = 64;      ///< searches end there
  int64_t test_count = 500;  ///< problems per measurement, and for the test
  RunOptions base;           ///< everything else
};

struct CapacitySearch {
  std::string name;  ///< of its folder
  std::string model;
  RunOptions options;
  int64_t parameters = 0;
  std::vector<CapacityStage> stages;
  CapacityFound found;
  double test_exact = 0;  ///< share of test problems of length `longest_99` that its checkpoint writes exactly

  int64_t examples() const;
  double seconds() const;
  /// longest_99 · log2(symbols): what has to be remembered of a random source of that length.
  double bits() const;
  /// Per number of the decoder's initial state (network.h); 0 for a transformer.
  double bits_per_unit() const;
  double bits_per_parameter() const;
};

/// The tasks whose answer holds the whole source (Task::holds_source), so that n symbols have to be remembered.
std::vector<std::string> capacity_tasks();

/// All searches without results, ordered by model, hidden size and seed. Throws UsageError.
std::vector<CapacitySearch> planned_searches(const CapacityOptions& options);

/// Makes or goes on with all searches, in `folder`/runs, small models first, side by side. With a limit of time each
/// may take its part of what is left; what can be finished is said before, unless quiet. Throws Interrupted,
/// heed::FileError, and UsageError if a search in the folder has other options.
std::vector<CapacitySearch> measure_capacities(const CapacityOptions& options, const std::string& folder,
                                               const TrialsOptions& trials);

}  // namespace remember
