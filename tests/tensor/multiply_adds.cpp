// The count of multiply-adds against naive ones.
#include <heed/tensor/multiply_adds.h>

#include <functional>
#include <thread>

#include <heed/tensor/create.h>
#include <heed/tensor/detail/attention.h>
#include <heed/tensor/detail/attention_lstm.h>
#include <heed/tensor/detail/rnn.h>
#include <heed/tensor/elementwise.h>
#include <heed/tensor/matmul.h>
#include <heed/tensor/parallel.h>

#include "support/catch.h"

using namespace heed;

namespace {

int64_t counted(const std::function<void()>& work) {
  const int64_t before = multiply_adds();
  work();
  return multiply_adds() - before;
}

}  // namespace

TEST_CASE("the multiply-adds of a product are those of three nested loops") {
  int64_t naive = 0;
  for (int64_t i = 0; i < 3; ++i) {
    for (int64_t j = 0; j < 5; ++j) {
      for (int64_t k = 0; k < 4; ++k) {
        ++naive;
      }
    }
  }
  CHECK(counted([] { matmul(ones({3, 4}), ones({4, 5})); }) == naive);
  CHECK(counted([] { matmul(ones({2, 1, 3, 4}), ones({7, 4, 5})); }) == 2 * 7 * naive);
  CHECK(counted([] { linear(ones({3, 4}), ones({5, 4})); }) == naive);
  CHECK(counted([] { matmul(ones({0, 4}), ones({4, 5})); }) == 0);
  CHECK(counted([] { ones({3, 4}) * ones({3, 4}); }) == 0);
}

TEST_CASE("a recurrence's multiply-adds are those with its weights, forward, backward and for their gradient") {
  constexpr int64_t T = 6, B = 3, H = 4;
  const Tensor w = full({4 * H, H}, 0.1F);
  LSTMSequence forward;
  CHECK(counted([&] { forward = lstm_sequence(ones({T, B, 4 * H}), w, Tensor(), Tensor()); }) == T * B * 4 * H * H);
  CHECK(counted([&] {
          lstm_sequence_backward(ones({T, B, H}), Tensor(), Tensor(), forward, w, Tensor(), Tensor());
        }) == 2 * T * B * 4 * H * H);
}

TEST_CASE("an attending LSTM counts its scores, contexts and the products with its four weights") {
  constexpr int64_t T = 6, B = 3, H = 4, S = 5, M = 7, A = 2;
  const AttentionLSTMInputs inputs{.gate_inputs = ones({T, B, 4 * H}),
                                   .memory = ones({B, S, M}),
                                   .keys = ones({B, S, A}),
                                   .mask = Tensor(),
                                   .h0 = Tensor(),
                                   .c0 = Tensor(),
                                   .w_hh = ones({4 * H, H}),
                                   .w_context = ones({4 * H, M}),
                                   .w_query = ones({A, H}),
                                   .direction = ones({A})};
  const int64_t steps = T * B * (4 * H * H + 4 * H * M + A * H + S * A + S * M);
  AttentionLSTMSequence forward;
  CHECK(counted([&] { forward = attention_lstm_sequence(inputs); }) == steps);
  // backward the same in the steps, and one product each for w_hh, w_context, w_query and the memory
  CHECK(counted([&] {
          attention_lstm_sequence_backward({.output = ones({T, B, H}), .context = {}, .weights = {}, .h = {}, .c = {}},
                                           forward, inputs);
        }) == steps + T * B * (4 * H * H + 4 * H * M + A * H + S * M));
}

TEST_CASE("fused attention counts two products forward and five backward, on any number of threads") {
  constexpr int64_t N = 2, T = 70, S = 90, D = 8, V = 6;
  const Tensor query = ones({N, T, D}), key = ones({N, S, D}), value = ones({N, S, V});
  const int threads = num_threads();
  for (const int count : {1, 4}) {
    set_num_threads(count);
    TiledAttention forward;
    CHECK(counted([&] { forward = tiled_attention(query, key, value, {}); }) == N * T * S * (D + V));
    CHECK(counted([&] {
            tiled_attention_backward(ones({N, T, V}), forward, query, key, value, {}, {});
          }) == N * T * S * (3 * D + 2 * V));
  }
  set_num_threads(threads);
}

TEST_CASE("every thread counts what it started, wherever it ran") {
  const int64_t here = counted([] {
    std::thread other([] { CHECK(counted([] { matmul(ones({3, 4}), ones({4, 5})); }) == 60); });
    other.join();
  });
  CHECK(here == 0);
  const int threads = num_threads();
  set_num_threads(4);
  CHECK(counted([] { matmul(ones({500, 40}), ones({40, 300})); }) == 500 * 40 * 300);
  set_num_threads(threads);
}
