// Gradient checkpointing: the same bits in less memory; segments of a recurrence.
#include <heed/nn/core/gradient_checkpoint.h>

#include <iostream>

#include <heed/autograd/backward.h>
#include <heed/autograd/elementwise.h>
#include <heed/autograd/grad_mode.h>
#include <heed/autograd/gradcheck.h>
#include <heed/autograd/index.h>
#include <heed/autograd/matmul.h>
#include <heed/autograd/node.h>
#include <heed/autograd/reduce.h>
#include <heed/autograd/view.h>
#include <heed/nn/core/dropout.h>
#include <heed/nn/core/linear.h>
#include <heed/nn/core/recorder.h>
#include <heed/nn/core/sequential.h>
#include <heed/nn/recurrent/gru.h>
#include <heed/nn/recurrent/lstm.h>
#include <heed/nn/recurrent/min_gru.h>
#include <heed/nn/recurrent/segments.h>
#include <heed/tensor/create.h>
#include <heed/tensor/error.h>
#include <heed/tensor/random.h>
#include <heed/tensor/storage.h>

#include "support/catch.h"
#include "support/message.h"
#include "support/reference.h"

using namespace heed;
using namespace heed::test;

namespace {

using Variables = std::vector<Variable>;

/// Runs `function` as it is, or checkpointed.
Variables run(bool checkpointed, const VariableFunction& function, const Variables& inputs) {
  return checkpointed ? gradient_checkpoint(function, inputs) : function(inputs);
}

/// The value and the gradients of all leaves that compute(checkpointed) gives, both ways, from one state of the
/// generator; and that the generator ends at the same place.
void check_same(const Variables& leaves, const std::function<Variable(bool checkpointed)>& compute) {
  std::vector<Tensor> plain;
  for (const bool checkpointed : {false, true}) {
    seed_default_generator(11);
    const Variable loss = compute(checkpointed);
    std::vector<Tensor> got{loss.value()};
    for (const Variable& each : grad({loss}, leaves, {.allow_unused = true})) {
      got.push_back(each.defined() ? each.value() : Tensor());
    }
    got.push_back(rand({4}));
    if (!checkpointed) {
      plain = got;
      continue;
    }
    REQUIRE(got.size() == plain.size());
    for (size_t i = 0; i < got.size(); ++i) {
      CAPTURE(i);
      REQUIRE(got[i].defined() == plain[i].defined());
      CHECK((!got[i].defined() || same_bits(got[i], plain[i])));
    }
  }
}

}  // namespace

TEST_CASE("a checkpointed module gives the same bits, with the same dropout") {
  Sequential block;
  block.add<Linear>(6, 8);
  block.add<Dropout>(0.4);
  block.add<Linear>(8, 6);
  Variable x(randn({5, 6}), true);
  Variables leaves = block.parameters();
  leaves.push_back(x);
  check_same(leaves, [&](bool checkpointed) {
    Variable y = x * 1.5;
    for (int i = 0; i < 3; ++i) {  // the same parameters three times
      y = checkpointed ? gradient_checkpoint(block, y) : block.forward(y);
    }
    return sum(y * y + x);
  });
}

TEST_CASE("a forward hook that replaces a value acts in a checkpointed module as in another") {
  Linear layer(4, 4);
  HookHandle handle = layer.register_forward_hook([](const Variable& y) { return y * 3.0; });
  Variable x(randn({2, 4}), true);
  Variables leaves = layer.parameters();
  leaves.push_back(x);
  check_same(leaves, [&](bool checkpointed) {
    const Variable y = checkpointed ? gradient_checkpoint(layer, x) : layer.forward(x);
    return sum(y * y);
  });
  handle.remove();
}

TEST_CASE("parameters used many times, captured results and several inputs add up in the same order") {
  Variable w(randn({4, 4}), true), x(randn({3, 4}), true), early(randn({3, 4}), true);
  check_same({w, x, early}, [&](bool checkpointed) {
    const Variable captured = tanh(early * w.size(0) + x);
    const auto segment = [&w, captured](const Variables& in) {
      Variable h = in[0], other = in[1];
      for (int t = 0; t < 5; ++t) {
        h = tanh(matmul(h, w) + other * captured);
        other = sigmoid(other + in[0] * 0.3);
      }
      return Variables{h, other, in[1]};
    };
    Variables carried{x * 2.0, early};
    for (int i = 0; i < 4; ++i) {
      carried = run(checkpointed, segment, {carried[0], carried[1]});
    }
    return sum(carried[0] * carried[1]) + sum(captured * carried[2]);
  });
}

TEST_CASE("checkpoints nest") {
  Variable w(randn({4, 4}), true), x(randn({3, 4}), true);
  const VariableFunction step = [&w](const Variables& in) { return Variables{tanh(matmul(in[0], w))}; };
  check_same({w, x}, [&](bool checkpointed) {
    const VariableFunction two = [&, checkpointed](const Variables& in) {
      return run(checkpointed, step, run(checkpointed, step, in));
    };
    return sum(run(checkpointed, two, run(checkpointed, two, {x}))[0]);
  });
}

TEST_CASE("gradients of gradients of a checkpointed function") {
  const VariableFunction function = [](const Variables& x) {
    return gradient_checkpoint(
        [](const Variables& in) {
          return Variables{tanh(in[0]) * in[1], sum(exp(in[1] * 0.5))};
        },
        x);
  };
  const Variables inputs{Variable(randn({2, 3}, DType::float64), true), Variable(randn({2, 3}, DType::float64), true)};
  const GradcheckResult first = gradcheck(function, inputs), second = gradgradcheck(function, inputs);
  INFO(first.message << second.message);
  CHECK(first);
  CHECK(second);
}

TEST_CASE("backward adds into leaves, twice where the graph is kept, and no node stays") {
  const int64_t nodes = live_nodes();
  {
    Linear linear(3, 3);
    const Tensor x = randn({2, 3});
    const Variable loss = sum(gradient_checkpoint(linear, x));
    CHECK(live_nodes() == nodes + 2);
    backward(loss, {.retain_graph = true});
    const Tensor once = clone(linear.weight().grad());
    backward(loss);
    CHECK(same_bits(linear.weight().grad(), once * 2.0));
    CHECK_THROWS_AS(backward(loss), GraphError);
  }
  CHECK(live_nodes() == nodes);
}

TEST_CASE("without recording, or without anything to differentiate, the function is called and that is all") {
  int calls = 0;
  const VariableFunction count = [&](const Variables& in) {
    ++calls;
    return Variables{in[0] * 2.0, in[0], Variable()};
  };
  Variable x(ones({2}), true);
  {
    const NoGrad no_grad;
    CHECK_FALSE(gradient_checkpoint(count, {x})[0].requires_grad());
  }
  CHECK_FALSE(gradient_checkpoint(count, {Variable(ones({2}))})[0].requires_grad());
  const Variables outputs = gradient_checkpoint(count, {x});
  CHECK(calls == 3);
  CHECK(outputs[1].same_as(x));
  CHECK_FALSE(outputs[2].defined());
  backward(sum(outputs[0]));
  CHECK(calls == 4);
}

TEST_CASE("what was changed before backward is found") {
  int calls = 0;
  const Variable given = randn({2}), outer(given.value(), true);
  const auto more_each_time = [&](const std::vector<Variable>& in) {
    return std::vector<Variable>(static_cast<size_t>(++calls), in[0] * 2.0);
  };
  const Variable y = gradient_checkpoint(more_each_time, {outer})[0];
  CHECK_THROWS_AS(backward(sum(y)), GraphError);
  Linear linear(3, 3);
  const auto loss = [&] { return sum(gradient_checkpoint(linear, ones({2, 3}))); };
  Variable kept = loss();
  fill_(linear.weight().mutable_value(), 1);
  CHECK(message_of<GraphError>([&] { backward(kept); }) ==
        "gradient_checkpoint: a value of shape (3, 3) that it is computed anew from was changed afterwards");
  int64_t rows = 2;
  const VariableFunction moody = [&](const Variables& in) { return Variables{narrow(in[0] * 2.0, 0, 0, rows)}; };
  kept = sum(gradient_checkpoint(moody, {Variable(ones({3}), true)})[0]);
  rows = 1;
  CHECK(message_of<GraphError>([&] { backward(kept); }) ==
        "gradient_checkpoint: computed anew, output 0 is not what it was, of shape (2,)");
  CHECK_THROWS_AS(gradient_checkpoint(VariableFunction(), {}), ValueError);
}

TEST_CASE("evaluation mode of the forward is that of backward, and a Recorder sees values once") {
  Sequential block;
  block.add<Linear>(3, 3);
  block.add<Dropout>(0.5);
  Variable x(ones({2, 3}), true), loss;
  Recorder recorder(block);
  {
    const EvaluationScope evaluation;
    loss = sum(gradient_checkpoint(block, x));
  }
  backward(loss);
  CHECK(recorder.calls("output").size() == 1);
  check_close(values(x.grad()), values(matmul(ones({2, 3}), static_cast<Linear&>(block[0]).weight().value())), 1e-6);
  loss = sum(gradient_checkpoint(block, x));
  const EvaluationScope evaluation;
  CHECK_THROWS_AS(backward(loss), GraphError);
}

TEST_CASE("segments of a recurrence: bits of the same segments, values of one call") {
  for (const CellKind kind : {CellKind::rnn, CellKind::lstm, CellKind::gru, min_gru_kind()}) {
    CAPTURE(kind->name());
    RecurrentLayer layer(kind, 3, 4, {.num_layers = 2, .dropout = kind == CellKind::gru ? 0.3 : 0.0});
    Variable x(randn({3, 11, 3}), true);
    const Tensor lengths = tensor<int64_t>({11, 0, 5});
    Variables leaves = layer.parameters();
    leaves.push_back(x);
    check_same(leaves, [&](bool checkpointed) {
      if (checkpointed) {
        const RecurrentLayer::Result all = run_in_segments(layer, x, 4, Mask::lengths(lengths));
        return sum(all.output * all.output) + sum(all.states[1].back());
      }
      Variables outputs;
      std::vector<CellState> states;
      int64_t from = 0;
      for (const Variable& part : split(x, 4, 1)) {
        RecurrentLayer::Result result =
            layer.run(part, Mask::lengths(clamp(lengths - from, 0, part.size(1))), std::move(states));
        outputs.push_back(result.output);
        states = std::move(result.states);
        from += part.size(1);
      }
      const Variable output = cat(outputs, 1);
      return sum(output * output) + sum(states[1].back());
    });
    if (layer.options().dropout == 0) {
      const RecurrentLayer::Result one = layer.run(x, Mask::lengths(lengths));
      const RecurrentLayer::Result cut = run_in_segments(layer, x, 4, Mask::lengths(lengths));
      CHECK(same_bits(cut.output.value(), one.output.value()));
      CHECK(same_bits(cut.states[1].back().value(), one.states[1].back().value()));
    }
  }
}

TEST_CASE("10,000 steps take about the memory of 200 beside their input and output") {
  constexpr int64_t kSteps = 10000, kSegment = 200, kBatch = 4, kInput = 4, kHidden = 32;
  LSTM lstm(kInput, kHidden);
  const auto peak = [&](int64_t steps, bool in_segments) {
    const Tensor x = randn({kBatch, steps, kInput});
    lstm.zero_grad();
    const int64_t before = allocator_stats().bytes_in_use;
    reset_peak_bytes();
    backward(sum(in_segments ? run_in_segments(lstm, x, kSegment).output : lstm.forward(x).output));
    return allocator_stats().peak_bytes_in_use - before;
  };
  const int64_t whole = peak(kSteps, false), cut = peak(kSteps, true), segment = peak(kSegment, false);
  // What is there for each step in any case: the outputs, of segments and joined.
  const int64_t outputs = 2 * kSteps * kBatch * kHidden * 4;
  std::cout << "peak of forward and backward: " << whole / 1024 << " KiB whole, " << cut / 1024
            << " KiB in segments, of which outputs " << outputs / 1024 << " KiB; " << kSegment << " steps alone "
            << segment / 1024 << " KiB" << std::endl;
  CHECK(cut <= outputs + segment);
  CHECK(5 * cut < whole);
}

TEST_CASE("what has no segments is refused") {
  const Tensor x = randn({2, 6, 3});
  CHECK(message_of<ValueError>([&] { run_in_segments(LSTM(3, 4), x, 0); }) ==
        "LSTM: a segment must have at least 1 step, got 0");
  CHECK_THROWS_AS(run_in_segments(LSTM(3, 4, {.bidirectional = true}), x, 2), ValueError);
  CHECK_THROWS_AS(run_in_segments(LSTM(3, 4, {.recurrent_dropout = 0.1}), x, 2), ValueError);
  CHECK_THROWS_AS(run_in_segments(LSTM(3, 4), x, 2, {}, std::vector<CellState>(3)), ValueError);
  CHECK_THROWS_AS(run_in_segments(LSTM(3, 4), randn({6, 3}), 2), ShapeError);
}

TEST_CASE("truncated back-propagation: no gradient passes a detached state, and values are those of one call") {
  GRU gru(3, 4);
  const Variable x(randn({2, 6, 3}), true);
  const auto parts = split(x, 3, 1);
  const RecurrentLayer::Result first = gru.run(parts[0]);
  const RecurrentLayer::Result second = gru.run(parts[1], {}, detached(first.states));
  CHECK(same_bits(second.states[0][0].value(), gru.run(x).states[0][0].value()));
  const Tensor gradient = grad({sum(second.output)}, {x})[0].value();
  CHECK(same_bits(narrow(gradient, 1, 0, 3) + 0.0, zeros({2, 3, 3})));
  CHECK_FALSE(same_bits(narrow(gradient, 1, 3, 3) + 0.0, zeros({2, 3, 3})));
}

TEST_CASE("gradients of micro-batches add up to that of the large batch") {
  Sequential model;
  model.add<Linear>(5, 7);
  model.add<Linear>(7, 2);
  const Tensor x = randn({12, 5});
  const auto loss = [&](const Tensor& rows) { return mean(model.forward(rows) * model.forward(rows)); };
  backward(loss(x));
  std::vector<Tensor> whole;
  for (const Variable& parameter : model.parameters()) {
    whole.push_back(clone(parameter.grad()));
  }
  model.zero_grad();
  for (const Tensor& part : split(x, 3, 0)) {
    backward(loss(part) * 0.25);  // each is a mean: its share of the whole
  }
  for (size_t i = 0; i < whole.size(); ++i) {
    check_close(values(model.parameters()[i].grad()), values(whole[i]), 1e-5);
  }
}
