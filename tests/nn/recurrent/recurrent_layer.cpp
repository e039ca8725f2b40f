// What RNN, LSTM and GRU share: names, stacking, directions, lengths, dropout. Their formulas: recurrent_formula.cpp.
#include <heed/nn/recurrent/recurrent_layer.h>

#include <cmath>

#include <heed/nn/core/check_layer.h>
#include <heed/nn/core/dropout.h>
#include <heed/nn/core/init.h>
#include <heed/nn/recurrent/gru.h>
#include <heed/nn/recurrent/lstm.h>
#include <heed/nn/recurrent/rnn.h>
#include <heed/tensor/elementwise.h>
#include <heed/tensor/error.h>
#include <heed/tensor/index.h>
#include <heed/tensor/reduce.h>

#include "support/catch.h"
#include "support/reference.h"

using namespace heed;
using namespace heed::test;

namespace {

constexpr int64_t kInput = 3, kHidden = 5;

std::unique_ptr<RecurrentLayer> make_layer(const std::string& kind, const RecurrentLayerOptions& options) {
  if (kind == "LSTM") {
    return std::make_unique<LSTM>(kInput, kHidden, options);
  }
  if (kind == "GRU") {
    return std::make_unique<GRU>(kInput, kHidden, options);
  }
  RecurrentLayerOptions made = options;
  made.nonlinearity = kind == "relu" ? Nonlinearity::relu : Nonlinearity::tanh;
  return std::make_unique<RNN>(kInput, kHidden, made);
}

const std::vector<std::string> kKinds{"LSTM", "GRU", "tanh", "relu"};

/// Output, then states. x[1…] are initial states.
std::vector<Variable> run(RecurrentLayer& layer, const std::vector<Variable>& x, const Tensor& lengths = Tensor()) {
  const Variable h = x.size() > 1 ? x[1] : Variable();
  if (auto* lstm = dynamic_cast<LSTM*>(&layer)) {
    const LSTMOutput out =
        lstm->forward(x[0], {.h = h, .c = x.size() > 2 ? x[2] : Variable(), .mask = Mask::lengths(lengths)});
    return {out.output, out.h, out.c};
  }
  if (auto* gru = dynamic_cast<GRU*>(&layer)) {
    const GRUOutput out = gru->forward(x[0], {.h = h, .mask = Mask::lengths(lengths)});
    return {out.output, out.h};
  }
  const RNNOutput out = dynamic_cast<RNN&>(layer).forward(x[0], {.h = h, .mask = Mask::lengths(lengths)});
  return {out.output, out.h};
}

/// A sequence alone, and its states.
std::vector<Tensor> row_of(const std::vector<Variable>& outputs, int64_t row, int64_t length) {
  std::vector<Tensor> parts{narrow(narrow(outputs[0].value(), 0, row, 1), 1, 0, length)};
  for (size_t i = 1; i < outputs.size(); ++i) {
    parts.push_back(narrow(outputs[i].value(), 1, row, 1));
  }
  return parts;
}

}  // namespace

TEST_CASE("recurrent layers name their parameters as PyTorch does, in its order") {
  LSTM layer(kInput, kHidden, {.num_layers = 2, .bidirectional = true});
  std::vector<std::string> names;
  for (const auto& [name, parameter] : layer.named_parameters()) {
    names.push_back(name);
  }
  std::vector<std::string> wanted;
  for (const char* suffix : {"_l0", "_l0_reverse", "_l1", "_l1_reverse"}) {
    for (const char* part : {"weight_ih", "weight_hh", "bias_ih", "bias_hh"}) {
      wanted.push_back(std::string(part) + suffix);
    }
  }
  CHECK(names == wanted);
  CHECK(layer.weights(0).w_ih.shape() == Shape{20, 3});
  CHECK(layer.weights(1, true).w_ih.shape() == Shape{20, 10});
  CHECK(layer.weights(1).b_hh.shape() == Shape{20});
  CHECK(layer.parameter_count() == 2 * (20 * 3 + 20 * 5 + 40) + 2 * (20 * 10 + 20 * 5 + 40));
  CHECK(GRU(kInput, kHidden, {.bias = false}).parameters().size() == 2);
  CHECK_THROWS_AS(layer.weights(2), IndexError);
  CHECK_THROWS_AS(GRU(kInput, kHidden).weights(0, true), IndexError);
}

TEST_CASE("recurrent layers start uniform within the root of the hidden size, the same for a seed") {
  seed_default_generator(3);
  LSTM layer(40, 100);
  seed_default_generator(3);
  LSTM same(40, 100);
  for (size_t i = 0; i < 4; ++i) {
    const Tensor value = layer.parameters()[i].value();
    CHECK(max(abs(value)).item() <= 0.1);
    CHECK(max(abs(value)).item() > 0.098);
    CHECK(same_bits(value, same.parameters()[i].value()));
  }
}

TEST_CASE("recurrent layers pass check_layer in all their forms") {
  const Tensor lengths = tensor<int64_t>({3, 1, 4});
  for (const std::string& kind : kKinds) {
    for (const RecurrentLayerOptions& options :
         {RecurrentLayerOptions{}, RecurrentLayerOptions{.bias = false},
          RecurrentLayerOptions{.num_layers = 2, .bidirectional = true, .dropout = 0.5, .recurrent_dropout = 0.5}}) {
      const int64_t states = options.num_layers * (options.bidirectional ? 2 : 1);
      std::vector<Tensor> inputs{random_tensor({3, 4, kInput}, 1), random_tensor({states, 3, kHidden}, 2)};
      if (kind == "LSTM") {
        inputs.push_back(random_tensor({states, 3, kHidden}, 3));
      }
      const auto make = [&] { return make_layer(kind, options); };
      const auto forward = [&](RecurrentLayer& layer, const std::vector<Variable>& x) { return run(layer, x); };
      const auto padded = [&](RecurrentLayer& layer, const std::vector<Variable>& x) { return run(layer, x, lengths); };
      INFO(kind << " with " << states << " states");
      CHECK(check_layer(make, forward, inputs).message == "");
      CHECK(check_layer(make, padded, inputs, {.lengths = lengths}).message == "");
    }
  }
}

TEST_CASE("a sequence gives the same bits alone, padded and in any batch, at any thread count") {
  const std::vector<int64_t> lengths{9, 1, 23, 0, 17, 23};
  for (const std::string& kind : kKinds) {
    const auto layer = make_layer(kind, {.num_layers = 2, .bidirectional = true});
    const Tensor x = random_tensor({6, 23, kInput}, 1);
    const std::vector<Variable> all = run(*layer, {x}, from_vector(lengths, {6}));
    check_threads([&] { return run(*layer, {x}, from_vector(lengths, {6}))[0].value(); });
    for (int64_t row = 0; row < 6; ++row) {
      INFO(kind << ", row " << row);
      const int64_t length = lengths[static_cast<size_t>(row)];
      const Tensor alone = narrow(narrow(x, 0, row, 1), 1, 0, length);
      const std::vector<Tensor> got = row_of(all, row, length);
      const std::vector<Tensor> wanted = row_of(run(*layer, {alone}), 0, length);
      for (size_t i = 0; i < wanted.size(); ++i) {
        CHECK(same_bits(got[i], wanted[i]));
      }
      const Tensor past = narrow(narrow(all[0].value(), 0, row, 1), 1, length, 23 - length);
      CHECK(same_bits(past, zeros(past.shape())));
    }
  }
}

TEST_CASE("a mask of positions says what lengths say") {
  const Tensor x = random_tensor({3, 4, kInput}, 1), lengths = tensor<int64_t>({4, 1, 3});
  const Tensor hidden = padding_mask(lengths, 4);
  LSTM lstm(kInput, kHidden, {.bidirectional = true});
  const LSTMOutput wanted = lstm.forward(x, {.mask = Mask::lengths(lengths)});
  for (const Mask& mask :
       {Mask::padding(hidden), Mask(hidden), Mask::padding(hidden) | Mask::lengths(tensor<int64_t>({4, 4, 4}))}) {
    const LSTMOutput got = lstm.forward(x, {.mask = mask});
    CHECK(same_bits(got.output.value(), wanted.output.value()));
    CHECK(same_bits(got.c.value(), wanted.c.value()));
  }
  CHECK(message_of<ValueError>([&] {
          GRU(kInput, kHidden).forward(x, {.mask = Mask::padding(eq(hidden, zeros_like(hidden)))});
        }).starts_with("GRU: hidden positions must be at the end"));
  CHECK_THROWS_AS(lstm.forward(x, {.mask = Mask::causal()}), ValueError);
  CHECK_THROWS_AS(lstm.forward(x, {.mask = Mask::padding(zeros({3, 5}, DType::boolean))}), ShapeError);
}

TEST_CASE("the reverse direction is the forward one on the sequence turned round") {
  for (const std::string& kind : kKinds) {
    const auto layer = make_layer(kind, {.bidirectional = true}), forward = make_layer(kind, {});
    const RecurrentWeights& reverse = layer->weights(0, true);
    forward->load_state_dict({{"weight_ih_l0", reverse.w_ih.value()},
                              {"weight_hh_l0", reverse.w_hh.value()},
                              {"bias_ih_l0", reverse.b_ih.value()},
                              {"bias_hh_l0", reverse.b_hh.value()}});
    const Tensor x = random_tensor({1, 7, kInput}, 1);
    const std::vector<Variable> both = run(*layer, {x}, tensor<int64_t>({4}));
    const std::vector<Variable> turned = run(*forward, {flip(narrow(x, 1, 0, 4), {1})});
    CHECK(same_bits(narrow(narrow(both[0].value(), 1, 0, 4), 2, kHidden, kHidden), flip(turned[0].value(), {1})));
    CHECK(same_bits(narrow(both[1].value(), 0, 1, 1), turned[1].value()));
  }
}

TEST_CASE("batch_first exchanges the first two axes of input and output, no more") {
  for (const std::string& kind : kKinds) {
    seed_default_generator(1);
    const auto batch_first = make_layer(kind, {.num_layers = 2, .bidirectional = true});
    seed_default_generator(1);
    const auto time_first = make_layer(kind, {.num_layers = 2, .bidirectional = true, .batch_first = false});
    const Tensor x = random_tensor({4, 6, kInput}, 1), lengths = tensor<int64_t>({6, 2, 5, 1});
    const std::vector<Variable> a = run(*batch_first, {x}, lengths);
    const std::vector<Variable> b = run(*time_first, {contiguous(transpose(x, 0, 1))}, lengths);
    CHECK(same_bits(a[0].value(), transpose(b[0].value(), 0, 1)));
    CHECK(same_bits(a[1].value(), b[1].value()));
  }
}

TEST_CASE("a sequence cut in two goes on from its states") {
  for (const std::string& kind : kKinds) {
    const auto layer = make_layer(kind, {.num_layers = 2});
    const Tensor x = random_tensor({3, 8, kInput}, 1);
    const std::vector<Variable> whole = run(*layer, {x});
    std::vector<Variable> first = run(*layer, {narrow(x, 1, 0, 5)});
    first[0] = narrow(x, 1, 5, 3);
    const std::vector<Variable> second = run(*layer, first);
    CHECK(same_bits(second[0].value(), narrow(whole[0].value(), 1, 5, 3)));
    for (size_t i = 1; i < whole.size(); ++i) {
      CHECK(same_bits(second[i].value(), whole[i].value()));
    }
  }
}

TEST_CASE("recurrent layers take batches and sequences of size zero") {
  for (const std::string& kind : kKinds) {
    const auto layer = make_layer(kind, {.num_layers = 2, .bidirectional = true});
    CHECK(run(*layer, {zeros({0, 4, kInput})})[0].shape() == Shape{0, 4, 2 * kHidden});
    const Tensor h = random_tensor({4, 2, kHidden}, 1);
    const std::vector<Variable> none = run(*layer, {zeros({2, 0, kInput}), h});
    CHECK(none[0].shape() == Shape{2, 0, 2 * kHidden});
    CHECK(same_bits(none[1].value(), h));
  }
}

TEST_CASE("dropout between layers acts on all layers' outputs but the last's, in training only") {
  for (const std::string& kind : kKinds) {
    const auto layer = make_layer(kind, {.num_layers = 2, .dropout = 1});
    const Tensor x = random_tensor({3, 4, kInput}, 1), other = random_tensor({3, 4, kInput}, 2);
    const std::vector<Variable> a = run(*layer, {x}), b = run(*layer, {other});
    CHECK(same_bits(a[0].value(), b[0].value()));
    CHECK_FALSE(same_bits(narrow(a[1].value(), 0, 0, 1), narrow(b[1].value(), 0, 0, 1)));
    layer->eval();
    CHECK_FALSE(same_bits(run(*layer, {x})[0].value(), run(*layer, {other})[0].value()));
  }
}

TEST_CASE("locked dropout between layers hides the same features at all time steps") {
  for (const bool batch_first : {true, false}) {
    for (const bool locked : {true, false}) {
      RNN layer(kInput, kHidden,
                {.num_layers = 2,
                 .nonlinearity = Nonlinearity::relu,
                 .bias = false,
                 .batch_first = batch_first,
                 .dropout = 0.5,
                 .locked_dropout = locked});
      // The second layer passes the first one's output on, which is positive.
      constant_(layer.weights(0).w_ih, 1);
      constant_(layer.weights(1).w_hh, 0);
      copy_(layer.weights(1).w_ih.mutable_value(), eye(kHidden));
      constant_(layer.weights(0).w_hh, 0);
      const Tensor y = layer.forward(ones({9, 9, kInput})).output.value();
      const Tensor shown = gt(batch_first ? y : transpose(y, 0, 1), 0);
      const bool same = same_bits(select(shown, 1, 0), select(shown, 1, 8));
      CHECK(same == locked);
      CHECK_FALSE(same_bits(select(shown, 0, 0), select(shown, 0, 1)));
    }
  }
}

TEST_CASE("recurrent dropout drops elements of weight_hh, once for all time steps") {
  for (const std::string& kind : kKinds) {
    const auto layer = make_layer(kind, {.recurrent_dropout = 0.5}), plain = make_layer(kind, {});
    plain->load_state_dict(layer->state_dict());
    const Tensor x = random_tensor({3, 6, kInput}, 1);
    const GeneratorState before = default_generator().state();
    const Tensor y = run(*layer, {x})[0].value();
    default_generator().set_state(before);
    Variable& w_hh = plain->weights(0).w_hh;
    w_hh.set_value(dropout(w_hh.value(), 0.5).value());
    CHECK(same_bits(y, run(*plain, {x})[0].value()));
    layer->eval();
    plain->load_state_dict(layer->state_dict());
    CHECK(same_bits(run(*layer, {x})[0].value(), run(*plain, {x})[0].value()));
  }
}

TEST_CASE("recurrent layers say what is wrong, with the path of the layer") {
  struct Encoder : Module {
    LSTM lstm{16, 4};
    Encoder() { register_module("lstm", lstm); }
  };
  struct Model : Module {
    Encoder encoder;
    Model() { register_module("encoder", encoder); }
  } model;
  LSTM& lstm = model.encoder.lstm;
  const auto message = [&](const Variable& x, const LSTMArguments& arguments) {
    return message_of<Error>([&] { lstm.forward(x, arguments); });
  };
  const Tensor x = zeros({32, 10, 16});
  CHECK(message(zeros({32, 10, 12}), {}) == "encoder.lstm: input must be (B, T, 16), got (32, 10, 12)");
  CHECK(message(x, {.mask = Mask::lengths(tensor<int64_t>({1}))}) ==
        "encoder.lstm: there must be a length per sequence, 32, got 1");
  CHECK(message(x, {.c = zeros({1, 4})}) == "encoder.lstm: initial states must be (1, 32, 4), got (1, 4)");
  const std::string too_long = message(x, {.mask = Mask::lengths(full({32}, 11, DType::int64))});
  CHECK(too_long.starts_with("encoder.lstm: "));
  CHECK(too_long.find("lengths must be between 0 and 10, got 11") != std::string::npos);
  CHECK(message(zeros({32, 10, 16}, DType::float64), {}).starts_with("encoder.lstm: "));
  CHECK(message_of<ShapeError>([] {
          GRU(2, 3, {.batch_first = false}).forward(zeros({4, 5}));
        }) == "GRU: input must be (T, B, 2), got (4, 5)");
  CHECK(message_of<ValueError>([] { GRU(2, 3, {.nonlinearity = Nonlinearity::relu}); }) ==
        "GRU: nonlinearity must be tanh: only an RNN has a choice, got relu");
  CHECK_THROWS_AS(LSTMCell(2, 3, {.nonlinearity = Nonlinearity::relu}), ValueError);
  CHECK_THROWS_AS(RNN(0, 3), ValueError);
  CHECK_THROWS_AS(GRU(3, 0), ValueError);
  CHECK_THROWS_AS(GRU(3, 3, {.num_layers = 0}), ValueError);
  CHECK_THROWS_AS(LSTM(3, 3, {.dropout = 1.5}), ValueError);
  CHECK_THROWS_AS(LSTM(3, 3, {.recurrent_dropout = std::nan("")}), ValueError);
}
