// Recurrences as one node: against their composites, with padding, in both layouts.
#include <heed/autograd/detail/composites.h>
#include <heed/autograd/rnn.h>

#include <cmath>

#include <heed/autograd/backward.h>
#include <heed/autograd/elementwise.h>
#include <heed/autograd/gradcheck.h>
#include <heed/autograd/index.h>
#include <heed/autograd/matmul.h>
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
  Variable gate_inputs = leaf({kSteps, kBatch, 4 * kHidden}, 1);
  Variable h0 = leaf({kBatch, kHidden}, 2), c0 = leaf({kBatch, kHidden}, 3), w_hh = leaf({4 * kHidden, kHidden}, 5);

  std::vector<Variable> inputs() const { return {gate_inputs, w_hh, h0, c0}; }
  LSTMResult run(const RecurrentOptions& options = {}) const { return lstm(gate_inputs, h0, c0, w_hh, options); }
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
      const std::vector<Tensor> fused = everything(layer, layer.run(options), with_states);
      const std::vector<Tensor> composite =
          everything(layer, lstm_composite(layer.gate_inputs, layer.h0, layer.c0, layer.w_hh, options), with_states);
      for (size_t i = 0; i < fused.size(); ++i) {
        CAPTURE(reverse, with_states, i);
        check_close(fused[i], composite[i], 1e-12);
      }
    }
  }
  const auto before = live_nodes();
  const LSTMResult result = layer.run();
  CHECK(live_nodes() == before + 1);
}

TEST_CASE("NaN past the end of a sequence reaches neither outputs nor gradients") {
  const RecurrentOptions options{.lengths = from_vector<int64_t>({6, 0, 4}, {3})};
  const Layer clean;
  Layer broken;
  broken.gate_inputs = Variable(clone(clean.gate_inputs.value()), true);
  Tensor past = slice(select(broken.gate_inputs.mutable_value(), 1, 2), 0, 4, kSteps);
  fill_(past, std::nan(""));
  Tensor empty = select(broken.gate_inputs.mutable_value(), 1, 1);
  fill_(empty, INFINITY);
  const std::vector<Tensor> expected = everything(clean, clean.run(options), true);
  const std::vector<Tensor> got = everything(broken, broken.run(options), true);
  for (size_t i = 0; i < expected.size(); ++i) {
    CAPTURE(i);
    check_close(got[i], expected[i], 1e-14);
  }
}

TEST_CASE("a sequence gives the same bits alone, padded and in a batch") {
  const Layer layer;
  const LSTMResult batch = layer.run({.lengths = from_vector<int64_t>({6, 0, 4}, {3})});
  const Tensor own = slice(slice(layer.gate_inputs.value(), 1, 2, 3), 0, 0, 4);
  const LSTMResult alone = lstm(own, slice(layer.h0, 0, 2, 3), slice(layer.c0, 0, 2, 3), layer.w_hh);
  CHECK(same_bits(slice(slice(batch.output.value(), 1, 2, 3), 0, 0, 4), alone.output.value()));
  CHECK(same_bits(slice(batch.c.value(), 0, 2, 3), alone.c.value()));
}

TEST_CASE("both layouts of a sequence give the same bits") {
  const Layer layer;
  const Variable batch_first(contiguous(transpose(layer.gate_inputs.value(), 0, 1)), true);
  const LSTMResult one = layer.run();
  const LSTMResult other = lstm(batch_first, layer.h0, layer.c0, layer.w_hh, {.batch_first = true});
  CHECK(same_bits(one.output.value(), transpose(other.output.value(), 0, 1)));
  CHECK(one.output.value().is_contiguous());
  CHECK(other.output.value().is_contiguous());
}

TEST_CASE("states and the bias of a GRU may be left out") {
  Layer layer;
  const Variable nothing, zero = zeros({kBatch, kHidden}, DType::float64);
  const LSTMResult with = lstm(layer.gate_inputs, zero, zero, layer.w_hh);
  const LSTMResult without = lstm(layer.gate_inputs, nothing, nothing, layer.w_hh);
  CHECK(same_bits(with.output.value(), without.output.value()));
  backward(sum(without.output));
  CHECK(layer.w_hh.grad().defined());
  const Variable x = leaf({kSteps, kBatch, 3 * kHidden}, 1), w = leaf({3 * kHidden, kHidden}, 5);
  const Variable bias = zeros({3 * kHidden}, DType::float64);
  CHECK(same_bits(gru(x, zero, w, bias).output.value(), gru(x, nothing, w, nothing).output.value()));
}

TEST_CASE("gate inputs that nobody else holds lend their memory to the gates, others are left alone") {
  const Layer layer;
  const Tensor before = clone(layer.gate_inputs.value());
  layer.run();
  CHECK(same_bits(layer.gate_inputs.value(), before));
  const Tensor& x = layer.gate_inputs.value();
  const auto gradients = [&](Variable gate_inputs) {
    const LSTMResult result = lstm(std::move(gate_inputs), layer.h0, layer.c0, layer.w_hh);
    return grad({sum(result.output * result.output)}, layer.inputs(), {.create_graph = true});
  };
  const Variable held = layer.gate_inputs * 1;
  const std::vector<Variable> kept = gradients(held), lent = gradients(layer.gate_inputs * 1);
  CHECK(same_bits(held.value(), x));
  for (size_t i = 0; i < kept.size(); ++i) {
    CHECK(same_bits(kept[i].value(), lent[i].value()));
    const std::vector<Variable> second = grad({sum(lent[i] * lent[i])}, layer.inputs(), {.retain_graph = true});
    const std::vector<Variable> expected = grad({sum(kept[i] * kept[i])}, layer.inputs(), {.retain_graph = true});
    for (size_t k = 0; k < second.size(); ++k) {
      CHECK(same_bits(second[k].value(), expected[k].value()));
    }
  }
}

TEST_CASE("recurrences refuse shapes that do not fit, by name") {
  const Layer layer;
  const Variable none;
  CHECK(message_of<ShapeError>([&] { lstm(layer.h0, none, none, layer.w_hh); }) ==
        "lstm: gate inputs must be (T, B, 4H), got (3, 5)");
  CHECK(message_of<ShapeError>([&] {
          lstm(leaf({2, 3, 24}, 1), none, none, layer.w_hh, {.batch_first = true});
        }) == "lstm: w_hh must be (24, 6), got (20, 5)");
  CHECK_THROWS_AS(gru(layer.gate_inputs, none, layer.w_hh, none), ShapeError);
  CHECK_THROWS_AS(lstm(layer.gate_inputs, layer.c0, leaf({2, 5}, 1), layer.w_hh), ShapeError);
  CHECK_THROWS_AS(layer.run({.lengths = from_vector<int64_t>({7, 0, 1}, {3})}), ValueError);
}

TEST_CASE("a recurrence over rows looked up in a table agrees with one over the rows") {
  const RecurrentOptions options{.lengths = from_vector<int64_t>({6, 0, 4}, {3}), .reverse = true};
  const Layer layer;
  const Variable w_ih = leaf({4 * kHidden, kInputs}, 4), bias = leaf({4 * kHidden}, 6);
  for (const int64_t rows : {5, 50}) {  // fewer and more than there are uses
    const Tensor ids = random_tensor({kSteps, kBatch}, 20, DType::int64, 0, static_cast<double>(rows));
    Layer looked_up = layer;
    looked_up.gate_inputs = leaf({rows, kInputs}, 1);
    const auto run = [&](const Variable& x) {
      return everything(looked_up, lstm(x, layer.h0, layer.c0, layer.w_hh, options), true);
    };
    const Variable& table = looked_up.gate_inputs;
    const std::vector<Tensor> got = run(embedding_linear(table, ids, w_ih, bias));
    const std::vector<Tensor> wanted = run(linear(embedding(table, ids), w_ih, bias));
    for (size_t i = 0; i < got.size(); ++i) {
      CAPTURE(rows, i);
      if (i < 3) {
        CHECK(same_bits(got[i], wanted[i]));
      } else {
        check_close(got[i], wanted[i], 1e-12);
      }
    }
  }
}

TEST_CASE("a row of a table that padding alone names may be NaN") {
  const RecurrentOptions options{.lengths = from_vector<int64_t>({2, 1}, {2})};
  for (const int64_t rows : {3, 30}) {
    const Tensor ids = from_vector<int64_t>({1, 2, 2, 0, 0, 0}, {3, 2});
    const Variable w_ih = leaf({4 * kHidden, kInputs}, 4), w_hh = leaf({4 * kHidden, kHidden}, 5);
    const auto run = [&](double padding, bool create_graph) {
      Variable table = leaf({rows, kInputs}, 1);
      Tensor row = select(table.mutable_value(), 0, 0);
      fill_(row, padding);
      const LSTMResult result = lstm(embedding_linear(table, ids, w_ih), {}, {}, w_hh, options);
      std::vector<Tensor> all{result.output.value()};
      for (const Variable& each :
           grad({sum(result.output * result.output)}, {table, w_ih, w_hh}, {.create_graph = create_graph})) {
        all.push_back(each.value());
      }
      return all;
    };
    for (const bool create_graph : {false, true}) {
      const std::vector<Tensor> expected = run(0, create_graph), got = run(std::nan(""), create_graph);
      for (size_t i = 0; i < expected.size(); ++i) {
        CAPTURE(rows, create_graph, i);
        check_close(got[i], expected[i], 1e-14);
      }
    }
  }
}

TEST_CASE("second-order gradients go through a table") {
  const Variable table = leaf({3, kInputs}, 1);
  const Tensor ids = random_tensor({2, kBatch}, 20, DType::int64, 0, 3);
  const VariableFunction functions[] = {
      [&](const std::vector<Variable>& x) {
        return std::vector{lstm(embedding_linear(x[0], ids, x[1]), {}, {}, x[2]).output};
      },
      [&](const std::vector<Variable>& x) {
        return std::vector{gru(embedding_linear(x[0], ids, x[1]), {}, x[2], {}).output};
      },
      [&](const std::vector<Variable>& x) {
        return std::vector{rnn(embedding_linear(x[0], ids, x[1]), {}, x[2]).output};
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
