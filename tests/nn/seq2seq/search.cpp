// Greedy and beam search beside each other and beside looking at every sequence there is.
#include <algorithm>
#include <cmath>
#include <limits>

#include <heed/autograd/grad_mode.h>
#include <heed/autograd/node.h>
#include <heed/nn/seq2seq/beam_search.h>
#include <heed/nn/seq2seq/greedy_search.h>
#include <heed/tensor/error.h>
#include <heed/tensor/softmax.h>
#include <heed/tensor/view.h>

#include "support/catch.h"
#include "support/toy_seq2seq.h"

using namespace heed;
using heed::test::toy_seq2seq;

namespace {

constexpr int64_t kVocabulary = 5;
constexpr int64_t kFirstWritten = 2;  // below are pad and bos, which no output holds

Tensor some_source() { return from_vector<int64_t>({3, 4, 3, 2, 4, 4, 2, 0, 4, 2, 0, 0}, {3, 4}); }
Tensor some_lengths() { return tensor<int64_t>({4, 3, 2}); }

bool same(const Hypothesis& a, const Hypothesis& b) {
  const bool both_attend = a.weights.defined() == b.weights.defined();
  return a.tokens == b.tokens && a.ended == b.ended && a.log_probability == b.log_probability && both_attend &&
         (!a.weights.defined() ||
          (a.weights.shape() == b.weights.shape() && a.weights.to_vector<double>() == b.weights.to_vector<double>()));
}

/// All outputs of at most `steps` steps, by recursion over step().
void enumerate(Seq2Seq& model, const DecoderState& state, int64_t input, int64_t steps, const Hypothesis& so_far,
               std::vector<Hypothesis>& all) {
  if (steps == 0) {
    all.push_back(so_far);
    return;
  }
  const DecoderStep step = model.decoder().step(tensor<int64_t>({input}), state);
  const auto log_p = log_softmax(step.logits.value(), -1).to_vector<double>();
  for (int64_t token = kFirstWritten; token < kVocabulary; ++token) {
    Hypothesis next = so_far;
    next.log_probability += log_p[static_cast<size_t>(token)];
    if (token == model.tokens().eos) {
      next.ended = true;
      all.push_back(next);
    } else {
      next.tokens.push_back(token);
      enumerate(model, step.state, token, steps - 1, next, all);
    }
  }
}

std::vector<Hypothesis> ranked_by_hand(Seq2Seq& model, const Tensor& source, int64_t steps, double alpha) {
  const NoGrad no_grad;
  std::vector<Hypothesis> all;
  enumerate(model, model.decoder().start(model.encoder().forward(source, Tensor())), model.tokens().bos, steps, {},
            all);
  for (Hypothesis& hypothesis : all) {
    const double length = static_cast<double>(hypothesis.tokens.size()) + (hypothesis.ended ? 1 : 0);
    hypothesis.score = hypothesis.log_probability / (std::pow(5 + length, alpha) / std::pow(6, alpha));
  }
  std::sort(all.begin(), all.end(),
            [](const Hypothesis& a, const Hypothesis& b) { return a.ended != b.ended ? a.ended : a.score > b.score; });
  return all;
}

/// The next log-probabilities after `prefix`, computed from the start.
std::vector<double> next_log_p(Seq2Seq& model, const Tensor& source, const std::vector<int64_t>& prefix) {
  DecoderState state = model.decoder().start(model.encoder().forward(source, Tensor()));
  DecoderStep step = model.decoder().step(tensor<int64_t>({model.tokens().bos}), state);
  for (const int64_t token : prefix) {
    step = model.decoder().step(tensor<int64_t>({token}), step.state);
  }
  return log_softmax(step.logits.value(), -1).to_vector<double>();
}

Hypothesis most_probable_steps(Seq2Seq& model, const Tensor& source, int64_t steps) {
  const NoGrad no_grad;
  Hypothesis output;
  for (int64_t step = 0; step < steps && !output.ended; ++step) {
    const std::vector<double> log_p = next_log_p(model, source, output.tokens);
    const auto best = std::max_element(log_p.begin() + kFirstWritten, log_p.end());
    output.log_probability += *best;
    output.ended = best - log_p.begin() == model.tokens().eos;
    if (!output.ended) {
      output.tokens.push_back(best - log_p.begin());
    }
  }
  return output;
}

/// Beam search written for one source and with every continuation sorted.
std::vector<Hypothesis> plain_beam(Seq2Seq& model, const Tensor& source, const BeamOptions& options) {
  const NoGrad no_grad;
  const auto beam = static_cast<size_t>(options.beam);
  const auto better = [](const Hypothesis& a, const Hypothesis& b) { return a.log_probability > b.log_probability; };
  std::vector<Hypothesis> live(1);
  std::vector<Hypothesis> finished;
  for (int64_t step = 0; step < options.max_length && finished.size() < beam; ++step) {
    std::vector<Hypothesis> all;
    for (const Hypothesis& from : live) {
      const std::vector<double> log_p = next_log_p(model, source, from.tokens);
      for (int64_t token = kFirstWritten; token < kVocabulary; ++token) {
        all.push_back(from);
        all.back().log_probability += log_p[static_cast<size_t>(token)];
        all.back().ended = token == model.tokens().eos;
        all.back().tokens.push_back(token);
      }
    }
    std::sort(all.begin(), all.end(), better);
    live.clear();
    for (size_t rank = 0; rank < all.size(); ++rank) {
      if (!all[rank].ended && live.size() < beam) {
        live.push_back(all[rank]);
      } else if (all[rank].ended && rank < beam) {
        finished.push_back(all[rank]);
        finished.back().tokens.pop_back();
      }
    }
  }
  std::sort(finished.begin(), finished.end(), better);
  if (finished.size() < beam) {
    finished.insert(finished.end(), live.begin(), live.end());
  }
  finished.resize(std::min(finished.size(), beam));
  return finished;
}

}  // namespace

TEST_CASE("a beam keeps and finishes the hypotheses that the plain algorithm does") {
  for (uint64_t seed = 0; seed < 12; ++seed) {
    for (const int64_t beam : {2, 3, 4}) {
      const auto model = toy_seq2seq(kVocabulary, seed, 2);
      const Tensor source = from_vector<int64_t>({4, 3, 2}, {1, 3});
      const BeamOptions options{.beam = beam, .max_length = 6, .n_best = beam};
      const std::vector<Hypothesis> expected = plain_beam(*model, source, options);
      const std::vector<Hypothesis> found = beam_search(*model, source, Tensor(), options)[0];
      REQUIRE(found.size() == expected.size());
      for (size_t i = 0; i < found.size(); ++i) {
        REQUIRE(found[i].tokens == expected[i].tokens);
        REQUIRE(found[i].log_probability == Approx(expected[i].log_probability).epsilon(1e-10));
      }
    }
  }
}

TEST_CASE("a beam wide enough finds what looking at every sequence finds") {
  for (const double alpha : {0.0, 0.6, 2.0}) {
    for (const uint64_t seed : {1, 2, 3}) {
      const auto model = toy_seq2seq(kVocabulary, seed);
      const Tensor source = from_vector<int64_t>({3, 4, 2}, {1, 3});
      const std::vector<Hypothesis> expected = ranked_by_hand(*model, source, 4, alpha);
      const auto found = beam_search(*model, source, Tensor(),
                                     {.beam = 1000, .max_length = 4, .length_penalty = alpha, .n_best = 1000})[0];
      REQUIRE(found.size() == expected.size());
      for (size_t i = 0; i < found.size(); ++i) {
        REQUIRE(found[i].tokens == expected[i].tokens);
        REQUIRE(found[i].ended == expected[i].ended);
        REQUIRE(found[i].score == Approx(expected[i].score).epsilon(1e-10));
      }
    }
  }
}

TEST_CASE("the length penalty changes which output is best") {
  bool changed = false;
  for (uint64_t seed = 1; seed < 10 && !changed; ++seed) {
    const auto model = toy_seq2seq(kVocabulary, seed);
    const BeamOptions plain{.beam = 20, .max_length = 5};
    BeamOptions longer = plain;
    longer.length_penalty = 3;
    const auto a = beam_search(*model, some_source(), some_lengths(), plain)[0][0];
    const auto b = beam_search(*model, some_source(), some_lengths(), longer)[0][0];
    changed = b.tokens.size() > a.tokens.size();
  }
  REQUIRE(changed);
}

TEST_CASE("greedy search takes the most probable symbol at each step, and a beam of 1 gives exactly the same") {
  for (uint64_t seed = 0; seed < 20; ++seed) {
    const auto model = toy_seq2seq(kVocabulary, seed, 3);
    const auto greedy = greedy_search(*model, some_source(), some_lengths(), 6);
    for (int64_t i = 0; i < 3; ++i) {
      const Tensor alone =
          narrow(narrow(some_source(), 0, i, 1), 1, 0, some_lengths().to_vector<int64_t>()[static_cast<size_t>(i)]);
      const Hypothesis by_hand = most_probable_steps(*model, alone, 6);
      REQUIRE(greedy[static_cast<size_t>(i)].tokens == by_hand.tokens);
      REQUIRE(greedy[static_cast<size_t>(i)].ended == by_hand.ended);
      REQUIRE(greedy[static_cast<size_t>(i)].log_probability == Approx(by_hand.log_probability).epsilon(1e-12));
    }
    for (const double alpha : {0.0, 1.5}) {
      const auto beam =
          beam_search(*model, some_source(), some_lengths(), {.beam = 1, .max_length = 6, .length_penalty = alpha});
      for (size_t i = 0; i < greedy.size(); ++i) {
        REQUIRE(beam[i].size() == 1);
        REQUIRE(same(beam[i][0], greedy[i]));
      }
    }
  }
}

TEST_CASE("a source gives the same outputs alone, padded and in a batch") {
  const auto model = toy_seq2seq(kVocabulary, 4);
  const BeamOptions options{.beam = 3, .max_length = 5, .length_penalty = 0.5, .n_best = 3};
  const auto together = beam_search(*model, some_source(), some_lengths(), options);
  const auto greedy = greedy_search(*model, some_source(), some_lengths(), 5);
  const auto lengths = some_lengths().to_vector<int64_t>();
  for (int64_t i = 0; i < 3; ++i) {
    const int64_t length = lengths[static_cast<size_t>(i)];
    const Tensor alone = narrow(narrow(some_source(), 0, i, 1), 1, 0, length);
    const auto outputs = beam_search(*model, alone, Tensor(), options)[0];
    REQUIRE(outputs.size() == together[static_cast<size_t>(i)].size());
    for (size_t k = 0; k < outputs.size(); ++k) {
      REQUIRE(same(outputs[k], together[static_cast<size_t>(i)][k]));
    }
    REQUIRE(same(greedy_search(*model, alone, Tensor(), 5)[0], greedy[static_cast<size_t>(i)]));
  }
}

TEST_CASE("an output's log-probability is that of feeding it, and it has a row of weights for each step") {
  const auto model = toy_seq2seq(kVocabulary, 6);
  const auto outputs = beam_search(*model, some_source(), some_lengths(), {.beam = 4, .max_length = 6, .n_best = 4});
  for (size_t source = 0; source < outputs.size(); ++source) {
    for (const Hypothesis& output : outputs[source]) {
      const auto row = static_cast<int64_t>(source);
      const test::Fed fed =
          test::feed(*model, narrow(some_source(), 0, row, 1), narrow(some_lengths(), 0, row, 1), output);
      const int64_t steps = fed.weights.size(1);
      REQUIRE(output.log_probability == Approx(fed.log_probability).epsilon(1e-10));
      REQUIRE(output.score == output.log_probability);
      const int64_t length = some_lengths().to_vector<int64_t>()[source];
      REQUIRE(output.weights.shape() == Shape{steps, length});
      REQUIRE(output.weights.at({steps - 1, 0}) == Approx(fed.weights.at({0, steps - 1, 0})).epsilon(1e-10));
    }
  }
}

TEST_CASE("searching leaves the model's mode as it was and records nothing") {
  const auto model = toy_seq2seq(kVocabulary, 1);
  for (const bool training : {true, false}) {
    model->train(training);
    const Seq2Seq& unchanged = *model;
    const auto greedy = greedy_search(unchanged, some_source(), some_lengths(), 3);
    const auto beams = beam_search(unchanged, some_source(), some_lengths(), {.beam = 2, .max_length = 3});
    REQUIRE(model->training() == training);
  }
  REQUIRE(live_nodes() == 0);
}

TEST_CASE("searches take an empty batch, and refuse options that make no sense") {
  const auto model = toy_seq2seq(kVocabulary, 1);
  REQUIRE(greedy_search(*model, zeros({0, 2}, DType::int64), Tensor(), 3).empty());
  REQUIRE(beam_search(*model, zeros({0, 2}, DType::int64), Tensor()).empty());
  REQUIRE_THROWS_AS(greedy_search(*model, some_source(), some_lengths(), 0), ValueError);
  REQUIRE_THROWS_AS(greedy_search(*model, zeros({3}, DType::int64), Tensor(), 3), ShapeError);
  REQUIRE_THROWS_AS(greedy_search(*model, zeros({3, 2}), Tensor(), 3), DTypeError);
  const auto refuses = [&](const BeamOptions& options) {
    REQUIRE_THROWS_AS(beam_search(*model, some_source(), some_lengths(), options), ValueError);
  };
  refuses({.beam = 0});
  refuses({.max_length = 0});
  refuses({.length_penalty = -1});
  refuses({.length_penalty = std::numeric_limits<double>::infinity()});
  refuses({.n_best = 0});
  refuses({.beam = 2, .n_best = 3});
}

TEST_CASE("searches refuse logits that are not numbers") {
  const auto model = toy_seq2seq(kVocabulary, 1, std::numeric_limits<double>::quiet_NaN());
  REQUIRE_THROWS_AS(greedy_search(*model, some_source(), some_lengths(), 3), ValueError);
  REQUIRE_THROWS_AS(beam_search(*model, some_source(), some_lengths()), ValueError);
}
