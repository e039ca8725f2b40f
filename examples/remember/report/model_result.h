// What a comparison has come to, a model at a time.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "run/run_result.h"

namespace remember {

/// The runs that differ in nothing but the seed.
struct ModelResult {
  std::string task;
  std::string model;
  std::vector<const RunResult*> runs;
};

/// Mean and range over seeds.
struct Spread {
  double mean = 0;
  double least = 0;
  double most = 0;
};

/// In order of first appearance; the results must outlive it.
std::vector<ModelResult> group_by_model(const std::vector<RunResult>& results);
/// The same, those of each task together.
std::vector<std::vector<ModelResult>> group_by_task(const std::vector<RunResult>& results);
/// Of the exact rate at test length number `length`.
Spread exact_spread(const ModelResult& model, size_t length);

}  // namespace remember
