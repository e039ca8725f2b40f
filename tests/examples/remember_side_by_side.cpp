// Work side by side: that all of it is done, also where the system gives fewer threads than wanted.
#include "run/side_by_side.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>

#include "support/catch.h"
#include "support/sanitizers.h"

using namespace remember;

namespace {

bool all_is_done() {
  std::atomic<int> sum = 0;
  make_side_by_side(5, 3, [&](size_t number) { sum += 1 << number; });
  return sum == 31;
}

}  // namespace

TEST_CASE("what is made side by side is all made, also where the system gives no more threads") {
  CHECK(all_is_done());
  if (heed::test::kAddressSanitizer) {  // which needs files of its own
    return;
  }
  const pid_t child = fork();
  if (child == 0) {
    const rlimit none = {0, 0};
    const bool limited = setrlimit(RLIMIT_NPROC, &none) == 0 && (getuid() != 0 || setuid(65534) == 0);
    _exit(limited && all_is_done() ? 0 : 1);
  }
  int status = -1;
  REQUIRE(waitpid(child, &status, 0) == child);
  CHECK(status == 0);
}
