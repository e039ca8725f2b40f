// Measures costs: see cost.h.
#include "run/cost.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>
#include <vector>

#include <heed/tensor/create.h>
#include <heed/tensor/detail/rnn.h>
#include <heed/tensor/elementwise.h>
#include <heed/tensor/matmul.h>
#include <heed/tensor/random.h>
#include <heed/tensor/softmax.h>
#include <heed/tensor/storage.h>
#include <heed/tensor/view.h>

namespace remember {

namespace {

struct Measurement {
  double seconds = 0;
  int64_t bytes = 0;
};

Measurement measure(const std::function<heed::Tensor()>& pass, double least_seconds) {
  using Clock = std::chrono::steady_clock;
  const int64_t before = heed::allocator_stats().bytes_in_use;
  heed::reset_peak_bytes();
  pass();
  const int64_t most = heed::allocator_stats().peak_bytes_in_use;
  std::vector<double> seconds;
  double sum = 0;
  while (seconds.size() < 3 || (sum < least_seconds && seconds.size() < 10'000)) {
    const Clock::time_point begin = Clock::now();
    pass();
    seconds.push_back(std::chrono::duration<double>(Clock::now() - begin).count());
    sum += seconds.back();
  }
  const auto median = seconds.begin() + static_cast<std::ptrdiff_t>(seconds.size() / 2);
  std::nth_element(seconds.begin(), median, seconds.end());
  return {*median, most - before};
}

}  // namespace

Cost measure_cost(int64_t length, const CostOptions& options) {
  const int64_t size = options.size;
  heed::Generator generator(1);
  const auto random = [&](const heed::Shape& shape) { return heed::randn(shape, heed::DType::float32, generator); };
  const heed::Tensor query = random({length, size});
  const heed::Tensor key = random({length, size});
  const heed::Tensor value = random({length, size});
  const double scale = 1 / std::sqrt(static_cast<double>(size));
  const auto attend = [&] {
    const heed::Tensor scores = heed::matmul(query * scale, heed::transpose(key, 0, 1));
    return heed::matmul(heed::softmax(scores, -1), value);
  };
  const heed::Tensor input = random({length, 1, size});
  const heed::Tensor w_ih = random({4 * size, size}) * scale;
  const heed::Tensor w_hh = random({4 * size, size}) * scale;
  const auto recur = [&] {
    return heed::lstm_sequence(heed::linear(input, w_ih), w_hh, heed::Tensor(), heed::Tensor()).output;
  };
  const Measurement attention = measure(attend, options.least_seconds);
  const Measurement recurrent = measure(recur, options.least_seconds);
  return {length, length * length, attention.seconds, attention.bytes, recurrent.seconds, recurrent.bytes};
}

}  // namespace remember
