// What compare and demo do; demo is a comparison with settings of its own.
#pragma once

#include <string>

#include "run/comparison.h"

namespace remember {

struct ComparisonCommand {
  ComparisonOptions comparison;
  std::string out;
  bool resume = false;
  bool force = false;
  bool quiet = false;
};

/// Trains, tests, prints the table, writes results and figures. Returns the exit status.
int compare(const ComparisonCommand& command);

}  // namespace remember
