// Each decoding rule by itself, on log-probabilities that are known, and all of them inside the searches.
#include <heed/nn/seq2seq/decoding_rules.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include <heed/nn/seq2seq/beam_search.h>
#include <heed/nn/seq2seq/greedy_search.h>
#include <heed/tensor/error.h>

#include "support/catch.h"
#include "support/fixed_seq2seq.h"
#include "support/message.h"

using namespace heed;
using heed::test::fixed_seq2seq;
using heed::test::toy_seq2seq;

namespace {

constexpr double kNone = -std::numeric_limits<double>::infinity();
constexpr int64_t kEos = 2;

using Tokens = std::vector<int64_t>;

/// Probabilities of the symbols 3, 4, 5, 6 and of the end (2); pad and bos are impossible.
const std::vector<double> kProbabilities{0, 0, 0.1, 0.15, 0.4, 0.05, 0.3};

std::vector<double> logs(std::vector<double> values) {
  std::transform(values.begin(), values.end(), values.begin(), [](double p) { return std::log(p); });
  return values;
}

/// What `rule` makes of one row after `prefix`.
std::vector<double> changed(const DecodingRule& rule, const Tokens& prefix = {},
                            const std::vector<double>& row = logs(kProbabilities)) {
  Tensor log_p = from_vector(row, {1, static_cast<int64_t>(row.size())});
  rule.change(log_p, {{{0, prefix}}, {}});
  return log_p.to_vector<double>();
}

/// The symbols that `rule` leaves possible.
Tokens left(const DecodingRule& rule, const Tokens& prefix = {},
            const std::vector<double>& row = logs(kProbabilities)) {
  const std::vector<double> values = changed(rule, prefix, row);
  Tokens symbols;
  for (size_t i = 0; i < values.size(); ++i) {
    if (values[i] > kNone) {
      REQUIRE(values[i] == row[i]);
      symbols.push_back(static_cast<int64_t>(i));
    }
  }
  return symbols;
}

Tensor one_source() { return tensor<int64_t>({{3, 4, 2}}); }

DecodingRule only(const Tokens& tokens) {
  return decoding::allow([tokens](const DecodingPrefix&) { return tokens; });
}

}  // namespace

TEST_CASE("temperature is the softmax of log-probabilities over it") {
  for (const double t : {0.5, 1.0, 3.0}) {
    const std::vector<double> values = changed(decoding::temperature(t));
    double total = 0;
    for (const double p : kProbabilities) {
      total += std::pow(p, 1 / t);
    }
    for (size_t i = 2; i < values.size(); ++i) {
      REQUIRE(values[i] == Approx(std::log(std::pow(kProbabilities[i], 1 / t) / total)));
    }
    REQUIRE(values[0] == kNone);
  }
  REQUIRE(changed(decoding::temperature(1e-300))[4] == 0);
  REQUIRE(changed(decoding::temperature(2), {}, {kNone, kNone}) == std::vector<double>{kNone, kNone});
}

TEST_CASE("top_k leaves the k most probable symbols, of equal ones the first") {
  REQUIRE(left(decoding::top_k(1)) == Tokens{4});
  REQUIRE(left(decoding::top_k(3)) == Tokens{3, 4, 6});
  REQUIRE(left(decoding::top_k(100)) == Tokens{2, 3, 4, 5, 6});
  REQUIRE(left(decoding::top_k(2), {}, logs({0.25, 0.25, 0.25, 0.25})) == Tokens{0, 1});
}

TEST_CASE("top_p leaves the fewest symbols that together have the probability") {
  REQUIRE(left(decoding::top_p(1e-9)) == Tokens{4});
  REQUIRE(left(decoding::top_p(0.39)) == Tokens{4});
  REQUIRE(left(decoding::top_p(0.41)) == Tokens{4, 6});
  REQUIRE(left(decoding::top_p(0.8)) == Tokens{3, 4, 6});
  REQUIRE(left(decoding::top_p(1)) == Tokens{2, 3, 4, 5, 6});
  // What is possible counts: here 0.4 of 0.5.
  REQUIRE(left(decoding::top_p(0.79), {}, logs({0.4, 0.1})) == Tokens{0});
  REQUIRE(left(decoding::top_p(0.5), {}, {kNone, kNone}).empty());
}

TEST_CASE("min_length forbids the end until there are so many symbols") {
  REQUIRE(left(decoding::min_length(2), {3}) == Tokens{3, 4, 5, 6});
  REQUIRE(left(decoding::min_length(2), {3, 3}) == Tokens{2, 3, 4, 5, 6});
  REQUIRE(left(decoding::min_length(0)) == Tokens{2, 3, 4, 5, 6});
}

TEST_CASE("no_repeat_ngram forbids what would repeat n symbols") {
  REQUIRE(left(decoding::no_repeat_ngram(1), {3, 5}) == Tokens{2, 4, 6});
  REQUIRE(left(decoding::no_repeat_ngram(2), {3, 4, 3}) == Tokens{2, 3, 5, 6});
  REQUIRE(left(decoding::no_repeat_ngram(2), {3, 3}) == Tokens{2, 4, 5, 6});
  REQUIRE(left(decoding::no_repeat_ngram(3), {3, 4, 5, 3, 4, 6, 3, 4}) == Tokens{2, 3, 4});
  REQUIRE(left(decoding::no_repeat_ngram(3), {3, 4}) == Tokens{2, 3, 4, 5, 6});
  REQUIRE(left(decoding::no_repeat_ngram(9)) == Tokens{2, 3, 4, 5, 6});
}

TEST_CASE("allow and forbid take symbols by prefix") {
  const auto next = [](const DecodingPrefix& prefix) {
    return Tokens{prefix.tokens.empty() ? 3 : prefix.tokens.back() + 1};
  };
  REQUIRE(left(decoding::allow(next)) == Tokens{3});
  REQUIRE(left(decoding::allow(next), {3}) == Tokens{4});
  REQUIRE(left(decoding::forbid(next), {3}) == Tokens{2, 3, 5, 6});
  REQUIRE(left(only({0})).empty());  // pad stays impossible
}

TEST_CASE("rules refuse values that make no sense, by name") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  REQUIRE(message_of([] { decoding::temperature(0); }) == "temperature: must be above 0 and finite, got 0");
  REQUIRE_THROWS_AS(decoding::temperature(nan), ValueError);
  REQUIRE_THROWS_AS(decoding::temperature(-kNone), ValueError);
  REQUIRE(message_of([] { decoding::top_k(0); }) == "top_k: k must be at least 1, got 0");
  REQUIRE(message_of([] { decoding::top_p(0); }) == "top_p: p must be above 0 and at most 1, got 0");
  REQUIRE_THROWS_AS(decoding::top_p(1.5), ValueError);
  REQUIRE_THROWS_AS(decoding::top_p(nan), ValueError);
  REQUIRE(message_of([] { decoding::min_length(-1); }) == "min_length: must not be negative, got -1");
  REQUIRE(message_of([] { decoding::no_repeat_ngram(0); }) == "no_repeat_ngram: n must be at least 1, got 0");
  REQUIRE(message_of([] { decoding::allow(nullptr); }) == "allow: needs a function of the prefix, got none");
  REQUIRE_THROWS_AS(left(only({7})), IndexError);
  REQUIRE_THROWS_AS(left(only({-1})), IndexError);
}

TEST_CASE("a search writes what its rules leave, and log_probability stays the model's") {
  const auto model =
      fixed_seq2seq({-50, -50, std::log(0.1), std::log(0.15), std::log(0.4), std::log(0.05), std::log(0.3)});
  const auto greedy = [&](const DecodingRules& rules) { return greedy_search(*model, one_source(), {}, 4, rules)[0]; };
  REQUIRE(greedy({}).tokens == Tokens{4, 4, 4, 4});
  REQUIRE(greedy({decoding::no_repeat_ngram(1)}).tokens == Tokens{4, 6, 3});
  REQUIRE(greedy({decoding::no_repeat_ngram(1), decoding::min_length(4)}).tokens == Tokens{4, 6, 3, 5});
  const Hypothesis flat = greedy({decoding::temperature(2), only({6, kEos})});
  REQUIRE(flat.tokens == Tokens{6, 6, 6, 6});
  REQUIRE(flat.log_probability == Approx(4 * std::log(0.3)));
  double total = 0;
  for (const double p : kProbabilities) {
    total += std::sqrt(p);
  }
  REQUIRE(flat.score == Approx(4 * std::log(std::sqrt(0.3) / total)));
}

TEST_CASE("beam search ranks by the scores that rules give") {
  const auto model = fixed_seq2seq({-50, -50, std::log(0.5), std::log(0.3), std::log(0.2)});
  // Without the rule the empty output is best; then those of two symbols, by probability.
  REQUIRE(beam_search(*model, one_source(), {}, {.beam = 4})[0][0].tokens.empty());
  const auto best =
      beam_search(*model, one_source(), {}, {.beam = 4, .n_best = 4, .rules = {decoding::min_length(2)}})[0];
  REQUIRE(best.size() == 4);
  REQUIRE(best[0].tokens == Tokens{3, 3});
  REQUIRE(best[0].score == Approx(std::log(0.3 * 0.3 * 0.5)));
  REQUIRE(best[1].tokens == Tokens{3, 4});
  REQUIRE(best[2].tokens == Tokens{4, 3});
}

TEST_CASE("a beam of 1 with rules gives what greedy search gives") {
  const Tensor source = tensor<int64_t>({{3, 4, 2}, {4, 4, 2}, {3, 3, 2}});
  const std::vector<DecodingRules> all{{decoding::temperature(0.7), decoding::top_k(2)},
                                       {decoding::min_length(3), decoding::no_repeat_ngram(2)},
                                       {decoding::top_p(0.5), decoding::temperature(3)},
                                       {only({3, kEos})}};
  for (uint64_t seed = 0; seed < 10; ++seed) {
    const auto model = toy_seq2seq(5, seed, 3);
    for (const DecodingRules& rules : all) {
      const auto greedy = greedy_search(*model, source, {}, 6, rules);
      const auto beam = beam_search(*model, source, {}, {.beam = 1, .max_length = 6, .rules = rules});
      for (size_t i = 0; i < greedy.size(); ++i) {
        REQUIRE(beam[i][0].tokens == greedy[i].tokens);
        REQUIRE(beam[i][0].ended == greedy[i].ended);
        REQUIRE(beam[i][0].log_probability == greedy[i].log_probability);
        REQUIRE(beam[i][0].score == greedy[i].score);
      }
    }
  }
}

TEST_CASE("a constraint sees the source of each hypothesis") {
  const auto model = toy_seq2seq(5, 3);
  const Tensor source = tensor<int64_t>({{3, 4, 2}, {4, 4, 2}});
  const DecodingRules by_source{decoding::allow([](const DecodingPrefix& prefix) {
    return prefix.tokens.size() < 2 ? Tokens{3 + prefix.source} : Tokens{kEos};
  })};
  const auto found = beam_search(*model, source, {}, {.beam = 2, .max_length = 5, .rules = by_source});
  REQUIRE(found[0][0].tokens == Tokens{3, 3});
  REQUIRE(found[1][0].tokens == Tokens{4, 4});
}

TEST_CASE("a hypothesis without a continuation is given up, and a source left with none is an error") {
  const auto model = fixed_seq2seq({-50, -50, std::log(0.2), std::log(0.5), std::log(0.3)});
  // After 3 nothing may come, after 4 the end.
  const DecodingRules dead_end{decoding::allow([](const DecodingPrefix& prefix) {
    return prefix.tokens.empty() ? Tokens{3, 4} : prefix.tokens.back() == 3 ? Tokens{} : Tokens{kEos};
  })};
  REQUIRE(beam_search(*model, one_source(), {}, {.beam = 2, .rules = dead_end})[0][0].tokens == Tokens{4});
  REQUIRE(message_of([&] { greedy_search(*model, one_source(), {}, 5, dead_end); }) ==
          "greedy_search: rule 'allow' forbids every symbol that is left after 1 symbols of source 0");
  const DecodingRules nothing{decoding::top_k(2), only({})};
  REQUIRE(message_of([&] { beam_search(*model, one_source(), {}, {.beam = 3, .rules = nothing}); }) ==
          "beam_search: rule 'allow' forbids every symbol that is left after 0 symbols of source 0");
}

TEST_CASE("a rule of one's own may assign another tensor, and is refused by name for one that does not fit") {
  const auto model = fixed_seq2seq({9, 9, 0, 2, 1});
  const auto search = [&](const std::function<void(Tensor&)>& change) {
    const DecodingRule rule{"mine", [change](Tensor& log_p, const DecodingContext&) { change(log_p); }};
    return message_of([&] { greedy_search(*model, one_source(), {}, 2, {rule}); });
  };
  const DecodingRule reversed{"reversed", [](Tensor& log_p, const DecodingContext&) { log_p = -log_p; }};
  // Impossible symbols stay so: -(-∞) for pad and bos is not taken for a probability.
  REQUIRE(greedy_search(*model, one_source(), {}, 3, {reversed})[0].tokens.empty());
  REQUIRE(search([](Tensor& x) { x = Tensor(); }).find("greedy_search: rule 'mine': ") == 0);
  REQUIRE(search([](Tensor& x) { x = to(x, DType::float32); }).find("must stay float64") != std::string::npos);
  REQUIRE(search([](Tensor& x) { x = narrow(x, 1, 0, 2); }).find("must stay (1, 5), got (1, 2)") != std::string::npos);
  REQUIRE(search([](Tensor& x) { x = x - x; }).find("must be numbers below infinity, got nan") == std::string::npos);
  REQUIRE(search([](Tensor& x) { fill_(x, std::nan("")); }).find("must be numbers below infinity, got nan") !=
          std::string::npos);
  REQUIRE(search([](Tensor& x) { fill_(x, -kNone); }).find("must be numbers below infinity, got inf") !=
          std::string::npos);
  REQUIRE(message_of([&] {
            greedy_search(*model, one_source(), {}, 2, {{"empty", nullptr}});
          }) == "greedy_search: rule 'empty' has no function");
}
