// What a Recorder gets of each kind of layer and cell.
#include <heed/autograd/index.h>
#include <heed/autograd/reduce.h>
#include <heed/autograd/view.h>
#include <heed/nn/attention/alibi.h>
#include <heed/nn/attention/multihead_attention.h>
#include <heed/nn/core/recorder.h>
#include <heed/nn/recurrent/gru.h>
#include <heed/nn/recurrent/lstm.h>
#include <heed/nn/recurrent/min_gru.h>
#include <heed/nn/transformer/transformer.h>
#include <heed/tensor/create.h>
#include <heed/tensor/index.h>
#include <heed/tensor/random.h>
#include <heed/tensor/view.h>

#include "nn/core/leaky_cell.h"
#include "support/catch.h"
#include "support/reference.h"

using namespace heed;
using namespace heed::test;

TEST_CASE("weights of every layer and head of a transformer, which are those that weigh") {
  TransformerEncoder encoder(8, 2, 3, {.dim_feedforward = 16, .dropout = 0});
  const Variable x = randn({2, 5, 8});
  const Tensor lengths = tensor<int64_t>({5, 3});
  Recorder recorder(encoder, {.names = {"*.weights", "layers.1.*"}});
  encoder.forward(x, Mask::lengths(lengths));
  for (const char* name : {"layers.0.self_attn.weights", "layers.1.self_attn.weights", "layers.2.self_attn.weights"}) {
    const Tensor weights = recorder[name];
    CHECK(weights.shape() == Shape{2, 2, 5, 5});
    check_close(values(sum(weights, {-1})), std::vector<double>(20, 1.0), 1e-5);
    CHECK(same_bits(select(narrow(weights, 3, 3, 2), 0, 1) + 0.0, zeros({2, 5, 2})));
  }
  CHECK(recorder.contains("layers.1.linear1.output"));
  CHECK(recorder.contains("layers.1.output"));
  CHECK_FALSE(recorder.contains("layers.0.linear1.output"));
  CHECK_FALSE(recorder.contains("norm.output"));
  CHECK_FALSE(recorder["layers.0.self_attn.weights"].shape() == Shape{});
}

TEST_CASE("recorded weights are those that need_weights gives, with the dropout that acted") {
  MultiheadAttention attention(
      8, 2, {.dropout = 0.4, .score_term = [](int64_t, int64_t) { return std::make_unique<ALiBi>(); }});
  const Variable x = randn({2, 4, 8});
  seed_default_generator(5);
  const Tensor wanted = attention.forward(x, x, x, {}, {.average_attn_weights = false}).weights.value();
  seed_default_generator(5);
  const Tensor output = attention.forward(x, x, x, {}, {.need_weights = false}).output.value();
  Recorder recorder(attention);
  seed_default_generator(5);
  CHECK(same_bits(attention.forward(x, x, x, {}, {.need_weights = false}).output.value(), output));
  CHECK(same_bits(recorder["weights"], wanted));
  CHECK(same_bits(recorder["output"], output));
}

TEST_CASE("gates and states of recurrent layers, both ways and with lengths") {
  LSTM lstm(3, 4, {.num_layers = 2, .bidirectional = true});
  const Variable x = randn({2, 5, 3});
  const Tensor lengths = tensor<int64_t>({5, 3});
  Recorder recorder(lstm);
  const LSTMOutput output = lstm.forward(x, {.mask = Mask::lengths(lengths)});
  CHECK(recorder["l0.gates"].shape() == Shape{2, 5, 16});
  CHECK(same_bits(cat(std::vector<Tensor>{recorder["l1.h"], recorder["l1_reverse.h"]}, 2), output.output.value()));
  // c after the last step of each sequence: at the end, or at the beginning the other way.
  const Tensor c = recorder["l1.c"], back = recorder["l1_reverse.c"], last = output.c.value();
  CHECK(same_bits(select(select(c, 1, 4), 0, 0), select(select(last, 0, 2), 0, 0)));
  CHECK(same_bits(select(select(c, 1, 2), 0, 1), select(select(last, 0, 2), 0, 1)));
  CHECK(same_bits(contiguous(select(back, 1, 0)), contiguous(select(last, 0, 3))));
  // h = o tanh(c)
  const Tensor o = narrow(recorder["l0.gates"], 2, 12, 4);
  check_close(values(select(o * tanh(recorder["l0.c"]), 0, 0)), values(select(recorder["l0.h"], 0, 0)), 1e-6);
}

TEST_CASE("cells of every kind record what layers do") {
  for (const CellKind kind : {CellKind::rnn, CellKind::lstm, CellKind::gru, min_gru_kind(), CellKind(leaky)}) {
    CAPTURE(kind->name());
    for (const bool reverse : {false, true}) {
      RecurrentLayer layer(kind, 3, 4, {.bidirectional = reverse});
      RecurrentCell cell(kind, 3, 4);
      const RecurrentWeights& weights = layer.weights(0, reverse);
      RecurrentWeights& same = cell.weights();
      same.w_ih.set_value(weights.w_ih.value());
      same.b_ih.set_value(weights.b_ih.value());
      if (kind->has_state_weights()) {
        same.w_hh.set_value(weights.w_hh.value());
        same.b_hh.set_value(weights.b_hh.value());
      }
      const Tensor x = randn({2, 3, 3});
      Recorder of_layer(layer), of_cell(cell);
      layer.run(x);
      CellState state;
      for (int64_t t = 0; t < 3; ++t) {
        state = cell.step(select(x, 1, reverse ? 2 - t : t), state);
      }
      const std::string group = reverse ? "l0_reverse." : "l0.";
      for (const std::string& name : of_cell.names()) {
        CAPTURE(name);
        Tensor steps = of_cell[name];
        steps = reverse ? flip(steps, {1}) : steps;
        REQUIRE(of_layer[group + name].shape() == steps.shape());
        check_close(values(of_layer[group + name]), values(steps), 1e-6);
      }
      const size_t named = kind->states().size() + (kind == CellKind::rnn ? 0 : 1);
      CHECK(of_cell.names().size() == named);
      CHECK(of_layer.names().size() == named * (reverse ? 2 : 1) + 1);
    }
  }
}
