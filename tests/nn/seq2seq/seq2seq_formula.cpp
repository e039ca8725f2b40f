// Decoders beside their papers' equations, written out in plain tensor operations on the named parameters.
#include <algorithm>
#include <cmath>

#include <heed/nn/seq2seq/seq2seq_config.h>
#include <heed/tensor/create.h>
#include <heed/tensor/elementwise.h>
#include <heed/tensor/index.h>
#include <heed/tensor/matmul.h>
#include <heed/tensor/reduce.h>
#include <heed/tensor/softmax.h>
#include <heed/tensor/view.h>

#include "support/catch.h"

using namespace heed;

namespace {

constexpr int64_t kHidden = 4;
constexpr int64_t kSteps = 3;

class Parameters {
 public:
  explicit Parameters(const Module& module) : state_(module.state_dict()) {}
  Tensor operator[](const std::string& name) const {
    const auto entry = std::find_if(state_.begin(), state_.end(), [&](const auto& e) { return e.first == name; });
    INFO(name);
    REQUIRE(entry != state_.end());
    return entry->second;
  }
  /// x Wᵀ + b
  Tensor affine(const std::string& layer, const Tensor& x) const {
    return linear(x, (*this)[layer + ".weight"], (*this)[layer + ".bias"]);
  }

 private:
  StateDict state_;
};

struct State {
  Tensor h, c;
};

/// One LSTM step with the parameters prefix + "weight_ih" + suffix and so on.
State lstm_step(const Parameters& p, const std::string& prefix, const std::string& suffix, const Tensor& x,
                const State& state) {
  const Tensor gates = linear(x, p[prefix + "weight_ih" + suffix], p[prefix + "bias_ih" + suffix]) +
                       linear(state.h, p[prefix + "weight_hh" + suffix], p[prefix + "bias_hh" + suffix]);
  const auto parts = split(gates, kHidden, 1);
  const Tensor c = sigmoid(parts[1]) * state.c + sigmoid(parts[0]) * tanh(parts[2]);
  return {sigmoid(parts[3]) * tanh(c), c};
}

State zero_state() { return {zeros({1, kHidden}, DType::float64), zeros({1, kHidden}, DType::float64)}; }

/// The encoder's outputs (S, H) in the order of the source, and its last state.
std::pair<Tensor, State> read(const Parameters& p, const std::vector<int64_t>& source, bool reverse) {
  std::vector<Tensor> outputs(source.size());
  State state = zero_state();
  for (size_t i = 0; i < source.size(); ++i) {
    const size_t place = reverse ? source.size() - 1 - i : i;
    const Tensor x = index_select(p["encoder.embedding.weight"], 0, tensor<int64_t>({source[place]}));
    state = lstm_step(p, "encoder.rnn.", reverse ? "_l0_reverse" : "_l0", x, state);
    outputs[place] = state.h;
  }
  return {cat(outputs, 0), state};
}

std::unique_ptr<Seq2Seq> make(AttentionKind attention, bool bidirectional) {
  Seq2SeqConfig config;
  config.source_vocabulary = config.target_vocabulary = 6;
  config.attention = attention;
  config.stack = {.embedding = 3, .hidden = kHidden, .layers = {.bidirectional = bidirectional}};
  auto model = make_seq2seq(config);
  model->to(DType::float64);
  return model;
}

const std::vector<int64_t> kSource{3, 5, 4, 3};
const std::vector<int64_t> kTarget{4, 5, 2};
const std::vector<int64_t> kFed{1, 4, 5};

Tensor embedded(const Parameters& p, size_t t) {
  return index_select(p["decoder.embedding.weight"], 0, tensor<int64_t>({kFed[t]}));
}

/// Compares the model's logits and weights with rows computed by `step(t)`, a pair of logits (1, V) and weights (1, S).
template <class Step>
void compare(Seq2Seq& model, Step step) {
  const DecoderOutput output = model.forward(from_vector(kSource, {1, 4}), Tensor(), from_vector(kTarget, {1, kSteps}));
  for (int64_t t = 0; t < kSteps; ++t) {
    const auto [logits, weights] = step(static_cast<size_t>(t));
    const Tensor error = abs(logits - narrow(select(output.logits.value(), 0, 0), 0, t, 1));
    REQUIRE(max(error).item() < 1e-12);
    if (weights.defined()) {
      REQUIRE(max(abs(weights - narrow(select(output.weights.value(), 0, 0), 0, t, 1))).item() < 1e-12);
    }
  }
}

}  // namespace

TEST_CASE("without attention the decoder starts from the encoder's last state and sees nothing else") {
  const auto model = make(AttentionKind::none, false);
  const Parameters p(*model);
  State state = read(p, kSource, false).second;
  compare(*model, [&](size_t t) {
    state = lstm_step(p, "decoder.rnn.", "_l0", embedded(p, t), state);
    return std::pair(p.affine("decoder.output", state.h), Tensor());
  });
}

TEST_CASE("additive attention computes Bahdanau's equations") {
  const auto model = make(AttentionKind::additive, true);
  const Parameters p(*model);
  const auto [forwards, last_forwards] = read(p, kSource, false);
  const auto [backwards, last_backwards] = read(p, kSource, true);
  const Tensor memory = cat(std::vector<Tensor>{forwards, backwards}, 1);
  const auto joined = [](const Tensor& a, const Tensor& b) { return cat(std::vector<Tensor>{a, b}, 1); };
  State state{tanh(p.affine("decoder.bridge.h_l0", joined(last_forwards.h, last_backwards.h))),
              tanh(p.affine("decoder.bridge.c_l0", joined(last_forwards.c, last_backwards.c)))};
  compare(*model, [&](size_t t) {
    const Tensor sums = linear(state.h, p["decoder.attention.query_proj.weight"]) +
                        linear(memory, p["decoder.attention.memory_proj.weight"]);
    const Tensor scores = transpose(linear(tanh(sums), p["decoder.attention.score_proj.weight"]), 0, 1);
    const Tensor weights = softmax(scores, 1);
    const Tensor context = matmul(weights, memory);
    state = lstm_step(p, "decoder.cell_l0.", "", joined(embedded(p, t), context), state);
    return std::pair(p.affine("decoder.output", joined(state.h, context)), weights);
  });
}

TEST_CASE("dot and scaled attention join the context and the cell's output as Luong's equation 5 does") {
  for (const AttentionKind kind : {AttentionKind::dot, AttentionKind::scaled}) {
    const auto model = make(kind, false);
    const Parameters p(*model);
    const auto [memory, last] = read(p, kSource, false);
    State state = last;
    compare(*model, [&, &states = memory](size_t t) {
      state = lstm_step(p, "decoder.rnn.", "_l0", embedded(p, t), state);
      const double scale = kind == AttentionKind::scaled ? 1 / std::sqrt(static_cast<double>(kHidden)) : 1;
      const Tensor weights = softmax(matmul(state.h, transpose(states, 0, 1)) * scale, 1);
      const Tensor joined = cat(std::vector<Tensor>{matmul(weights, states), state.h}, 1);
      return std::pair(p.affine("decoder.output", tanh(p.affine("decoder.combine", joined))), weights);
    });
  }
}
