// Linux has affinity masks; elsewhere all processors count.
#include "platform/processors.h"

#include <cstddef>
#include <thread>

#ifdef __linux__
#include <sched.h>
#endif

namespace heed::detail {

int affine_processors() {
#ifdef __linux__
  for (int most = 1024; most <= 1 << 20; most *= 2) {  // more than the kernel knows are refused, and so are fewer
    cpu_set_t* const set = CPU_ALLOC(most);
    const size_t bytes = CPU_ALLOC_SIZE(most);
    const bool known = set != nullptr && sched_getaffinity(0, bytes, set) == 0;
    const int count = known ? CPU_COUNT_S(bytes, set) : 0;
    CPU_FREE(set);
    if (known) {
      return count;
    }
  }
#endif
  return static_cast<int>(std::thread::hardware_concurrency());
}

int current_processor() {
#ifdef __linux__
  return sched_getcpu();
#else
  return -1;
#endif
}

}  // namespace heed::detail
