// Evaluation: see evaluate.h.
#include "run/evaluate.h"

#include <algorithm>
#include <iterator>
#include <numeric>

#include "data/vocabulary.h"

namespace remember {

namespace {

bool known(const Tokens& tokens) { return std::find(tokens.begin(), tokens.end(), kUnknownToken) == tokens.end(); }

/// Outputs may be this much longer than the longest answer. A longer one is wrong in any case.
int64_t output_limit(const std::vector<Problem>& problems, const std::vector<size_t>& order, size_t begin, size_t end) {
  size_t longest = 0;
  for (size_t i = begin; i < end; ++i) {
    for (const Tokens& answer : problems[order[i]].answers) {
      longest = std::max(longest, answer.size());
    }
  }
  return static_cast<int64_t>(longest + longest / 8 + 2);
}

void count_positions(const std::vector<bool>& right, std::vector<PositionScore>& by_position) {
  by_position.resize(std::max(by_position.size(), right.size()));
  for (size_t i = 0; i < right.size(); ++i) {
    by_position[i].right += right[i] ? 1 : 0;
    ++by_position[i].answers;
  }
}

std::vector<size_t> readable_by_length(const std::vector<Problem>& problems) {
  std::vector<size_t> order;
  for (size_t i = 0; i < problems.size(); ++i) {
    if (known(problems[i].source)) {
      order.push_back(i);
    }
  }
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return problems[a].source.size() < problems[b].source.size(); });
  return order;
}

}  // namespace

std::vector<Problem> readable(const std::vector<Problem>& problems) {
  std::vector<Problem> chosen;
  std::copy_if(problems.begin(), problems.end(), std::back_inserter(chosen),
               [](const Problem& problem) { return known(problem.source) && known(problem.answers.front()); });
  return chosen;
}

Evaluation evaluate(const Decoder& decode, const std::vector<Problem>& problems, int64_t batch) {
  Evaluation result;
  result.outputs.resize(problems.size());
  const std::vector<size_t> order = readable_by_length(problems);
  result.unreadable = static_cast<int64_t>(problems.size() - order.size());
  for (size_t begin = 0; begin < order.size(); begin += static_cast<size_t>(batch)) {
    const size_t end = std::min(begin + static_cast<size_t>(batch), order.size());
    std::vector<Tokens> sources;
    for (size_t i = begin; i < end; ++i) {
      sources.push_back(problems[order[i]].source);
    }
    std::vector<heed::Hypothesis> outputs = decode(sources, output_limit(problems, order, begin, end));
    for (size_t i = begin; i < end; ++i) {
      result.outputs[order[i]] = std::move(outputs[i - begin]);
    }
  }
  for (size_t i = 0; i < problems.size(); ++i) {
    const Score score = score_output(result.outputs[i], problems[i]);
    result.total += score;
    result.by_length[static_cast<int64_t>(problems[i].source.size())] += score;
    count_positions(right_positions(result.outputs[i], problems[i].answers.front()), result.by_position);
  }
  return result;
}

}  // namespace remember
