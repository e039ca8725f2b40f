// Recurrences as one node: against their composites, with padding, in both layouts.
#include <heed/autograd/rnn.h>

#include <cmath>

#include <heed/autograd/backward.h>
#include <heed/autograd/elementwise.h>
#include <heed/autograd/gradcheck.h>
#include <heed/autograd/index.h>
#include <heed/autograd/node.h>
#include <heed/autograd/reduce.h>
#include <heed/autograd/view.h>
#include <heed/tensor/error.h>

#include "support/reference.h"

namespace heed::test {
namespace {

constexpr int64_t kSteps = 6, kBatch = 3, kInputs = 4, kHidden = 5;

Variable leaf(const Shape& shape, uint32_t seed) { return {random_tensor(shape, seed, DType::float64, -1, 1), true}; }

struct Layer {
  Variable x = leaf({kSteps, kBatch, kInputs}, 1), h0 = leaf({kBatch, kHidden}, 2), c0 = leaf({kBatch, kHidden}, 3);
  RecurrentWeights weights{leaf({4 * kHidden, kInputs}, 4), leaf({4 * kHidden, kHidden}, 5), leaf({4 * kHidden}, 6),
                           leaf({4 * kHidden}, 7)};

  std::vector<Variable> inputs() const { return {x, weights.w_ih, weights.w_hh, weights.b_ih, weights.b_hh, h0, c0}; }
};

/// Outputs, then gradients of all inputs for random gradients of `output`, and of h and c where `with_states`.
std::vector<Tensor> everything(const Layer& layer, const LSTMResult& result, bool with_states) {
  std::vector<Variable> roots{result.output}, cotangents{random_tensor(result.output.shape(), 8, DType::float64)};
  if (with_states) {
    roots.insert(roots.end(), {result.h, result.c});
    cotangents.insert(cotangents.end(), {random_tensor(result.h.shape(), 9, DType::float64),
                                         random_tensor(result.c.shape(), 10, DType::float64)});
  }
  std::vector<Tensor> all{result.output.value(), result.h.value(), result.c.value()};
  for (const Variable& each : grad(roots, layer.inputs(), {.gradients = cotangents})) {
    all.push_back(each.value());
  }
  return all;
}

TEST_CASE("an LSTM over a sequence is one node and agrees with its composite") {
  const Layer layer;
  for (const bool reverse : {false, true}) {
    for (const bool with_states : {false, true}) {
      const RecurrentOptions options{.lengths = from_vector<int64_t>({6, 0, 4}, {3}), .reverse = reverse};
      const auto run = [&](auto function) {
        return everything(layer, function(layer.x, layer.h0, layer.c0, layer.weights, options), with_states);
      };
      const std::vector<Tensor> fused = run(&lstm), composite = run(&lstm_composite);
      for (size_t i = 0; i < fused.size(); ++i) {
        CAPTURE(reverse, with_states, i);
        check_close(fused[i], composite[i], 1e-12);
      }
    }
  }
  const auto before = live_nodes();
  const LSTMResult result = lstm(layer.x, layer.h0, layer.c0, layer.weights);
  CHECK(live_nodes() == before + 1);
}

TEST_CASE("NaN past the end of a sequence reaches neither outputs nor gradients") {
  const RecurrentOptions options{.lengths = from_vector<int64_t>({6, 0, 4}, {3})};
  const Layer clean;
  Layer broken;
  broken.x = Variable(clone(clean.x.value()), true);
  Tensor past = slice(select(broken.x.mutable_value(), 1, 2), 0, 4, kSteps);
  fill_(past, std::nan(""));
  Tensor empty = select(broken.x.mutable_value(), 1, 1);
  fill_(empty, INFINITY);
  const auto run = [&](const Layer& layer) {
    return everything(layer, lstm(layer.x, layer.h0, layer.c0, layer.weights, options), true);
  };
  const std::vector<Tensor> expected = run(clean), got = run(broken);
  for (size_t i = 0; i < expected.size(); ++i) {
    CAPTURE(i);
    check_close(got[i], expected[i], 1e-14);
  }
}

TEST_CASE("a sequence gives the same bits alone, padded and in a batch") {
  const Layer layer;
  const LSTMResult batch =
      lstm(layer.x, layer.h0, layer.c0, layer.weights, {.lengths = from_vector<int64_t>({6, 0, 4}, {3})});
  const Tensor own = slice(slice(layer.x.value(), 1, 2, 3), 0, 0, 4);
  const LSTMResult alone = lstm(own, slice(layer.h0, 0, 2, 3), slice(layer.c0, 0, 2, 3), layer.weights);
  CHECK(same_bits(slice(slice(batch.output.value(), 1, 2, 3), 0, 0, 4), alone.output.value()));
  CHECK(same_bits(slice(batch.c.value(), 0, 2, 3), alone.c.value()));
}

TEST_CASE("both memory layouts of a sequence give the same bits, each laid out as it came") {
  const Layer layer;
  const Variable batch_first(contiguous(transpose(layer.x.value(), 0, 1)), true);
  const LSTMResult one = lstm(layer.x, layer.h0, layer.c0, layer.weights);
  const LSTMResult other = lstm(transpose(batch_first, 0, 1), layer.h0, layer.c0, layer.weights);
  CHECK(same_bits(one.output.value(), other.output.value()));
  CHECK(one.output.value().is_contiguous());
  CHECK(transpose(other.output.value(), 0, 1).is_contiguous());
}

TEST_CASE("states and biases may be left out") {
  Layer layer;
  const Variable nothing;
  const RecurrentWeights bare{layer.weights.w_ih, layer.weights.w_hh, nothing, nothing};
  const Variable zero = zeros({kBatch, kHidden}, DType::float64);
  const LSTMResult with = lstm(layer.x, zero, zero, bare), without = lstm(layer.x, nothing, nothing, bare);
  CHECK(same_bits(with.output.value(), without.output.value()));
  backward(sum(without.output));
  CHECK(layer.weights.w_hh.grad().defined());
  const RecurrentWeights one{layer.weights.w_ih, layer.weights.w_hh, nothing, layer.weights.b_hh};
  backward(sum(lstm(layer.x, nothing, nothing, one).output));
  CHECK(layer.weights.b_hh.grad().defined());
}

TEST_CASE("recurrences refuse shapes that do not fit, by name") {
  const Layer layer;
  const Variable none;
  CHECK(message_of<ShapeError>([&] { lstm(layer.h0, none, none, layer.weights); }) ==
        "lstm: the input must be (T, B, I), got (3, 5)");
  CHECK(message_of<ShapeError>([&] {
          lstm(leaf({2, 3, 7}, 1), none, none, layer.weights);
        }) == "lstm: the input weight must be (4·H, 7), got (20, 4)");
  CHECK_THROWS_AS(gru(layer.x, none, layer.weights), ShapeError);
  CHECK_THROWS_AS(lstm(layer.x, layer.c0, leaf({2, 5}, 1), layer.weights), ShapeError);
  CHECK_THROWS_AS(lstm(layer.x, none, none, layer.weights, {.lengths = from_vector<int64_t>({7, 0, 1}, {3})}),
                  ValueError);
}

TEST_CASE("recurrences read a table by ids as they read the rows it names") {
  const Tensor lengths = from_vector<int64_t>({6, 0, 4}, {3});
  for (const int64_t rows : {5, 50}) {  // fewer and more than there are uses
    for (const bool batch_first : {false, true}) {
      const Tensor drawn = random_tensor(batch_first ? Shape{kBatch, kSteps} : Shape{kSteps, kBatch}, 20, DType::int64,
                                         0, static_cast<double>(rows));
      const Tensor ids = batch_first ? transpose(drawn, 0, 1) : drawn;
      Layer by_table;
      by_table.x = leaf({rows, kInputs}, 1);
      Layer by_rows = by_table;
      const Variable looked_up =
          batch_first ? transpose(embedding(by_table.x, drawn), 0, 1) : embedding(by_table.x, ids);
      const auto run = [&](const Variable& x, const RecurrentOptions& options) {
        return everything(by_table, lstm(x, by_table.h0, by_table.c0, by_table.weights, options), true);
      };
      const std::vector<Tensor> got = run(by_table.x, {.lengths = lengths, .reverse = true, .ids = ids});
      const std::vector<Tensor> wanted = run(looked_up, {.lengths = lengths, .reverse = true});
      for (size_t i = 0; i < got.size(); ++i) {
        CAPTURE(rows, batch_first, i);
        if (i < 3) {
          CHECK(same_bits(got[i], wanted[i]));
        } else {
          check_close(got[i], wanted[i], 1e-12);
        }
      }
    }
  }
}

TEST_CASE("a row of a table that padding alone names may be NaN") {
  const RecurrentOptions options{.lengths = from_vector<int64_t>({2, 1}, {2}),
                                 .ids = from_vector<int64_t>({1, 2, 2, 0, 0, 0}, {3, 2})};
  Layer clean;
  clean.x = leaf({3, kInputs}, 1);
  clean.h0 = leaf({2, kHidden}, 2);
  clean.c0 = leaf({2, kHidden}, 3);
  Layer broken = clean;
  broken.x = Variable(clone(clean.x.value()), true);
  Tensor padding = select(broken.x.mutable_value(), 0, 0);
  fill_(padding, std::nan(""));
  const auto run = [&](const Layer& layer) {
    return everything(layer, lstm(layer.x, layer.h0, layer.c0, layer.weights, options), true);
  };
  const std::vector<Tensor> expected = run(clean), got = run(broken);
  for (size_t i = 0; i < expected.size(); ++i) {
    CAPTURE(i);
    check_close(got[i], expected[i], 1e-14);
  }
}

TEST_CASE("second-order gradients go through a table") {
  const Layer layer;
  const Variable table = leaf({3, kInputs}, 1);
  const Tensor ids = random_tensor({2, kBatch}, 20, DType::int64, 0, 3);
  const VariableFunction functions[] = {
      [&](const std::vector<Variable>& x) {
        const RecurrentWeights weights{x[1], x[2], {}, {}};
        return std::vector{lstm(x[0], layer.h0, layer.c0, weights, {.ids = ids}).output};
      },
      [&](const std::vector<Variable>& x) {
        const RecurrentWeights weights{x[1], x[2], {}, {}};
        return std::vector{gru(x[0], {}, weights, {.ids = ids}).output};
      },
      [&](const std::vector<Variable>& x) {
        const RecurrentWeights weights{x[1], x[2], {}, {}};
        return std::vector{rnn(x[0], {}, weights, Nonlinearity::tanh, {.ids = ids}).output};
      }};
  const int64_t gates[] = {4, 3, 1};
  for (size_t i = 0; i < 3; ++i) {
    const std::vector<Variable> inputs{table, leaf({gates[i] * kHidden, kInputs}, 4),
                                       leaf({gates[i] * kHidden, kHidden}, 5)};
    CAPTURE(i);
    const GradcheckResult first = gradcheck(functions[i], inputs), second = gradgradcheck(functions[i], inputs);
    CAPTURE(first.message, second.message);
    CHECK(first.ok);
    CHECK(second.ok);
  }
}

}  // namespace
}  // namespace heed::test
