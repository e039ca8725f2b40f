// A comparison's results, as a table for people and as files for programs.
#pragma once

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
/// Of the exact rate at test length number `length`.
Spread exact_spread(const ModelResult& model, size_t length);

/// A table a task: exact rate by test length, parameters, time. Lengths beyond the longest trained one are starred.
std::string results_table(const std::vector<RunResult>& results);
/// A line for each run and length, under a header.
std::string results_csv(const std::vector<RunResult>& results);
std::string results_json(const std::vector<RunResult>& results);

}  // namespace remember
