// Trained models whose maps are shown side by side, and the problem for which they are shown.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "report/model_result.h"
#include "run/model.h"

namespace remember {

/// Maps of longer sources cannot be read.
inline constexpr int64_t kLongestMap = 40;

struct ShownModel {
  std::string name;
  RunOptions options;
  std::unique_ptr<Model> model;
};

/// The best checkpoint in the folder of a run. Throws heed::FileError.
ShownModel load_shown(const std::string& name, const RunOptions& options, const std::string& folder);
/// The models of a comparison in `folder`, each with its first seed.
std::vector<ShownModel> load_shown(const std::vector<ModelResult>& models, const std::string& folder);

/// `right`: per model and problem whether the output is right. Returns the first problem that the best model, the one
/// with the most right outputs, got right; 0 if no output is right.
size_t first_right_of_best(const std::vector<std::vector<bool>>& right);

/// The problem to show for all models, which have one task: first_right_of_best() of the first few tests of that
/// length.
Problem shown_problem(const std::vector<ShownModel>& models, const LengthRange& length);

}  // namespace remember
