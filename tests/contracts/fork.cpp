// What a process made by fork() can do, whatever its parent's threads were doing.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include <heed/nn/core/linear.h>
#include <heed/nn/core/recorder.h>
#include <heed/nn/data/data_loader.h>
#include <heed/tensor/error.h>
#include <heed/tensor/matmul.h>
#include <heed/tensor/parallel.h>
#include "contracts/training_run.h"
#include "support/message.h"
#include "support/reference.h"
#include "support/sanitizers.h"

#if defined(__SANITIZE_THREAD__)
// It refuses threads in such a process unless told otherwise.
extern "C" const char* __tsan_default_options() { return "die_after_fork=0"; }
constexpr bool kThreadSanitizer = true;
#else
constexpr bool kThreadSanitizer = false;
#endif

namespace heed::test {
namespace {

constexpr unsigned kMostSeconds = 60;

/// 0 when the child is right, a signal's number above 128 when one ends it.
int ending_of(pid_t child) {
  int status = 0;
  if (waitpid(child, &status, 0) != child) {
    return -1;
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/// In a child: it is to end by itself.
void end_in_time() {
  std::signal(SIGALRM, SIG_DFL);
  alarm(kMostSeconds);
}

/// How a child of this process ends that does `work` and says whether that is right.
int ending_of_child(const std::function<bool()>& work) {
  const pid_t child = fork();
  if (child == 0) {
    end_in_time();
    bool is_right = false;
    try {
      is_right = work();
    } catch (...) {
    }
    _exit(is_right ? 0 : 1);
  }
  return ending_of(child);
}

bool same(const std::vector<Variable>& actual, const std::vector<Tensor>& expected) {
  bool all = actual.size() == expected.size();
  for (size_t i = 0; all && i < actual.size(); ++i) {
    all = same_bits(actual[i].value(), expected[i]);
  }
  return all;
}

/// (96, 80) times its own transpose, large enough to be divided among threads.
Tensor product() {
  const Tensor x = random_tensor({96, 80}, 7);
  return matmul(x, transpose(x, 0, 1));
}

}  // namespace

TEST_CASE("a child of a process that has trained on two threads trains the next steps with the same bits") {
  const Threads threads(2);
  seed_default_generator(8);
  TrainingRun expected(48);
  expected.run_to(6);
  std::vector<Tensor> parameters;
  for (const Variable& parameter : expected.model().parameters()) {
    parameters.push_back(clone(parameter.value()));
  }
  seed_default_generator(8);
  TrainingRun training(48);
  training.run_to(4);
  const auto go_on = [&] {
    training.run_to(6);
    return same(training.model().parameters(), parameters);
  };
  CHECK(ending_of_child(go_on) == 0);
  CHECK(ending_of_child([&] { return ending_of_child(go_on) == 0; }) == 0);  // and a child's child
  CHECK(go_on());
}

TEST_CASE("a child forked while other threads compute and allocate can compute and allocate") {
  if (test::kAddressSanitizer) {  // whose own allocator of g++ 12 does not survive a fork while it is locked
    return;
  }
  const Threads threads(2);
  const Tensor expected = product();
  std::atomic<bool> is_over = false;
  std::vector<std::thread> others;
  for (int i = 0; i < 3; ++i) {
    others.emplace_back([&is_over, i] {
      for (int64_t size = 1; !is_over; size = size % 5000 + 1) {
        const Tensor block = zeros({size + i});
        product();
      }
    });
  }
  int wrong = 0;
  for (int i = 0; i < 40; ++i) {
    wrong += ending_of_child([&] { return same_bits(product(), expected); }) == 0 ? 0 : 1;
  }
  is_over = true;
  for (std::thread& other : others) {
    other.join();
  }
  CHECK(wrong == 0);
}

TEST_CASE("a child forked while other threads call hooks can look inside a model") {
  if (test::kAddressSanitizer) {
    return;
  }
  const Linear layer(2, 2);
  const Variable x(ones({1, 2}));
  std::atomic<bool> is_over = false;
  std::vector<std::thread> others;
  for (int i = 0; i < 3; ++i) {
    others.emplace_back([&] {
      while (!is_over) {
        const Recorder recorder(layer);
        layer.forward(x);
      }
    });
  }
  int wrong = 0;
  for (int i = 0; i < 100 && wrong == 0; ++i) {
    wrong += ending_of_child([&] {
               const Recorder recorder(layer);
               layer.forward(x);
               return recorder.contains("output");
             }) == 0
                 ? 0
                 : 1;
  }
  is_over = true;
  for (std::thread& other : others) {
    other.join();
  }
  CHECK(wrong == 0);
}

TEST_CASE("a child takes the next batches of a loader that its parent has made ahead, and so does the parent") {
  const std::vector<int64_t> examples{3, 1, 4, 1, 5, 9, 2};
  DataLoader loader(Dataset<int64_t>(examples), {.batch_size = 2, .shuffle = true, .prefetch = 2});
  DataLoader expected(Dataset<int64_t>(examples), {.batch_size = 2, .shuffle = true});
  CHECK(loader.next() == expected.next());
  std::vector<std::vector<int64_t>> batches;
  for (int i = 0; i < 9; ++i) {
    batches.push_back(expected.next());
  }
  const auto goes_on = [&] {
    return std::all_of(batches.begin(), batches.end(), [&](const auto& batch) { return loader.next() == batch; });
  };
  CHECK(ending_of_child(goes_on) == 0);
  CHECK(goes_on());
  auto dropped = std::make_unique<DataLoader<int64_t>>(Dataset<int64_t>(examples), DataLoaderOptions{.prefetch = 1});
  dropped->next();
  CHECK(ending_of_child([&] {
          dropped.reset();
          return true;
        }) == 0);
}

TEST_CASE("where the system gives no more threads a loop goes on without, and a loader says that it needs one") {
  if (kAddressSanitizer || kThreadSanitizer) {  // which need threads and files of their own
    return;
  }
  const std::vector<int64_t> examples{3, 1, 4};
  const Tensor expected = product();
  CHECK(ending_of_child([&] {
          const rlimit none = {0, 0};
          if (setrlimit(RLIMIT_NPROC, &none) != 0 || (getuid() == 0 && setuid(65534) != 0)) {
            return false;
          }
          const Threads threads(4);
          DataLoader loader(Dataset<int64_t>(examples), {.prefetch = 2});
          return same_bits(product(), expected) &&
                 message_of<Error>([&] { loader.next(); }) ==
                     "DataLoader: must be given a thread by the system, got: Resource temporarily unavailable";
        }) == 0);
}

TEST_CASE("a child forked inside a parallel loop can compute, and is refused the rest of the loop") {
  const Threads threads(2);
  const Tensor expected = product();
  const std::thread::id caller = std::this_thread::get_id();
  std::atomic<int> inside = -1, after = -1;
  parallel_for(0, 2, 1, [&](int64_t begin, int64_t) {
    if (begin == 0) {
      inside = ending_of_child([&] { return same_bits(product(), expected); });
    }
  });
  CHECK(inside == 0);
  // The second part holds the loop open until the first has forked, if that is the caller's.
  const pid_t parent = getpid();
  const auto loop = [&] {
    std::atomic<bool> helper_came = false, forked = false;
    parallel_for(0, 2, 1, [&](int64_t, int64_t) {
      if (std::this_thread::get_id() != caller) {
        helper_came = true;
        while (!forked) std::this_thread::yield();
        return;
      }
      for (int i = 0; i < 2000 && !helper_came; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(1));
      const pid_t child = helper_came ? fork() : -1;
      if (child == 0) {
        end_in_time();
        return;
      }
      if (child > 0) after = ending_of(child);
      forked = true;
    });
  };
  bool is_refused = false;
  try {
    loop();
  } catch (const Error&) {
    is_refused = true;
  }
  if (getpid() != parent) {
    _exit(is_refused ? 0 : 1);
  }
  CHECK(after <= 0);  // -1: no helper came
  CHECK_FALSE(is_refused);
}

TEST_CASE("a child forked on a helper's thread ends where it leaves its part, and begins no other") {
  const Threads threads(4);
  const pid_t parent = getpid();
  const std::thread::id caller = std::this_thread::get_id();
  std::fflush(stdout);  // what the child would write again
  std::vector<int> endings;
  for (int i = 0; i < 20; ++i) {
    std::atomic<int> helpers = 0;
    std::atomic<bool> forked = false;
    parallel_for(0, 4, 1, [&](int64_t, int64_t) {
      if (getpid() != parent) _exit(3);
      if (std::this_thread::get_id() == caller) {
        for (int k = 0; k < 2000 && !forked; ++k) std::this_thread::sleep_for(std::chrono::milliseconds(1));
      } else if (helpers++ == 0) {
        const pid_t child = fork();
        if (child == 0) {
          end_in_time();
          fail("body", "an error of the child's own");
        }
        endings.push_back(ending_of(child));
        forked = true;
      }
    });
  }
  CHECK(!endings.empty());
  CHECK(std::count(endings.begin(), endings.end(), 3) == 0);
  if (!kAddressSanitizer && !kThreadSanitizer) {  // which miss what the parent's other threads have
    CHECK(endings == std::vector<int>(endings.size(), 0));
  }
}

}  // namespace heed::test
