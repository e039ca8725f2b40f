// Figures of a part of the tests: see partly_tested.h.
#include "report/partly_tested.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "report/model_result.h"
#include "text/number.h"

namespace remember {

std::vector<std::string> partly_tested(const std::vector<RunResult>& results) {
  std::vector<std::string> lines;
  for (const ModelResult& model : group_by_model(results)) {
    const RunResult& first = *model.runs.front();
    const bool is_pairs = model.task == "pairs";
    for (size_t i = 0; i < first.scores.size(); ++i) {
      std::vector<int64_t> tests;
      for (const RunResult* run : model.runs) {
        tests.push_back(run->scores[i].score.problems);
      }
      const auto [least, most] = std::minmax_element(tests.begin(), tests.end());
      if (*least < first.test_count) {
        lines.push_back((is_pairs ? "" : model.task + ' ') + model.model + ": tested on " + grouped(*least) +
                        (*least < *most ? '-' + grouped(*most) : "") + " of " + grouped(first.test_count) +
                        (is_pairs ? " words" : " strings of length " + to_string(first.scores[i].length)) +
                        ", for want of time; --resume tests all");
      }
    }
  }
  return lines;
}

}  // namespace remember
