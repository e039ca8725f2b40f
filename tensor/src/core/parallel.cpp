// parallel_for: a region, its workers, and the caller, which starts with the first part.
#include <heed/tensor/parallel.h>

#include <algorithm>

#include "core/region.h"
#include "core/workers.h"

namespace heed::detail {

void run_parallel(int64_t begin, int64_t end, int64_t grain, RangeFunction run, void* body) {
  const int64_t total = end - begin;
  const int64_t most = (total + std::max<int64_t>(grain, 1) - 1) / std::max<int64_t>(grain, 1);
  const int64_t parts = std::min<int64_t>(num_threads(), most);
  bool& inside = inside_region();
  if (parts <= 1 || inside) {
    run(body, begin, end);
    return;
  }
  Region region(begin, end, parts, run, body);
  Helpers helpers(region);
  inside = true;
  region.work(0);
  inside = false;
  helpers.finish();
  region.rethrow();
}

}  // namespace heed::detail
