// What tiled attention promises: exact, small, the same bits wherever a sequence stands and however many threads there
// are, and nothing from what is hidden.
#include <heed/tensor/detail/attention.h>

#include <cmath>
#include <limits>

#include <heed/tensor/detail/softmax.h>
#include <heed/tensor/elementwise.h>
#include <heed/tensor/error.h>
#include <heed/tensor/index.h>
#include <heed/tensor/matmul.h>
#include <heed/tensor/reduce.h>
#include <heed/tensor/softmax.h>

#include "support/reference.h"

namespace heed::test {
namespace {

const double kNaN = std::nan("");
const double kInfinity = std::numeric_limits<double>::infinity();

struct Inputs {
  Tensor query, key, value, grad;
};

Inputs random_inputs(int64_t batch, int64_t heads, int64_t targets, int64_t sources, int64_t size, int64_t value_size,
                     DType dtype = DType::float32) {
  return {random_tensor({batch, heads, targets, size}, 1, dtype),
          random_tensor({batch, heads, sources, size}, 2, dtype),
          random_tensor({batch, heads, sources, value_size}, 3, dtype),
          random_tensor({batch, heads, targets, value_size}, 4, dtype)};
}

/// {output, gradients of query, key and value}
std::vector<Tensor> everything(const Inputs& in, const TiledAttentionOptions& options) {
  const TiledAttention result = tiled_attention(in.query, in.key, in.value, options);
  const TiledAttentionGradients gradients =
      tiled_attention_backward(in.grad, result, in.query, in.key, in.value, options);
  return {result.output, gradients.query, gradients.key, gradients.value};
}

bool all_same(const std::vector<Tensor>& a, const std::vector<Tensor>& b) {
  for (size_t i = 0; i < a.size(); ++i) {
    if (!same_bits(a[i], b[i])) {
      return false;
    }
  }
  return true;
}

/// The same from matrix products and a softmax.
std::vector<Tensor> naive(const Inputs& in, double scale) {
  const Tensor weights = softmax(matmul(in.query, transpose(in.key, -2, -1)) * scale, -1);
  const Tensor slopes = softmax_backward(matmul(in.grad, transpose(in.value, -2, -1)), weights, -1) * scale;
  return {matmul(weights, in.value), matmul(slopes, in.key), matmul(transpose(slopes, -2, -1), in.query),
          matmul(transpose(weights, -2, -1), in.grad)};
}

Tensor key_padding(const std::vector<int64_t>& lengths, int64_t sources) {
  const Tensor mask = padding_mask(from_vector(lengths, {static_cast<int64_t>(lengths.size())}), sources);
  return reshape(mask, {mask.size(0), 1, 1, sources});
}

}  // namespace

TEST_CASE("tiled attention in float32 errs at most twice as much as the naive one") {
  for (const int64_t length : {17, 300, 700}) {
    const Inputs in = random_inputs(1, 2, length, length, 64, 64);
    const Inputs exact{to(in.query, DType::float64), to(in.key, DType::float64), to(in.value, DType::float64),
                       to(in.grad, DType::float64)};
    const std::vector<Tensor> want = naive(exact, 0.125), plain = naive(in, 0.125);
    const std::vector<Tensor> got = everything(in, {.scale = 0.125});
    for (size_t i = 0; i < want.size(); ++i) {
      const auto error = [&](const Tensor& x) { return max(abs(to(x, DType::float64) - want[i])).item(); };
      const auto mean_error = [&](const Tensor& x) { return mean(abs(to(x, DType::float64) - want[i])).item(); };
      CAPTURE(length, i, error(got[i]), error(plain[i]));
      CHECK(error(got[i]) <= 2 * error(plain[i]));
      CHECK(mean_error(got[i]) <= 2 * mean_error(plain[i]));
    }
  }
}

TEST_CASE("tiled attention gives the same bits at any number of threads") {
  const int before = num_threads();
  for (const int64_t heads : {1, 3}) {
    const Inputs in = random_inputs(1, heads, 450, 500, 16, 20);
    const TiledAttentionOptions options{.scale = 0.3, .is_causal = heads == 3, .dropout = 0.1};
    set_num_threads(1);
    const std::vector<Tensor> alone = everything(in, options);
    for (const int threads : {2, 3, 5}) {
      set_num_threads(threads);
      CHECK(all_same(everything(in, options), alone));
    }
  }
  set_num_threads(before);
}

TEST_CASE("a sequence attends to the same bits alone, padded with NaN, and in a batch") {
  const std::vector<int64_t> lengths{300, 7, 260, 1};
  const int64_t steps = 300;
  Inputs batch = random_inputs(4, 2, steps, steps, 16, 16);
  for (Tensor* each : {&batch.query, &batch.key, &batch.value, &batch.grad}) {
    for (int64_t b = 0; b < 4; ++b) {
      Tensor past = slice(select(*each, 0, b), 1, lengths[static_cast<size_t>(b)], steps);
      // A loss does not look at what comes out behind an end.
      fill_(past, each == &batch.grad ? 0 : each == &batch.query ? 1 : kNaN);
    }
  }
  for (const bool causal : {false, true}) {
    const std::vector<Tensor> all =
        everything(batch, {.hidden = key_padding(lengths, steps), .scale = 0.25, .is_causal = causal});
    for (int64_t b = 0; b < 4; ++b) {
      const int64_t length = lengths[static_cast<size_t>(b)];
      const auto own = [&](const Tensor& x) { return narrow(narrow(x, 0, b, 1), 2, 0, length); };
      const Inputs alone{own(batch.query), own(batch.key), own(batch.value), own(batch.grad)};
      const std::vector<Tensor> want = everything(alone, {.scale = 0.25, .is_causal = causal});
      for (size_t i = 0; i < want.size(); ++i) {
        CAPTURE(b, i, causal);
        CHECK(same_bits(own(all[i]), want[i]));
        if (i >= 2) {
          CHECK(sum(abs(slice(select(all[i], 0, b), 1, length, steps))).item() == 0);
        }
      }
    }
  }
}

TEST_CASE("tiled attention reads views as it reads rows without gaps, and lays its results out as its inputs are") {
  const Inputs in = random_inputs(2, 3, 40, 270, 16, 8);
  const std::vector<Tensor> want = everything(in, {});
  const Inputs gaps{strided(in.query), strided(in.key), strided(in.value), strided(in.grad)};
  CHECK(all_same(everything(gaps, {}), want));
  const auto heads_inside = [](const Tensor& x) { return transpose(contiguous(transpose(x, 1, 2)), 1, 2); };
  const Inputs inside{heads_inside(in.query), heads_inside(in.key), heads_inside(in.value), heads_inside(in.grad)};
  const std::vector<Tensor> got = everything(inside, {});
  CHECK(all_same(got, want));
  for (const Tensor& each : got) {
    CHECK(transpose(each, 1, 2).is_contiguous());
  }
}

TEST_CASE("masks and what is added broadcast, and hide alike") {
  const Inputs in = random_inputs(2, 3, 9, 11, 4, 4, DType::float64);
  const Tensor mask = random_tensor({2, 1, 9, 11}, 5, DType::boolean);
  const Tensor added = masked_fill(zeros(mask.shape(), DType::float64), mask, -kInfinity);
  const std::vector<Tensor> want = everything(in, {.hidden = expand(mask, {2, 3, 9, 11})});
  CHECK(all_same(everything(in, {.hidden = mask}), want));
  CHECK(all_same(everything(in, {.added = added}), want));
  CHECK(all_same(everything(in, {.hidden = causal_mask(9, 11)}), everything(in, {.is_causal = true})));
  const Tensor column = random_tensor({9, 1}, 6, DType::boolean);
  CHECK(all_same(everything(in, {.hidden = column}), everything(in, {.hidden = expand(column, {9, 11})})));
}

TEST_CASE("a target that may see nothing gives zeros, and its gradients are zeros, whatever comes back to it") {
  Inputs in = random_inputs(1, 2, 5, 6, 4, 4);
  Tensor mask = zeros({5, 6}, DType::boolean), row = select(mask, 0, 2), lost = select(in.grad, 2, 2);
  fill_(row, 1);
  fill_(lost, kNaN);
  const std::vector<Tensor> got = everything(in, {.hidden = mask});
  CHECK(same_bits(select(got[0], 2, 2), zeros({1, 2, 4})));
  CHECK(same_bits(abs(select(got[1], 2, 2)), zeros({1, 2, 4})));
  for (const Tensor& each : got) {
    CHECK(all_finite(each));
  }
  const std::vector<Tensor> nothing = everything(in, {.hidden = ones({6}, DType::boolean)});
  for (const Tensor& each : nothing) {
    CHECK(sum(abs(each)).item() == 0);
  }
}

TEST_CASE("what is not finite, or huge, reaches those that may see it and no others") {
  const Inputs clean = random_inputs(1, 1, 6, 6, 4, 4, DType::float64);
  const std::vector<Tensor> want = everything(clean, {.is_causal = true});
  for (const double bad : {kNaN, kInfinity, 1e308}) {
    for (const int place : {0, 1, 2}) {
      Inputs in{clone(clean.query), clone(clean.key), clone(clean.value), clean.grad};
      Tensor& broken = place == 0 ? in.query : place == 1 ? in.key : in.value;
      Tensor last = narrow(narrow(broken, 2, 4, 1), 3, 1, 1);
      fill_(last, bad);
      const std::vector<Tensor> got = everything(in, {.is_causal = true});
      CAPTURE(bad, place);
      // The fifth is seen from the fifth target on.
      CHECK(same_bits(narrow(got[0], 2, 0, 4), narrow(want[0], 2, 0, 4)));
      CHECK(same_bits(narrow(got[1], 2, 0, 4), narrow(want[1], 2, 0, 4)));
      // A broken query compares itself with the keys it sees.
      CHECK((place > 0 || all_finite(narrow(got[2], 2, 5, 1))));
      CHECK((bad == 1e308 || !all_finite(narrow(got[0], 2, 4, 1))));
    }
  }
}

TEST_CASE("attention drops the weights that bernoulli would drop") {
  const Inputs in = random_inputs(2, 2, 9, 13, 4, 4, DType::float64);
  Generator generator(7, 3);
  generator.set_state({7, 3, 11});
  const TiledAttentionOptions options{.dropout = 0.3, .random = generator.state()};
  const Tensor factors = to(bernoulli({2, 2, 9, 13}, 0.7, generator), DType::float64) / 0.7;
  const Tensor weights = softmax(matmul(in.query, transpose(in.key, -2, -1)), -1);
  const Tensor want = matmul(weights * factors, in.value);
  CHECK(max(abs(tiled_attention(in.query, in.key, in.value, options).output - want)).item() < 1e-13);
  const TiledAttentionOptions all{.dropout = 1};
  for (const Tensor& each : everything(in, all)) {
    CHECK(sum(abs(each)).item() == 0);
  }
}

TEST_CASE("tiled attention of nothing is empty or zero") {
  CHECK(tiled_attention(zeros({2, 0, 4}), zeros({2, 3, 4}), zeros({2, 3, 5})).output.shape() == Shape{2, 0, 5});
  CHECK(same_bits(tiled_attention(ones({2, 3, 4}), ones({2, 0, 4}), ones({2, 0, 5})).output, zeros({2, 3, 5})));
  CHECK(same_bits(tiled_attention(ones({3, 0}), ones({2, 0}), ones({2, 2})).output, ones({3, 2})));
  CHECK(tiled_attention(ones({0, 3, 4}), ones({0, 2, 4}), ones({0, 2, 0})).output.shape() == Shape{0, 3, 0});
  const std::vector<Tensor> none = everything({ones({3, 4}), ones({0, 4}), ones({0, 5}), ones({3, 5})}, {});
  CHECK(same_bits(none[1], zeros({3, 4})));
  CHECK(none[2].shape() == Shape{0, 4});
}

TEST_CASE("the memory of tiled attention does not grow with the square of the length") {
  const int before = num_threads();
  set_num_threads(1);
  // 100,000 on one side at a time, or this would take long.
  for (const bool long_targets : {false, true}) {
    const Inputs in = random_inputs(1, 1, long_targets ? 100000 : 64, long_targets ? 64 : 100000, 8, 8);
    const int64_t inputs = allocator_stats().bytes_in_use;
    reset_peak_bytes();
    int64_t results = 0;
    for (const Tensor& each : everything(in, {})) {
      results += each.storage().bytes();
    }
    const int64_t beyond = allocator_stats().peak_bytes_in_use - inputs - results;
    CAPTURE(long_targets, beyond);
    CHECK(beyond < (int64_t{4} << 20));
  }
  set_num_threads(before);
}

TEST_CASE("tiled attention refuses what does not fit") {
  const Tensor x = zeros({2, 3, 4});
  CHECK_THROWS_AS(tiled_attention(x, zeros({2, 3, 5}), x), ShapeError);
  CHECK_THROWS_AS(tiled_attention(x, x, zeros({2, 4, 4})), ShapeError);
  CHECK_THROWS_AS(tiled_attention(x, zeros({3, 3, 4}), x), ShapeError);
  CHECK_THROWS_AS(tiled_attention(zeros({4}), x, x), ShapeError);
  CHECK_THROWS_AS(tiled_attention(x, x, zeros({2, 3, 4}, DType::float64)), DTypeError);
  CHECK_THROWS_AS(tiled_attention(x, x, x, {.hidden = zeros({3, 3})}), DTypeError);
  CHECK_THROWS_AS(tiled_attention(x, x, x, {.hidden = zeros({3, 2}, DType::boolean)}), ShapeError);
  CHECK_THROWS_AS(tiled_attention(x, x, x, {.added = zeros({3, 3}, DType::float64)}), DTypeError);
  CHECK_THROWS_AS(tiled_attention(x, x, x, {.dropout = 1.5}), ValueError);
}

}  // namespace heed::test
