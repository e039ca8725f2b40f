// A library that computes with heed on several threads; plugin_host.cpp loads it and unloads it.
#include <heed/tensor/parallel.h>

#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

/// 1 + … + n, by two threads.
extern "C" int64_t plugin_sum(int64_t n) {
  heed::set_num_threads(2);
  std::vector<int64_t> values(static_cast<std::size_t>(n));
  heed::parallel_for(0, n, 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) values[static_cast<std::size_t>(i)] = i + 1;
  });
  return std::accumulate(values.begin(), values.end(), int64_t{0});
}
