// A user's own recurrent cell: described once, it is a cell, a layer, an encoder and a decoder.
#include <heed/autograd/elementwise.h>
#include <heed/autograd/index.h>
#include <heed/autograd/matmul.h>
#include <heed/nn/core/check_layer.h>
#include <heed/nn/core/linear.h>
#include <heed/nn/core/recorder.h>
#include <heed/nn/recurrent/recurrent_cell.h>
#include <heed/nn/recurrent/recurrent_layer.h>
#include <heed/nn/seq2seq/greedy_search.h>
#include <heed/nn/seq2seq/seq2seq_config.h>
#include <heed/tensor/error.h>
#include <heed/tensor/text_stream.h>

#include "support/catch.h"
#include "support/reference.h"

using namespace heed;
using namespace heed::test;

namespace {

/// Two gates, two states and a parameter of its own:
///
///   z, a = W_ih x + b_ih + b_hh + W_hh h;  s' = s + decay tanh(a);  h' = σ(z) tanh(s')
class Slow final : public CellDescription {
 public:
  const char* name() const override { return "slow"; }
  const char* type() const override { return "Slow"; }
  int64_t gates() const override { return 2; }
  std::vector<std::string> states() const override { return {"h", "s"}; }
  RecurrentWeights make_weights(int64_t input_size, int64_t hidden_size, bool bias) const override {
    RecurrentWeights weights = CellDescription::make_weights(input_size, hidden_size, bias);
    weights.more["decay"] = uniform_parameter({hidden_size}, hidden_size);
    return weights;
  }
  CellState step(Variable gate_inputs, const CellState& state, const RecurrentWeights& weights) const override {
    const int64_t size = state[0].size(1);
    const std::vector<Variable> parts = split(gate_inputs + linear(state[0], weights.w_hh), {size, size}, 1);
    const Variable s = state[1] + weights.more.at("decay") * tanh(parts[1]);
    return {sigmoid(parts[0]) * tanh(s), s};
  }
};

const Slow slow;

// A layer keeps the address of its description: a temporary would be gone.
static_assert(std::is_constructible_v<CellKind, const Slow&>);
static_assert(!std::is_constructible_v<CellKind, Slow>);

/// Has neither a step nor a sequence.
class Idle final : public CellDescription {
 public:
  const char* name() const override { return "idle"; }
  const char* type() const override { return "Idle"; }
  int64_t gates() const override { return 1; }
};

const Idle idle;

/// Gives what a test sets.
class Broken final : public CellDescription {
 public:
  int64_t gate_count = 1;
  std::vector<std::string> names{"h", "s"};
  CellState gives;
  bool whole = false;  // gives it as a sequence's
  Variable output;

  const char* name() const override { return "broken"; }
  const char* type() const override { return "Broken"; }
  int64_t gates() const override { return gate_count; }
  std::vector<std::string> states() const override { return names; }
  CellState step(Variable, const CellState&, const RecurrentWeights&) const override { return gives; }
  CellSequence sequence(Variable gate_inputs, const CellState& state, const RecurrentWeights& weights,
                        const RecurrentOptions& options) const override {
    return whole ? CellSequence{output, gives}
                 : CellDescription::sequence(std::move(gate_inputs), state, weights, options);
  }
};

std::vector<std::string> names_of(const Module& module) {
  std::vector<std::string> names;
  for (const auto& [name, parameter] : module.named_parameters()) {
    names.push_back(name);
  }
  return names;
}

std::vector<Variable> flat(const RecurrentLayer::Result& result) {
  std::vector<Variable> all{result.output};
  for (const CellState& state : result.states) {
    all.insert(all.end(), state.begin(), state.end());
  }
  return all;
}

}  // namespace

TEST_CASE("a layer of a described cell has its parameters, and the gradients of layers") {
  CHECK(names_of(RecurrentCell(slow, 3, 5)) ==
        std::vector<std::string>{"weight_ih", "weight_hh", "bias_ih", "bias_hh", "decay"});
  CHECK(names_of(RecurrentLayer(slow, 3, 5, {.bias = false})) ==
        std::vector<std::string>{"weight_ih_l0", "weight_hh_l0", "decay_l0"});
  const Tensor lengths = tensor<int64_t>({3, 1, 4});
  for (const RecurrentLayerOptions& options :
       {RecurrentLayerOptions{}, RecurrentLayerOptions{.num_layers = 2, .bidirectional = true, .dropout = 0.5},
        RecurrentLayerOptions{.recurrent_dropout = 0.5}}) {
    const auto make = [&] { return std::make_unique<RecurrentLayer>(slow, 3, 5, options); };
    const auto forward = [&](RecurrentLayer& layer, const std::vector<Variable>& x) {
      return flat(layer.run(x[0], Mask::lengths(lengths)));
    };
    CHECK(check_layer(make, forward, {random_tensor({3, 4, 3}, 1)}, {.lengths = lengths}).message == "");
  }
  const auto make = [] { return std::make_unique<RecurrentCell>(slow, 3, 5); };
  const auto step = [](RecurrentCell& cell, const std::vector<Variable>& x) { return cell.step(x[0], {x[1], x[2]}); };
  CHECK(
      check_layer(make, step, {random_tensor({2, 3}, 1), random_tensor({2, 5}, 2), random_tensor({2, 5}, 3)}).message ==
      "");
}

TEST_CASE("a layer of a described cell goes step by step, each sequence as if alone") {
  RecurrentLayer layer(slow, 3, 5, {.bidirectional = true});
  RecurrentCell cell(slow, 3, 5);
  const auto to = cell.weights().named(), from = layer.weights(0).named();
  for (size_t i = 0; i < to.size(); ++i) {
    to[i].second->set_value(from[i].second->value());
  }
  const Tensor x = random_tensor({2, 4, 3}, 1);
  const RecurrentLayer::Result all = layer.run(x, Mask::lengths(tensor<int64_t>({4, 2})));
  const RecurrentLayer::Result alone = layer.run(narrow(narrow(x, 0, 1, 1), 1, 0, 2));
  CHECK(same_bits(narrow(narrow(all.output.value(), 0, 1, 1), 1, 0, 2), alone.output.value()));
  CellState state;
  for (int64_t t = 0; t < 4; ++t) {
    state = cell.step(select(x, 1, t), state);
    CHECK(same_bits(narrow(state[0].value(), 0, 0, 1),
                    narrow(select(narrow(all.output.value(), 2, 0, 5), 1, t), 0, 0, 1)));
  }
  CHECK(same_bits(narrow(state[1].value(), 0, 0, 1), narrow(all.states[0][1].value(), 0, 0, 1)));
  CHECK(message_of<ShapeError>([&] { cell.step(zeros({2, 4})); }) == "SlowCell: input must be (B, 3), got (2, 4)");
  CHECK(message_of<ShapeError>([&] { layer.run(zeros({2, 4})); }) == "Slow: input must be (B, T, 3), got (2, 4)");
}

TEST_CASE("an encoder and a decoder are made of a described cell") {
  const Tensor source = from_vector<int64_t>({3, 4, 5, 6, 3, 5, 0, 0}, {2, 4}), lengths = tensor<int64_t>({4, 2});
  for (const AttentionKind attention : attention_kinds()) {
    Seq2SeqConfig config;
    config.source_vocabulary = config.target_vocabulary = 7;
    config.attention = attention;
    config.stack = {.cell = slow, .embedding = 3, .hidden = 5, .layers = {.num_layers = 2}};
    config.stack.layers.bidirectional = !needs_one_size(attention);
    const auto model = make_seq2seq(config);
    INFO(name_of(attention));
    const Variable loss = model->loss(source, lengths, from_vector<int64_t>({3, 4, 2, 5, 2, 0}, {2, 3}));
    for (const Variable& each : grad({loss}, model->parameters(), {.allow_unused = true})) {
      CHECK((!each.defined() || all_finite(each.value())));
    }
    CHECK(greedy_search(*model, source, lengths, 5).size() == 2);
  }
}

TEST_CASE("what a described cell gives is checked by its name") {
  Broken cell;
  const Variable x(zeros({2, 4, 3})), right(zeros({2, 5})), narrower(zeros({2, 4})), mean(zeros({1, 5}));
  const auto layer_says = [&](const Mask& mask = {}) {
    return message_of<Error>([&] { RecurrentLayer(cell, 3, 5).run(x, mask); });
  };
  const auto cell_says = [&] { return message_of<Error>([&] { RecurrentCell(cell, 3, 5).step(zeros({2, 3})); }); };
  const auto says = [](const std::string& type, const std::string& text) { return type + ": " + text; };
  const auto refused = [&](const std::string& text) {
    CHECK(layer_says() == says("Broken", text));
    CHECK(layer_says(Mask::lengths(tensor<int64_t>({4, 2}))) == says("Broken", text));
    CHECK(cell_says() == says("BrokenCell", text));
  };
  for (const CellState& few : {CellState{}, CellState{right}, CellState{right, right, right}}) {
    cell.gives = few;
    refused("step() must give 2 states, got " + std::to_string(few.size()));
  }
  cell.gives = {mean, right};
  refused("the state 'h' that step() gives must be (2, 5), got (1, 5)");
  cell.gives = {right, narrower};
  refused("the state 's' that step() gives must be (2, 5), got (2, 4)");
  cell.gives = {right, Variable()};
  refused("the state 's' that step() gives must be (2, 5), got an undefined Variable");
  cell.whole = true;
  cell.output = zeros({2, 4, 5});
  CHECK(layer_says() == "Broken: the state 's' that sequence() gives must be (2, 5), got an undefined Variable");
  cell.output = zeros({4, 2, 5});
  CHECK(layer_says() == "Broken: the output that sequence() gives must be (2, 4, 5), got (4, 2, 5)");
}

TEST_CASE("initial states of a described cell must be of the batch") {
  const RecurrentLayer layer(slow, 3, 4);
  const Variable x(zeros({2, 5, 3})), right(zeros({2, 4}));
  for (const Shape& wrong : {Shape{1, 4}, Shape{2, 5}, Shape{1}}) {
    TextStream text;
    text << "Slow: initial states must be (2, 4), got " << wrong;
    CHECK(message_of<ShapeError>([&] { layer.run(x, {}, {{right, zeros(wrong)}}); }) == text.str());
  }
  CHECK_NOTHROW(layer.run(x, {}, {{right, Variable()}}));
}

TEST_CASE("a described cell without gates or states is refused when a layer or a cell is built") {
  Broken cell;
  const auto refused = [&](const std::string& text) {
    CHECK(message_of<ValueError>([&] { RecurrentLayer(cell, 3, 5); }) == "Broken: " + text);
    CHECK(message_of<ValueError>([&] { RecurrentCell(cell, 3, 5); }) == "BrokenCell: " + text);
  };
  cell.gate_count = 0;
  refused("gates() must be at least 1, got 0");
  cell.gate_count = -1;
  refused("gates() must be at least 1, got -1");
  cell.gate_count = 1;
  cell.names.clear();
  refused("states() must name at least one state, got none");
}

TEST_CASE("a described cell with neither a step nor a sequence is refused by name") {
  const std::string expected = "Idle: must override step() or sequence(): each asks the other";
  const Tensor x = zeros({2, 4, 3});
  CHECK(message_of<ValueError>([&] { RecurrentLayer(idle, 3, 5).run(Variable(x)); }).ends_with(expected));
  CHECK(message_of<ValueError>([&] { RecurrentCell(idle, 3, 5).step(zeros({2, 3})); }).ends_with(expected));
}

TEST_CASE("gates are kept where somebody looks into the layer, not beside it") {
  const Linear beside(2, 2);
  const Recorder recorder(beside);
  for (const CellKind kind : {CellKind::lstm, CellKind::gru}) {
    const RecurrentLayer layer(kind, 3, 4), other(kind, 3, 4);
    const RecurrentWeights weights = kind->make_weights(3, 4, true);
    const auto has_gates = [&](const RecurrentLayer& scope_of) {
      const NameScope scope(scope_of.path());
      return kind->sequence(zeros({2, 5, kind->gates() * 4}), {}, weights, {.batch_first = true}).gates.defined();
    };
    CHECK(!has_gates(layer));
    const Recorder inside(layer);
    CHECK(has_gates(layer));
    CHECK(!has_gates(other));
  }
}
