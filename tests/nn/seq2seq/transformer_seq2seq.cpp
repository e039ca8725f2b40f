// The transformer as a sequence-to-sequence model: every kind of positions; steps, padding, gradients, learning.
#include <heed/nn/seq2seq/transformer_seq2seq.h>

#include <algorithm>
#include <cmath>

#include <heed/autograd/backward.h>
#include <heed/autograd/gradcheck.h>
#include <heed/nn/optim/adam.h>
#include <heed/nn/seq2seq/beam_search.h>
#include <heed/nn/transformer/positional.h>
#include <heed/nn/transformer/sequence_positions.h>
#include <heed/tensor/create.h>
#include <heed/tensor/error.h>
#include <heed/tensor/index.h>
#include <heed/tensor/view.h>

#include "support/catch.h"

using namespace heed;

namespace {

constexpr int64_t kVocabulary = 7;
const std::span<const PositionKind> kKinds = position_kinds();

TransformerSeq2SeqConfig small(PositionKind positions) {
  TransformerSeq2SeqConfig config;
  config.source_vocabulary = kVocabulary;
  config.target_vocabulary = kVocabulary;
  config.positions = positions;
  config.num_layers = 2;
  config.heads = 2;
  config.size = 8;
  config.layer.dim_feedforward = 6;
  config.position_range = 50;
  config.max_distance = 2;
  return config;
}

Tensor source_batch() { return from_vector<int64_t>({3, 4, 5, 6, 3, 5, 0, 0, 4, 0, 0, 0}, {3, 4}); }
Tensor source_lengths() { return tensor<int64_t>({4, 2, 1}); }
Tensor target_batch() { return from_vector<int64_t>({6, 5, 2, 3, 2, 0, 4, 4, 2}, {3, 3}); }

double largest_difference(const Tensor& a, const Tensor& b) {
  const auto x = to(a, DType::float64).to_vector<double>();
  const auto y = to(b, DType::float64).to_vector<double>();
  REQUIRE(x.size() == y.size());
  double largest = 0;
  for (size_t i = 0; i < x.size(); ++i) {
    largest = std::max(largest, std::abs(x[i] - y[i]));
  }
  return largest;
}

}  // namespace

TEST_CASE("a transformer's steps agree with feeding it the target at once") {
  for (const PositionKind kind : kKinds) {
    INFO(name_of(kind));
    const auto model = make_transformer_seq2seq(small(kind));
    model->eval();
    const DecoderState start = model->decoder().start(model->encoder().forward(source_batch(), source_lengths()));
    const Tensor fed = from_vector<int64_t>({1, 6, 5, 1, 3, 2, 1, 4, 4}, {3, 3});
    const DecoderOutput at_once = model->decoder().forward(fed, start);
    const DecoderOutput by_step = model->decoder().Decoder::forward(fed, start);
    REQUIRE(at_once.logits.shape() == Shape{3, 3, kVocabulary});
    REQUIRE(largest_difference(at_once.logits.value(), by_step.logits.value()) < 1e-5);
    REQUIRE(largest_difference(at_once.weights.value(), by_step.weights.value()) < 1e-5);
  }
}

TEST_CASE("a transformer gives a source the same bits alone, padded and in a batch") {
  for (const PositionKind kind : kKinds) {
    INFO(name_of(kind));
    const auto model = make_transformer_seq2seq(small(kind));
    const auto together = greedy_search(*model, source_batch(), source_lengths(), 5);
    for (int64_t row = 0; row < 3; ++row) {
      const Tensor own = narrow(narrow(source_batch(), 0, row, 1), 1, 0, source_lengths().to_vector<int64_t>()[row]);
      const auto alone = greedy_search(*model, contiguous(own), Tensor(), 5);
      const Hypothesis& other = together[static_cast<size_t>(row)];
      REQUIRE(alone[0].tokens == other.tokens);
      REQUIRE(alone[0].log_probability == other.log_probability);
      REQUIRE(alone[0].weights.to_vector<float>() == other.weights.to_vector<float>());
    }
    const auto beams = beam_search(*model, source_batch(), source_lengths(), {.beam = 1, .max_length = 5});
    REQUIRE(beams[0][0].tokens == together[0].tokens);
  }
}

TEST_CASE("gradients of a transformer's loss agree with differences of values") {
  for (const PositionKind kind : kKinds) {
    INFO(name_of(kind));
    const auto model = make_transformer_seq2seq(small(kind));
    model->to(DType::float64);
    model->eval();
    const auto loss = [&](const std::vector<Variable>&) {
      return std::vector<Variable>{model->loss(source_batch(), source_lengths(), target_batch())};
    };
    const auto result = gradcheck(loss, model->parameters());
    INFO(result.message);
    REQUIRE(result.ok);
  }
}

TEST_CASE("a transformer without positions cannot tell a source's order, and every other kind can") {
  for (const PositionKind kind : kKinds) {
    INFO(name_of(kind));
    const auto model = make_transformer_seq2seq(small(kind));
    model->eval();
    const auto logits = [&](const std::vector<int64_t>& source) {
      const Encoding read = model->encoder().forward(from_vector(source, {1, 4}), Tensor());
      return model->decoder().forward(full({1, 1}, 1, DType::int64), model->decoder().start(read)).logits.value();
    };
    const double difference = largest_difference(logits({3, 4, 5, 6}), logits({5, 3, 6, 4}));
    REQUIRE((difference > 1e-4) == (kind != PositionKind::none));
  }
}

TEST_CASE("positions are drawn in training and fixed in evaluation") {
  for (const PositionKind kind : kKinds) {
    INFO(name_of(kind));
    const auto model = make_transformer_seq2seq(small(kind));
    const auto loss = [&] { return model->loss(source_batch(), source_lengths(), target_batch()).item(); };
    const bool drawn = kind == PositionKind::randomized || kind == PositionKind::both_ends;
    seed_default_generator(3);
    const double first = loss();
    REQUIRE((loss() != first) == drawn);
    seed_default_generator(3);
    REQUIRE(loss() == first);
    model->eval();
    REQUIRE(loss() == loss());
  }
}

TEST_CASE("randomized positions ascend, differ, and reach all of their range") {
  Generator generator(5);
  std::vector<bool> seen(20, false);
  for (int draw = 0; draw < 200; ++draw) {
    const Tensor positions = randomized_positions({4, 0, 20}, 21, 20, generator);
    for (int64_t step = 0; step < 4; ++step) {
      const double position = positions.at({0, step});
      REQUIRE(position == std::floor(position));
      REQUIRE((step == 0 || position > positions.at({0, step - 1})));
      seen[static_cast<size_t>(position)] = true;
    }
    REQUIRE(positions.at({0, 4}) == 0);
    REQUIRE(positions.at({2, 19}) == 19);
  }
  REQUIRE(std::count(seen.begin(), seen.end(), true) == 20);
  REQUIRE_THROWS_AS(randomized_positions({21}, 21, 20, generator), ValueError);
  REQUIRE(even_positions({3, 20}, 20, 20).at({0, 2}) == 6);
  REQUIRE(even_positions({3, 20}, 20, 20).at({1, 19}) == 19);
}

TEST_CASE("random strides stay within their range, and take both small and large steps") {
  Generator generator(6);
  double least = 1e9, most = 0;
  for (int draw = 0; draw < 300; ++draw) {
    const Tensor walks = random_strides({10, 200}, 100, generator);
    const double start = walks.at({0, 0}), stride = walks.at({0, 1});
    REQUIRE(start >= 0);
    REQUIRE(start + 10 * stride <= 100);
    least = std::min(least, stride);
    most = std::max(most, stride);
    REQUIRE(walks.at({1, 0}) == 0);  // does not fit
    REQUIRE(walks.at({1, 1}) == 1);
  }
  REQUIRE(least == 1);
  REQUIRE(most >= 8);
}

TEST_CASE("sinusoids at 0, 1, 2 … are the sinusoidal positions") {
  const Tensor table = sinusoids_at(tensor<double>({0, 1, 2, 3}), 6, DType::float64);
  REQUIRE(largest_difference(table, sinusoidal_positions(4, 6, 0, DType::float64)) == 0);
  REQUIRE_THROWS_AS(sinusoids_at(tensor<float>({0}), 6), DTypeError);
}

TEST_CASE("a transformer learns to turn three symbols round") {
  seed_default_generator(1);
  TransformerSeq2SeqConfig config = small(PositionKind::both_ends);
  config.num_layers = 1;
  config.heads = 1;
  config.size = 16;
  config.layer.dim_feedforward = 32;
  const auto model = make_transformer_seq2seq(config);
  Adam adam(*model, {.lr = 1e-2});
  Generator generator(2);
  double loss_value = 0;
  for (int step = 0; step < 250; ++step) {
    const Tensor source = randint({32, 3}, 3, kVocabulary, generator);
    const Tensor target = cat(std::vector<Tensor>{flip(source, {1}), full({32, 1}, 2, DType::int64)}, 1);
    adam.zero_grad();
    const Variable loss = model->loss(source, Tensor(), target);
    backward(loss);
    adam.step();
    loss_value = loss.item();
  }
  REQUIRE(loss_value < 0.2);
}

TEST_CASE("transformer configurations that make no sense are refused, and kinds are found by name") {
  const auto refuses = [](auto&& change) {
    TransformerSeq2SeqConfig config = small(PositionKind::both_ends);
    change(config);
    REQUIRE_THROWS_AS(make_transformer_seq2seq(config), ValueError);
  };
  refuses([](TransformerSeq2SeqConfig& c) { c.source_vocabulary = 0; });
  refuses([](TransformerSeq2SeqConfig& c) { c.num_layers = 0; });
  refuses([](TransformerSeq2SeqConfig& c) { c.heads = 3; });
  refuses([](TransformerSeq2SeqConfig& c) { c.size = 6; });
  refuses([](TransformerSeq2SeqConfig& c) { c.layer.dropout = 1.1; });
  refuses([](TransformerSeq2SeqConfig& c) { c.layer.batch_first = false; });
  refuses([](TransformerSeq2SeqConfig& c) {
    c.positions = PositionKind::rotary;
    c.heads = 8;
  });
  refuses([](TransformerSeq2SeqConfig& c) { c.position_range = 0; });
  refuses([](TransformerSeq2SeqConfig& c) { c.tokens.eos = kVocabulary; });
  for (const PositionKind kind : kKinds) {
    REQUIRE(parse_position_kind(name_of(kind)) == kind);
  }
  REQUIRE_THROWS_AS(parse_position_kind("both_ends"), ValueError);
}
