// Edit distance, scores, and evaluation with decoders that need no network.
#include <algorithm>
#include <string>

#include "data/vocabulary.h"
#include "run/edit_distance.h"
#include "run/evaluate.h"
#include "run/score.h"
#include "support/catch.h"

using namespace remember;

namespace {

heed::Hypothesis output(const Tokens& tokens, bool ended = true) {
  heed::Hypothesis result;
  result.tokens = tokens;
  result.ended = ended;
  return result;
}

}  // namespace

TEST_CASE("edit distance counts insertions, deletions and substitutions") {
  CHECK(edit_distance(std::string("kitten"), std::string("sitting")) == 3);
  CHECK(edit_distance(std::string(), std::string("abc")) == 3);
  CHECK(edit_distance(std::string("abc"), std::string()) == 3);
  CHECK(edit_distance(std::string("abc"), std::string("abc")) == 0);
  CHECK(edit_distance(std::string("ab"), std::string("ba")) == 2);
  CHECK(edit_distance(Tokens{1, 2, 3}, Tokens{2, 3, 4}) == 2);
}

TEST_CASE("an output is exact only when it also ends where the answer ends") {
  const Problem problem = {{3}, {{5, 6, 7}}};
  CHECK(score_output(output({5, 6, 7}), problem).exact == 1);
  CHECK(score_output(output({5, 6, 7}, false), problem).exact == 0);
  CHECK(score_output(output({5, 6, 7, 7}), problem).exact == 0);
  CHECK(score_output(output({5, 6}), problem).exact == 0);
}

TEST_CASE("token and prefix rates count places, the end mark's included") {
  const Problem problem = {{3}, {{5, 6, 7}}};
  const Score wrong_second = score_output(output({5, 9, 7}), problem);
  CHECK(wrong_second.token_rate() == 0.75);
  CHECK(wrong_second.prefix_rate() == 0.25);
  CHECK(wrong_second.edit_rate() == Approx(1.0 / 3));
  const Score unended = score_output(output({5, 6, 7}, false), problem);
  CHECK(unended.token_rate() == 0.75);
  CHECK(unended.prefix_rate() == 0.75);
  CHECK(unended.edit_rate() == 0);
  const Score nothing = score_output(output({}), problem);
  CHECK(nothing.token_rate() == 0);
  CHECK(nothing.edits == 3);
}

TEST_CASE("of several answers the nearest counts") {
  const Problem problem = {{3}, {{5, 6, 7, 8}, {9, 9}}};
  CHECK(score_output(output({9, 9}), problem).exact == 1);
  const Score near = score_output(output({9, 5}), problem);
  CHECK(near.edits == 1);
  CHECK(near.answer_tokens == 2);
}

TEST_CASE("evaluation asks for every source once, in batches of similar lengths, and keeps the order of the problems") {
  std::vector<Problem> problems;
  for (int64_t i = 0; i < 50; ++i) {
    const Tokens source(static_cast<size_t>(1 + (i * 7) % 5), 3 + i % 4);
    problems.push_back({source, {source}});
  }
  size_t largest = 0;
  size_t decoded = 0;
  int64_t last_limit = 0;
  const Decoder copies = [&](const std::vector<Tokens>& sources, int64_t limit) {
    largest = std::max(largest, sources.size());
    decoded += sources.size();
    last_limit = limit;
    std::vector<heed::Hypothesis> outputs;
    for (const Tokens& source : sources) {
      outputs.push_back(output(source.size() == 5 ? Tokens{} : source));
    }
    return outputs;
  };
  const Evaluation result = evaluate(copies, problems, 8);
  CHECK(decoded == 50);
  CHECK(largest == 8);
  CHECK(last_limit >= 6);
  CHECK(result.total.problems == 50);
  CHECK(result.total.exact == 40);
  CHECK(result.by_length.at(5).exact_rate() == 0);
  CHECK(result.by_length.at(4).exact_rate() == 1);
  for (size_t i = 0; i < problems.size(); ++i) {
    CHECK((problems[i].source.size() == 5 || result.outputs[i].tokens == problems[i].source));
  }
}

TEST_CASE("a source with an unknown token is wrong and is not decoded") {
  const std::vector<Problem> problems = {{{3, kUnknownToken}, {{4}}}, {{3}, {{4}}}};
  const Decoder fours = [](const std::vector<Tokens>& sources, int64_t) {
    CHECK(sources.size() == 1);
    return std::vector<heed::Hypothesis>(sources.size(), output({4}));
  };
  const Evaluation result = evaluate(fours, problems);
  CHECK(result.unreadable == 1);
  CHECK(result.total.exact == 1);
  CHECK(result.total.problems == 2);
}

TEST_CASE("the score of no problems is zero, not a division by zero") {
  const Evaluation result = evaluate(nullptr, {});
  CHECK(result.total.exact_rate() == 0);
  CHECK(result.total.prefix_rate() == 0);
}
