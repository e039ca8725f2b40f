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
  bool judge = false;  ///< say whether attention remembered what a fixed-length vector forgot, and fail if not
};

/// Trains, tests, prints the table, writes results and figures. Returns the exit status.
int compare(const ComparisonCommand& command);

}  // namespace remember
