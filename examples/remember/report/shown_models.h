// Trained models whose maps are shown beside each other, and the problem that they are shown on.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "report/model_result.h"
#include "run/model.h"

namespace remember {

/// Maps of longer sources are too fine to read.
inline constexpr int64_t kLongestMap = 40;

struct ShownModel {
  std::string name;
  RunOptions options;
  std::unique_ptr<Model> model;
};

/// The best checkpoint in the folder of a run. Throws heed::FileError.
ShownModel load_shown(const std::string& name, const RunOptions& options, const std::string& folder);
/// Those of the first seed of each model, of a comparison in `folder`.
std::vector<ShownModel> load_shown(const std::vector<ModelResult>& models, const std::string& folder);

/// Of problems that models got right or not, a row a model: the first that the best model got right, being the one that
/// got most of them right; 0 where none got any.
size_t first_right_of_best(const std::vector<std::vector<bool>>& right);

/// The problem to show all of them on: first_right_of_best() of the first few tests of that length. All do the same
/// task.
Problem shown_problem(const std::vector<ShownModel>& models, const LengthRange& length);

}  // namespace remember
