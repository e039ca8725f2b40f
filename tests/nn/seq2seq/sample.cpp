// Sampling: frequencies, the generator, and what it shares with the other searches.
#include <heed/nn/seq2seq/sample.h>

#include <cmath>
#include <map>

#include <heed/autograd/node.h>
#include <heed/tensor/error.h>
#include <heed/tensor/softmax.h>
#include <heed/tensor/view.h>

#include "support/catch.h"
#include "support/fixed_seq2seq.h"
#include "support/message.h"

using namespace heed;
using heed::test::fixed_seq2seq;
using heed::test::toy_seq2seq;

namespace {

using Tokens = std::vector<int64_t>;

Tensor some_source() { return from_vector<int64_t>({3, 4, 3, 2, 4, 4, 2, 0, 4, 2, 0, 0}, {3, 4}); }
Tensor some_lengths() { return tensor<int64_t>({4, 3, 2}); }

std::vector<std::vector<Hypothesis>> drawn(const Seq2Seq& model, uint64_t seed, const SampleOptions& options) {
  Generator generator(seed);
  return sample(model, some_source(), some_lengths(), options, generator);
}

}  // namespace

TEST_CASE("symbols are drawn as often as their probabilities say") {
  const auto model = fixed_seq2seq({9, 9, std::log(0.2), std::log(0.5), std::log(0.3)});
  constexpr int64_t kSamples = 20000;
  const auto count = [&](const DecodingRules& rules) {
    Generator generator(5);
    std::map<Tokens, double> share;
    const auto outputs = sample(*model, tensor<int64_t>({{3, 2}}), {},
                                {.samples = kSamples, .max_length = 1, .rules = rules}, generator);
    for (const Hypothesis& output : outputs[0]) {
      share[output.tokens] += 1.0 / static_cast<double>(kSamples);
    }
    return share;
  };
  auto plain = count({});
  REQUIRE(plain.size() == 3);
  REQUIRE(plain[{}] == Approx(0.2).margin(0.015));  // five standard deviations
  REQUIRE(plain[{3}] == Approx(0.5).margin(0.018));
  REQUIRE(plain[{4}] == Approx(0.3).margin(0.017));
  auto two = count({decoding::top_k(2)});
  REQUIRE(two.size() == 2);
  REQUIRE(two[{3}] == Approx(0.5 / 0.8).margin(0.018));
  auto sharp = count({decoding::temperature(0.5)});
  REQUIRE(sharp[{3}] == Approx(0.25 / 0.38).margin(0.018));
}

TEST_CASE("a draw depends on the seed, on the source's place and on the sample's number alone") {
  const auto model = toy_seq2seq(5, 4);
  const SampleOptions options{.samples = 4, .max_length = 6};
  const auto first = drawn(*model, 7, options), again = drawn(*model, 7, options), other = drawn(*model, 8, options);
  SampleOptions fewer = options;
  fewer.samples = 2;
  const auto two = drawn(*model, 7, fewer);
  Generator generator(7);
  const auto alone = sample(*model, narrow(some_source(), 0, 0, 1), {}, options, generator)[0];
  int different = 0;
  for (size_t source = 0; source < 3; ++source) {
    REQUIRE(first[source].size() == 4);
    for (size_t k = 0; k < 4; ++k) {
      REQUIRE(first[source][k].tokens == again[source][k].tokens);
      REQUIRE((k >= 2 || first[source][k].tokens == two[source][k].tokens));
      REQUIRE((source != 0 || first[0][k].tokens == alone[k].tokens));
      different += first[source][k].tokens == other[source][k].tokens ? 0 : 1;
    }
  }
  REQUIRE(different > 3);
  // The generator goes on: a second call draws others.
  REQUIRE(generator.state().offset > 0);
}

TEST_CASE("a sample has the log-probability, the weights and the end that feeding it has") {
  const auto model = toy_seq2seq(5, 6);
  const auto outputs = drawn(*model, 1, {.samples = 3, .max_length = 5});
  for (size_t source = 0; source < 3; ++source) {
    for (const Hypothesis& output : outputs[source]) {
      const auto row = static_cast<int64_t>(source);
      const test::Fed fed =
          test::feed(*model, narrow(some_source(), 0, row, 1), narrow(some_lengths(), 0, row, 1), output);
      const int64_t steps = fed.weights.size(1);
      REQUIRE(output.log_probability == Approx(fed.log_probability).epsilon(1e-10));
      REQUIRE(output.score == output.log_probability);
      REQUIRE(output.weights.shape() == Shape{steps, some_lengths().to_vector<int64_t>()[source]});
    }
  }
  REQUIRE(live_nodes() == 0);
}

TEST_CASE("only the most probable symbol left is what greedy search writes") {
  const auto model = toy_seq2seq(5, 2, 3);
  const auto greedy = greedy_search(*model, some_source(), some_lengths(), 6);
  const auto sampled = drawn(*model, 3, {.max_length = 6, .rules = {decoding::top_k(1)}});
  for (size_t i = 0; i < greedy.size(); ++i) {
    REQUIRE(sampled[i][0].tokens == greedy[i].tokens);
    REQUIRE(sampled[i][0].log_probability == greedy[i].log_probability);
  }
}

TEST_CASE("sampling takes an empty batch, and refuses what makes no sense by name") {
  const auto model = toy_seq2seq(5, 1);
  REQUIRE(sample(*model, zeros({0, 2}, DType::int64), {}, {.samples = 3}).empty());
  REQUIRE(message_of([&] { drawn(*model, 1, {.samples = 0}); }) == "sample: samples must be at least 1, got 0");
  REQUIRE(message_of([&] { drawn(*model, 1, {.max_length = 0}); }) == "sample: max_length must be at least 1, got 0");
  const DecodingRules nothing{decoding::allow([](const DecodingPrefix&) { return Tokens{}; })};
  REQUIRE(message_of([&] { drawn(*model, 1, {.rules = nothing}); }) ==
          "sample: rule 'allow' forbids every symbol that is left after 0 symbols of source 0");
}
