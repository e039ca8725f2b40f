// LocationAttention: its formula in plain loops, that it walks exactly at any length, padding, NaN.
#include <heed/nn/attention/location_attention.h>

#include <cmath>

#include <heed/autograd/backward.h>
#include <heed/autograd/elementwise.h>
#include <heed/autograd/reduce.h>
#include <heed/autograd/view.h>
#include <heed/nn/core/check_layer.h>
#include <heed/nn/seq2seq/location_decoder.h>
#include <heed/tensor/create.h>
#include <heed/tensor/elementwise.h>
#include <heed/tensor/error.h>
#include <heed/tensor/index.h>
#include <heed/tensor/random.h>
#include <heed/tensor/view.h>

#include "support/catch.h"
#include "support/message.h"

using namespace heed;

namespace {

constexpr int64_t kQuery = 3, kMemory = 4, kAttention = 2, kReach = 2, kWidth = 2 * kReach + 1;

/// The parameter of that name.
Tensor parameter(const Module& module, const std::string& name) {
  for (const auto& [its_name, value] : module.state_dict()) {
    if (its_name == name) {
      return value;
    }
  }
  throw std::runtime_error("no parameter " + name);
}

std::vector<double> softmax_of(std::vector<double> x) {
  double sum = 0;
  for (double& value : x) {
    value = std::exp(value);
    sum += value;
  }
  for (double& value : x) {
    value /= sum;
  }
  return x;
}

/// Row `row` of matrix (R, C) times x, and what stands in `bias`.
double row_times(const Tensor& matrix, int64_t row, const Tensor& x, double bias = 0) {
  for (int64_t i = 0; i < x.size(0); ++i) {
    bias += matrix.at({row, i}) * x.at({i});
  }
  return bias;
}

/// The weights for one query, as the header has them, with loops.
std::vector<double> weights_by_formula(const LocationAttention& layer, const Tensor& query, const Tensor& memory,
                                       const std::vector<double>& previous, std::vector<double>& shift) {
  const Tensor move = parameter(layer, "move_proj.weight"), bias = parameter(layer, "move_proj.bias");
  const auto moved = [&](int64_t row) {
    double sum = bias.at({row});
    for (int64_t i = 0; i < kQuery; ++i) {
      sum += move.at({row, i}) * query.at({i});
    }
    for (int64_t d = 0; d <= kWidth; ++d) {
      sum += move.at({row, kQuery + d}) * kWidth * shift[static_cast<size_t>(d)];
    }
    return sum;
  };
  const int64_t steps = memory.size(0);
  std::vector<double> next_shift, gates;
  for (int64_t d = 0; d < kWidth; ++d) {
    next_shift.push_back(moved(d));
  }
  for (int64_t g = 0; g < 4; ++g) {
    gates.push_back(moved(kWidth + g));
  }
  gates = softmax_of(gates);
  shift = softmax_of(next_shift);
  shift.push_back(0);
  std::vector<double> energies;
  for (int64_t j = 0; j < steps; ++j) {
    double score = 0;
    for (int64_t a = 0; a < kAttention; ++a) {
      const double inner = row_times(parameter(layer, "content.query_proj.weight"), a, query) +
                           row_times(parameter(layer, "content.memory_proj.weight"), a, heed::select(memory, 0, j));
      score += parameter(layer, "content.score_proj.weight").at({0, a}) * std::tanh(inner);
    }
    energies.push_back(score);
  }
  std::vector<double> weights = softmax_of(energies);
  for (double& weight : weights) {
    weight *= gates[3];
  }
  for (int64_t from = 0; from < steps; ++from) {
    const double base = gates[0] * previous[static_cast<size_t>(from)] + (from == 0 ? gates[1] : 0) +
                        (from == steps - 1 ? gates[2] : 0);
    for (int64_t d = -kReach; d <= kReach; ++d) {
      const int64_t to = std::min(std::max<int64_t>(0, from + d), steps - 1);
      weights[static_cast<size_t>(to)] += shift[static_cast<size_t>(d + kReach)] * base;
    }
  }
  double squares = 0;
  for (const double weight : weights) {
    squares += weight * weight;
  }
  for (double& weight : weights) {
    weight *= weight / squares;
  }
  return weights;
}

/// Parameters that say: start at an end (the last for distances below 0), stay with the previous place, move by
/// `distance`, whatever the query and the content.
void set_walk(LocationAttention& layer, int64_t distance) {
  StateDict state;
  for (const auto& [name, value] : layer.state_dict()) {
    state.emplace_back(name, zeros_like(value));
  }
  layer.load_state_dict(state);
  Tensor bias = zeros({2 * layer.reach() + 5});
  float* values = bias.mutable_data<float>();
  values[distance + layer.reach()] = 20;
  values[2 * layer.reach() + 1] = 20;
  for (auto& [name, value] : state) {
    value = name == "move_proj.bias" ? bias : value;
    value = name == "start" ? tensor<float>({distance < 0 ? -20.0F : 20.0F, 0}) : value;
  }
  layer.load_state_dict(state);
}

}  // namespace

TEST_CASE("location attention computes its formula, step after step") {
  LocationAttention layer(kQuery, kMemory, kAttention, kReach);
  layer.to(DType::float64);
  StateDict state = layer.state_dict();
  for (auto& [name, value] : state) {
    value = name == "start" ? randn({2}, DType::float64) : clone(value);
  }
  layer.load_state_dict(state);
  const Tensor memory = randn({1, 6, kMemory}, DType::float64);
  const LocationMemory prepared = layer.prepare(memory);
  LocationState previous = layer.start(prepared);
  const auto ends = softmax_of(parameter(layer, "start").to_vector<double>());
  std::vector<double> expected = {ends[0], 0, 0, 0, 0, ends[1]};
  std::vector<double> shift(kWidth + 1, 0);
  shift[kWidth] = 1;
  for (size_t j = 0; j < expected.size(); ++j) {
    REQUIRE(previous.weights.value().at({0, static_cast<int64_t>(j)}) == Approx(expected[j]).margin(1e-15));
  }
  for (int step = 0; step < 3; ++step) {
    const Tensor query = randn({1, kQuery}, DType::float64) * 3.0;
    const LocationOutput seen = layer.forward(query, prepared, previous);
    expected = weights_by_formula(layer, heed::select(query, 0, 0), heed::select(memory, 0, 0), expected, shift);
    const auto weights = seen.state.weights.value().to_vector<double>();
    for (size_t j = 0; j < expected.size(); ++j) {
      REQUIRE(weights[j] == Approx(expected[j]).margin(1e-12));
    }
    double first = 0;
    for (int64_t j = 0; j < 6; ++j) {
      first += expected[static_cast<size_t>(j)] * memory.at({0, j, 0});
    }
    REQUIRE(seen.context.value().at({0, 0}) == Approx(first).margin(1e-12));
    previous = seen.state;
  }
}

TEST_CASE("location attention walks a thousand positions without losing its place, and stops at the end") {
  LocationAttention layer(kQuery, kMemory, kAttention);
  for (const int64_t distance : {1, -1, 2}) {
    set_walk(layer, distance);
    const int64_t steps = 1000;
    const LocationMemory prepared = layer.prepare(randn({1, steps, kMemory}));
    LocationState state = layer.start(prepared);
    int64_t place = distance > 0 ? 0 : steps - 1;
    for (int64_t step = 0; step < steps + 3; ++step) {
      state = layer.forward(Variable(randn({1, kQuery})), prepared, state).state;
      place = std::min(std::max<int64_t>(0, place + distance), steps - 1);
      REQUIRE(state.weights.value().at({0, place}) > 0.99);
    }
  }
}

TEST_CASE("a new location attention starts at either end alike and walks before it jumps") {
  const LocationAttention layer(kQuery, kMemory, kAttention, kReach);
  REQUIRE(parameter(layer, "start").to_vector<float>() == std::vector<float>{0, 0});
  const auto bias = parameter(layer, "move_proj.bias").to_vector<float>();
  CHECK(bias[kWidth] > 1);
  CHECK(bias[kWidth + 1] < -3);
  CHECK(bias[kWidth + 2] < -3);
  CHECK(bias[kWidth + 3] < 1);
}

TEST_CASE("a truncated walk gives the same outputs, and gradients that stop at where it looked last") {
  const auto gradients = [](bool truncated, Tensor& logits) {
    seed_default_generator(3);
    LocationDecoder decoder(5, std::make_unique<LocationAttention>(4, 4, 2),
                            {.stack = {.embedding = 3, .hidden = 4}, .state_size = 4}, truncated);
    Encoding encoding;
    encoding.memory = Variable(randn({2, 6, 4}), true);
    encoding.state = {CellState{randn({2, 4}), randn({2, 4})}};
    const Variable out =
        decoder.forward(reshape(tensor<int64_t>({1, 2, 3, 2, 4, 1}), {2, 3}), decoder.start(encoding)).logits;
    logits = out.value();
    backward(sum(out * Variable(randn(out.shape()))));
    return encoding.memory.grad();
  };
  Tensor whole_logits, cut_logits;
  const Tensor whole = gradients(false, whole_logits), cut = gradients(true, cut_logits);
  CHECK(cut_logits.to_vector<float>() == whole_logits.to_vector<float>());
  CHECK(cut.to_vector<float>() != whole.to_vector<float>());
}

TEST_CASE("location attention passes check_layer, with a padded memory too") {
  const auto make = [] { return std::make_unique<LocationAttention>(kQuery, kMemory, kAttention, kReach); };
  const Tensor lengths = tensor<int64_t>({5, 2});
  const auto walk = [&](bool padded) {
    return [&lengths, padded](LocationAttention& layer, const std::vector<Variable>& x) {
      const Tensor mask = padded ? padding_mask(lengths, x[0].size(1)) : Tensor();
      const LocationMemory prepared = layer.prepare(x[0], mask);
      const LocationOutput first = layer.forward(x[1], prepared, layer.start(prepared));
      const LocationOutput second = layer.forward(x[2], prepared, first.state);
      return std::vector<Variable>{first.context, second.context, second.state.shift};
    };
  };
  const std::vector<Tensor> inputs = {randn({2, 5, kMemory}), randn({2, kQuery}), randn({2, kQuery})};
  CHECK(check_layer(make, walk(false), inputs).message == "");
  CHECK(check_layer(make, walk(true), inputs, {.lengths = lengths}).message == "");
}

TEST_CASE("location attention refuses what it cannot walk through") {
  REQUIRE_THROWS_AS(LocationAttention(kQuery, kMemory, kAttention, 0), ValueError);
  REQUIRE_THROWS_AS(LocationAttention(0, kMemory, kAttention), ValueError);
  LocationAttention layer(kQuery, kMemory, kAttention);
  const Tensor gap = to(tensor<int64_t>({0, 1, 0}), DType::boolean);
  REQUIRE_THROWS_AS(layer.prepare(randn({1, 3, kMemory}), unsqueeze(gap, 0)), ValueError);
  const LocationMemory prepared = layer.prepare(randn({1, 3, kMemory}));
  REQUIRE_THROWS_AS(layer.forward(randn({1, kQuery + 1}), prepared, layer.start(prepared)), ShapeError);
  REQUIRE_THROWS_AS(layer.forward(randn({1, kQuery}), prepared, {zeros({1, 3}), zeros({1, 7})}), ShapeError);
  REQUIRE_THROWS_AS(layer.forward(randn({1, kQuery}), prepared, {zeros({1, 4}), zeros({1, 8})}), ShapeError);
  REQUIRE_THROWS_AS(LocationDecoder(5, nullptr), ValueError);
  REQUIRE_THROWS_AS(LocationDecoder(5, std::make_unique<LocationAttention>(3, 4, 2), {.stack = {.hidden = 4}}),
                    ValueError);
  const std::string message = message_of([] {
    LocationDecoder(5, std::make_unique<LocationAttention>(4, 3, 2),
                    {.stack = {.hidden = 4, .layers = {.num_layers = 0}}});
  });
  CHECK(message == "LocationDecoder: num_layers must be at least 1, got 0");
}
