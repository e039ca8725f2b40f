// Prints num_threads(), for thread_count.sh.
#include <heed/tensor/error.h>
#include <heed/tensor/parallel.h>

#include <cstdio>

int main() {
  try {
    std::printf("%d\n", heed::num_threads());
    return 0;
  } catch (const heed::Error& error) {
    std::printf("%s\n", error.what());
    return 1;
  }
}
