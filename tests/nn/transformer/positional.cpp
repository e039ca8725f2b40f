// Positions by each paper's formula, element after element.
#include <heed/nn/transformer/positional.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include <heed/nn/attention/alibi.h>
#include <heed/nn/attention/multihead_attention.h>
#include <heed/nn/attention/relative_attention.h>
#include <heed/nn/attention/rotary.h>
#include <heed/nn/core/check_layer.h>
#include <heed/tensor/elementwise.h>
#include <heed/tensor/error.h>
#include <heed/tensor/index.h>
#include <heed/tensor/matmul.h>
#include <heed/tensor/random.h>
#include <heed/tensor/reduce.h>

#include "support/message.h"
#include "support/reference.h"

using namespace heed;
using test::random_tensor;
using test::same_bits;

namespace {

using Variables = std::vector<Variable>;

constexpr int64_t kSize = 3, kFar = 2;  // of relative attention

Tensor random64(const Shape& shape, uint32_t seed) { return random_tensor(shape, seed, DType::float64); }

void require_passed(const CheckLayerResult& result) {
  INFO(result.message);
  REQUIRE(result.ok);
}

}  // namespace

TEST_CASE("sinusoidal positions are sines and cosines of geometrically slower waves") {
  for (const int64_t features : {6, 7, 1}) {
    const Tensor table = sinusoidal_positions(9, features, 3, DType::float64);
    for (int64_t row = 0; row < 9; ++row) {
      for (int64_t i = 0; 2 * i < features; ++i) {
        const double angle = static_cast<double>(row + 3) /
                             std::pow(10000.0, 2.0 * static_cast<double>(i) / static_cast<double>(features));
        CHECK(table.at({row, 2 * i}) == Approx(std::sin(angle)).margin(1e-15));
        if (2 * i + 1 < features) {
          CHECK(table.at({row, 2 * i + 1}) == Approx(std::cos(angle)).margin(1e-15));
        }
      }
    }
  }
  CHECK(sinusoidal_positions(0, 4).shape() == Shape{0, 4});
}

TEST_CASE("the sinusoidal encoding adds its positions") {
  SinusoidalPositionalEncoding encoding(10, 6);
  const Tensor x = random_tensor({2, 4, 6}, 1);
  CHECK(same_bits(encoding.forward(x).value(), x + sinusoidal_positions(4, 6)));
  CHECK(same_bits(encoding.forward(x, 5).value(), x + sinusoidal_positions(4, 6, 5)));
  SinusoidalPositionalEncoding turned(10, 6, {.batch_first = false});
  CHECK(same_bits(turned.forward(transpose(x, 0, 1)).value(), clone(transpose(encoding.forward(x).value(), 0, 1))));
  CHECK(message_of<IndexError>([&] { encoding.forward(x, 7); }) ==
        "SinusoidalPositionalEncoding: positions must be below 10, got 7 to 10");
  constexpr int64_t kFar = std::numeric_limits<int64_t>::max();
  CHECK_THROWS_AS(encoding.forward(x, kFar), IndexError);
  CHECK_THROWS_AS(sinusoidal_positions(3, 2, kFar), ValueError);
  CHECK_THROWS_AS(alibi_bias(2, 3, 3, kFar), ValueError);
  CHECK_THROWS_AS(hard_alibi_mask(2, 3, 3, -kFar), ValueError);
  CHECK(message_of<ShapeError>([&] {
          encoding.forward(random_tensor({2, 4, 5}, 2));
        }) == "SinusoidalPositionalEncoding: input must be (B, T, 6), got (2, 4, 5)");
}

TEST_CASE("the learned encoding adds a row of its weight for each position") {
  LearnedPositionalEncoding encoding(7, 3);
  const Tensor x = random_tensor({2, 4, 3}, 3);
  const Tensor y = encoding.forward(x, 2).value();
  test::for_each_index(y.shape(), [&](const Shape& i) {
    CHECK(y.at(i) == Approx(x.at(i) + encoding.weight().value().at({i[1] + 2, i[2]})));
  });
  CHECK_THROWS_AS(encoding.forward(x, 4), IndexError);
  CHECK_THROWS_AS(encoding.forward(x, -1), IndexError);
  for (const bool batch_first : {true, false}) {
    require_passed(
        check_layer([&] { return std::make_unique<LearnedPositionalEncoding>(5, 3, PositionalOptions{batch_first}); },
                    [](LearnedPositionalEncoding& layer, const Variables& inputs) {
                      return Variables{layer.forward(inputs[0], 1)};
                    },
                    {random64({2, 3, 3}, 4)}));
  }
}

TEST_CASE("a rotary embedding turns each pair by its angle") {
  const Tensor x = random64({2, 3, 5, 6}, 5);
  const Tensor y = rotary_embedding(x, {.offset = 4, .base = 500}).value();
  test::for_each_index(x.shape(), [&](const Shape& index) {
    const int64_t pair = index[3] / 2;
    const double theta = std::pow(500.0, -2.0 * static_cast<double>(pair) / 6);
    const double angle = static_cast<double>(index[2] + 4) * theta;
    Shape even = index, odd = index;
    even[3] = 2 * pair;
    odd[3] = 2 * pair + 1;
    const double expected = index[3] % 2 == 0 ? x.at(even) * std::cos(angle) - x.at(odd) * std::sin(angle)
                                              : x.at(even) * std::sin(angle) + x.at(odd) * std::cos(angle);
    CHECK(y.at(index) == Approx(expected).margin(1e-14));
  });
}

TEST_CASE("products of rotary embeddings depend on the distance alone") {
  const Tensor q = random64({1, 8}, 6), k = random64({1, 8}, 7);
  const auto product = [&](int64_t target, int64_t source) {
    const Tensor turned = rotary_embedding(k, {.offset = source}).value();
    return matmul(rotary_embedding(q, {.offset = target}).value(), transpose(turned, 0, 1)).item();
  };
  CHECK(product(9, 4) == Approx(product(105, 100)));
  CHECK(product(9, 4) != Approx(product(9, 5)));
}

TEST_CASE("a rotary embedding has right first and second derivatives") {
  const VariableFunction turn = [](const Variables& x) { return Variables{rotary_embedding(x[0], {.offset = 3})}; };
  for (const Shape& shape : {Shape{3, 4}, Shape{2, 1, 5, 2}, Shape{0, 3, 2}}) {
    const Variable x(random64(shape, 8), true);
    CHECK(gradcheck(turn, {x}).ok);
    CHECK(gradgradcheck(turn, {x}).ok);
  }
  CHECK(same_bits(rotary_embedding(test::strided(random64({3, 5, 4}, 9))).value(),
                  rotary_embedding(random64({3, 5, 4}, 9)).value()));
  CHECK_THROWS_AS(rotary_embedding(random64({3, 5}, 10)), ShapeError);
  CHECK_THROWS_AS(rotary_embedding(random_tensor({3, 4}, 10, DType::int64)), DTypeError);
}

TEST_CASE("ALiBi's slopes fall geometrically") {
  test::check_close(test::values(alibi_slopes(8)),
                    {1 / 2., 1 / 4., 1 / 8., 1 / 16., 1 / 32., 1 / 64., 1 / 128., 1 / 256.}, 0);
  test::check_close(test::values(alibi_slopes(1)), {1 / 256.}, 0);
  // Three heads: those of two, then the first of four.
  test::check_close(test::values(alibi_slopes(3, DType::float64)), {1 / 16., 1 / 256., 1 / 4.}, 0);
  // Twelve heads: those of eight, then the first, third, fifth and seventh of sixteen.
  const Tensor twelve = alibi_slopes(12, DType::float64);
  for (int64_t i = 0; i < 4; ++i) {
    CHECK(twelve.at({8 + i}) == Approx(std::pow(2.0, -0.5 - static_cast<double>(i))));
  }
  CHECK_THROWS_AS(alibi_slopes(0), ValueError);
}

TEST_CASE("ALiBi's biases fall with distance") {
  const Tensor bias = alibi_bias(2, 2, 4, 1, DType::float64);
  // Positions 1 and 2 against 0 … 3, with slopes 1/16 and 1/256.
  const std::vector<double> distances{1, 0, 1, 2, 2, 1, 0, 1};
  for (size_t i = 0; i < distances.size(); ++i) {
    CHECK(bias.data<double>()[i] == -distances[i] / 16);
    CHECK(bias.data<double>()[8 + i] == -distances[i] / 256);
  }
  MultiheadAttention layer(6, 3);
  const Variable x = random_tensor({2, 4, 6}, 11);
  const auto weights = [&](const Mask& mask) { return layer.forward(x, x, x, mask).weights.value(); };
  const Tensor all_heads = reshape(expand(alibi_bias(3, 4, 4), {2, 3, 4, 4}), {6, 4, 4});
  const Tensor causal = weights(Mask::added(alibi_bias(3, 4, 4)) | Mask::causal());
  CHECK(same_bits(causal, weights(Mask::added(all_heads) | Mask::causal())));
  CHECK_FALSE(same_bits(causal, weights(Mask::causal())));
}

TEST_CASE("relative attention computes equations 2 to 5 of its paper") {
  RelativeAttention layer(kSize, kFar);
  layer.to(DType::float64);
  const Tensor query = random64({2, 2, 4, kSize}, 12), key = random64({2, 2, 6, kSize}, 13);
  const Tensor value = random64({2, 2, 6, kSize}, 14), mask = random_tensor({4, 6}, 15, DType::boolean);
  const Tensor a_k = layer.state_dict()[0].second, a_v = layer.state_dict()[1].second;
  const AttentionResult result = layer.attend(query, key, value, mask, 1, {});
  const Variable &output = result.output, &weights = result.weights;
  const auto row = [](int64_t t, int64_t s) { return std::clamp<int64_t>(s - (t + 1), -kFar, kFar) + kFar; };
  test::for_each_index({2, 2, 4}, [&](const Shape& i) {
    std::vector<double> e(6);
    double total = 0;
    for (int64_t s = 0; s < 6; ++s) {
      for (int64_t d = 0; d < kSize; ++d) {
        e[static_cast<size_t>(s)] +=
            query.at({i[0], i[1], i[2], d}) * (key.at({i[0], i[1], s, d}) + a_k.at({row(i[2], s), d})) / std::sqrt(3.0);
      }
      e[static_cast<size_t>(s)] = mask.at({i[2], s}) != 0 ? 0 : std::exp(e[static_cast<size_t>(s)]);
      total += e[static_cast<size_t>(s)];
    }
    for (int64_t d = 0; d < kSize; ++d) {
      double z = 0;
      for (int64_t s = 0; s < 6; ++s) {
        z += e[static_cast<size_t>(s)] / total * (value.at({i[0], i[1], s, d}) + a_v.at({row(i[2], s), d}));
      }
      CHECK(output.value().at({i[0], i[1], i[2], d}) == Approx(z).margin(1e-13));
    }
    CHECK(weights.value().at({i[0], i[1], i[2], 5}) == Approx(e[5] / total).margin(1e-14));
  });
}

TEST_CASE("relative attention passes check_layer") {
  const auto make = [] { return std::make_unique<RelativeAttention>(3, 2); };
  const auto plain = [](RelativeAttention& layer, const Variables& x) {
    const auto result = layer.attend(x[0], x[1], x[2], {}, 0, {});
    return Variables{result.output, result.weights};
  };
  require_passed(
      check_layer(make, plain, {random64({2, 1, 5, 3}, 16), random64({2, 1, 4, 3}, 17), random64({2, 1, 4, 3}, 18)}));
  RelativeAttention layer(3, 1);
  layer.to(DType::float64);
  const Tensor hidden = random_tensor({3, 2}, 19, DType::boolean);
  const VariableFunction function = [&](const Variables& x) {
    const auto result = layer.attend(x[0], x[1], x[1], hidden, 0, {});
    return Variables{result.output, result.weights};
  };
  const Variables inputs{Variable(random64({1, 2, 3, 3}, 20), true), Variable(random64({1, 2, 2, 3}, 21), true)};
  CHECK(gradgradcheck(function, inputs).ok);
  CHECK(layer.attend(random64({1, 2, 0, 3}, 1), random64({1, 2, 2, 3}, 1), random64({1, 2, 2, 3}, 1), {}, 0, {})
            .output.shape() == Shape{1, 2, 0, 3});
  CHECK_THROWS_AS(layer.attend(inputs[0], inputs[1], inputs[0], {}, 0, {}), ShapeError);
  CHECK_THROWS_AS(RelativeAttention(0, 1), ValueError);
  CHECK_THROWS_AS(RelativeAttention(1, -1), ValueError);
}

TEST_CASE("relative attention keeps hidden keys out and gives the same bits with more of them") {
  RelativeAttention layer(4, 3);
  const Tensor query = random_tensor({3, 2, 5, 4}, 22), key = random_tensor({3, 2, 9, 4}, 23);
  const Tensor lengths = tensor<int64_t>({9, 0, 6});
  const auto run = [&](const Tensor& q, const Tensor& k, const Tensor& counts) {
    const Tensor hidden = reshape(padding_mask(counts, k.size(2)), {k.size(0), 1, 1, k.size(2)});
    return layer.attend(q, k, k, hidden, 0, {}).output.value();
  };
  const Tensor all = run(query, key, lengths);
  CHECK(max(abs(select(all, 0, 1))).item() == 0);
  Tensor broken = clone(key);
  Tensor past = narrow(select(broken, 0, 2), 1, 6, 3);
  fill_(past, std::nan(""));
  CHECK(same_bits(run(query, broken, lengths), all));
  const Tensor alone = run(narrow(query, 0, 2, 1), narrow(narrow(key, 0, 2, 1), 2, 0, 6), narrow(lengths, 0, 2, 1));
  CHECK(same_bits(alone, narrow(all, 0, 2, 1)));
}
