// The maps of a report: what models write for a source, where they look and what they remember.
#pragma once

#include <string>
#include <vector>

#include "data/length_range.h"
#include "report/report.h"
#include "report/shown_models.h"

namespace remember {

struct ExampleProblem {
  std::string title;
  Problem problem;
};

/// Problems worth looking at, none of them trained on: for a task one of each of a few of `lengths` (the shortest, the
/// longest that was trained on, the next beyond), none too long for a map, see shown_problem(); for pairs a few
/// held-out sources.
std::vector<ExampleProblem> example_problems(const std::vector<ShownModel>& models,
                                             const std::vector<LengthRange>& lengths);

/// What each model writes for the source, free-running, with its weights and its memory map. `models` speak the
/// vocabularies of the first.
ReportExample report_example(const ExampleProblem& example, const std::vector<ShownModel>& models);

}  // namespace remember
