// The attending LSTM as one node: against its composite, with what hides behind a mask, at any thread count.
#include <heed/autograd/attention_lstm.h>
#include <heed/autograd/detail/composites.h>

#include <cmath>

#include <heed/autograd/backward.h>
#include <heed/autograd/elementwise.h>
#include <heed/autograd/reduce.h>
#include <heed/autograd/view.h>
#include <heed/tensor/elementwise.h>
#include <heed/tensor/error.h>

#include "support/reference.h"

namespace heed::test {
namespace {

// Enough work for several threads.
constexpr int64_t kSteps = 9, kBatch = 23, kHidden = 50, kPositions = 7, kMemory = 37, kAttention = 11;

Variable leaf(const Shape& shape, uint32_t seed) { return {random_tensor(shape, seed, DType::float64, -1, 1), true}; }

struct Decoder {
  Variable gate_inputs = leaf({kSteps, kBatch, 4 * kHidden}, 1), memory = leaf({kBatch, kPositions, kMemory}, 2);
  Variable keys = leaf({kBatch, kPositions, kAttention}, 3);
  LSTMState start{leaf({kBatch, kHidden}, 4), leaf({kBatch, kHidden}, 5)};
  AttentionLSTMWeights weights{leaf({4 * kHidden, kHidden}, 7), leaf({4 * kHidden, kMemory}, 10),
                               leaf({kAttention, kHidden}, 11), leaf({kAttention}, 12)};
  Tensor mask{};

  std::vector<Variable> inputs() const {
    return {gate_inputs,     memory,           keys, start.h, start.c, weights.w_hh, weights.w_context,
            weights.w_query, weights.direction};
  }

  AttentionLSTMResult run(bool composite = false) const {
    return composite ? attention_lstm_composite(gate_inputs, {memory, keys, mask}, start, weights)
                     : attention_lstm(gate_inputs, {memory, keys, mask}, start, weights);
  }

  /// Outputs, then gradients of all inputs for random gradients of the outputs that `used` has a bit for.
  std::vector<Tensor> everything(unsigned used = 31, bool composite = false) const {
    const AttentionLSTMResult result = run(composite);
    const std::vector<Variable> outputs{result.output, result.context, result.weights, result.state.h, result.state.c};
    std::vector<Variable> roots, cotangents;
    std::vector<Tensor> all;
    for (size_t i = 0; i < outputs.size(); ++i) {
      all.push_back(outputs[i].value());
      if ((used >> i & 1U) != 0) {
        roots.push_back(outputs[i]);
        cotangents.emplace_back(random_tensor(outputs[i].shape(), 20 + static_cast<uint32_t>(i), DType::float64));
      }
    }
    for (const Variable& each : grad(roots, inputs(), {.gradients = cotangents, .allow_unused = true})) {
      all.push_back(each.defined() ? each.value() : Tensor());
    }
    return all;
  }
};

void check_all_close(const std::vector<Tensor>& got, const std::vector<Tensor>& wanted, double tolerance) {
  REQUIRE(got.size() == wanted.size());
  for (size_t i = 0; i < got.size(); ++i) {
    CAPTURE(i);
    if (got[i].defined() && wanted[i].defined()) {
      check_close(got[i], wanted[i], tolerance);
    } else {
      const Tensor& there = got[i].defined() ? got[i] : wanted[i];
      CHECK((!there.defined() || values(there) == std::vector<double>(static_cast<size_t>(there.numel()))));
    }
  }
}

/// Row 0 hides its end, row 1 everything, row 2 places in between, the others nothing.
Tensor some_hidden() {
  Tensor mask = zeros({kBatch, kPositions}, DType::boolean);
  bool* hides = mask.mutable_data<bool>();
  for (int64_t s = 0; s < kPositions; ++s) {
    hides[s] = s >= 4;
    hides[kPositions + s] = true;
    hides[2 * kPositions + s] = s % 3 == 1;
  }
  return mask;
}

TEST_CASE("the attending LSTM agrees with its composite, whichever of its outputs are used") {
  Decoder decoder;
  for (const bool masked : {false, true}) {
    decoder.mask = masked ? some_hidden() : Tensor();
    for (const unsigned used : {31U, 1U, 2U, 4U, 8U, 16U, 5U}) {
      CAPTURE(masked, used);
      check_all_close(decoder.everything(used), decoder.everything(used, true), 1e-12);
    }
  }
}

TEST_CASE("what is hidden from the attending LSTM reaches nothing, even NaN, and a row that sees nothing sees zeros") {
  Decoder clean;
  clean.mask = some_hidden();
  Decoder broken = clean;
  const Tensor hidden = unsqueeze(clean.mask, 2);
  broken.memory = Variable(masked_fill(clean.memory.value(), hidden, std::nan("")), true);
  broken.keys = Variable(masked_fill(clean.keys.value(), hidden, std::nan("")), true);
  const std::vector<Tensor> expected = clean.everything(), got = broken.everything();
  for (size_t i = 0; i < expected.size(); ++i) {
    CAPTURE(i);
    CHECK(same_bits(got[i], expected[i]));
  }
  for (const size_t i : {size_t{1}, size_t{2}}) {  // contexts and weights of the row that sees nothing
    for (const double value : values(select(got[i], 1, 1))) {
      CHECK(value == 0);
    }
  }
}

TEST_CASE("nor does a hidden NaN reach gradients that are differentiated in turn") {
  Decoder decoder;
  decoder.mask = some_hidden();
  const Tensor hidden = unsqueeze(decoder.mask, 2);
  decoder.memory = Variable(masked_fill(decoder.memory.value(), hidden, std::nan("")), true);
  decoder.keys = Variable(masked_fill(decoder.keys.value(), hidden, std::nan("")), true);
  const AttentionLSTMResult result = decoder.run();
  const Variable cotangent = random_tensor(result.output.shape(), 20, DType::float64);
  for (const Variable& each :
       grad({result.output}, decoder.inputs(), {.gradients = {cotangent}, .create_graph = true})) {
    CHECK(all_finite(each.value()));
  }
}

TEST_CASE("the attending LSTM gives a sequence the same bits alone, in a batch, before padding, at any thread count") {
  Decoder decoder;
  decoder.mask = some_hidden();
  const std::vector<Tensor> whole = decoder.everything();
  const int threads = num_threads();
  for (const int count : {1, 2, 7}) {
    set_num_threads(count);
    const std::vector<Tensor> again = decoder.everything();
    for (size_t i = 0; i < whole.size(); ++i) {
      CHECK(same_bits(again[i], whole[i]));
    }
  }
  set_num_threads(threads);
  Decoder alone = decoder;  // row 0, without the positions that are hidden from it
  const auto first = [](const Variable& x, int64_t axis) { return Variable(narrow(x.value(), axis, 0, 1), true); };
  alone.gate_inputs = first(decoder.gate_inputs, 1);
  alone.memory = Variable(narrow(first(decoder.memory, 0).value(), 1, 0, 4), true);
  alone.keys = Variable(narrow(first(decoder.keys, 0).value(), 1, 0, 4), true);
  alone.start = {first(decoder.start.h, 0), first(decoder.start.c, 0)};
  alone.mask = Tensor();
  const AttentionLSTMResult result = alone.run();
  CHECK(same_bits(result.output.value(), narrow(whole[0], 1, 0, 1)));
  CHECK(same_bits(result.context.value(), narrow(whole[1], 1, 0, 1)));
  CHECK(same_bits(result.weights.value(), narrow(narrow(whole[2], 1, 0, 1), 2, 0, 4)));
}

TEST_CASE("the states of an attending LSTM that takes no step are the first ones, in the graph") {
  Decoder decoder;
  decoder.gate_inputs = leaf({0, kBatch, 4 * kHidden}, 1);
  const AttentionLSTMResult result = decoder.run();
  const auto gradients = grad({sum(result.state.h)}, {decoder.start.h, decoder.start.c}, {.allow_unused = true});
  CHECK(same_bits(result.state.h.value(), decoder.start.h.value()));
  CHECK(same_bits(gradients[0].value(), ones({kBatch, kHidden}, DType::float64)));
}

TEST_CASE("the attending LSTM refuses sizes that do not fit") {
  Decoder decoder;
  const auto run = [&] { decoder.run(); };
  decoder.mask = zeros({kBatch, kPositions + 1}, DType::boolean);
  CHECK_THROWS_AS(run(), ShapeError);
  decoder.mask = zeros({kBatch, kPositions}, DType::int64);
  CHECK_THROWS_AS(run(), DTypeError);
  decoder.mask = Tensor();
  decoder.keys = leaf({kBatch, kPositions, kAttention + 1}, 3);
  CHECK_THROWS_AS(run(), ShapeError);
  decoder.keys = leaf({kBatch, kPositions, kAttention}, 3);
  decoder.weights.w_context = leaf({4 * kHidden, kMemory - 1}, 3);
  CHECK_THROWS_AS(run(), ShapeError);
}

}  // namespace
}  // namespace heed::test
