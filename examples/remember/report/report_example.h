// The maps of a report: outputs of models for a source, their attention and their memory.
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

/// Problems to show; none was trained on. For a task one per chosen length of `lengths` (the shortest, the longest
/// training length, the next above it) that is not too long for a map, see shown_problem(); for pairs a few held-out
/// sources.
std::vector<ExampleProblem> example_problems(const std::vector<ShownModel>& models,
                                             const std::vector<LengthRange>& lengths);

/// Each model's free-running output for the source, with weights and memory map. All `models` have the vocabularies of
/// the first.
ReportExample report_example(const ExampleProblem& example, const std::vector<ShownModel>& models);

}  // namespace remember
