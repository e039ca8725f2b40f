// plugin_host LIBRARY: a program that uses heed only through a library that it loads and unloads, several times over,
// also while its threads still spin; and a child of fork() after that. Says what went wrong.
#include <dlfcn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <iterator>
#include <thread>

namespace {

int fail(const char* what) {
  std::fprintf(stderr, "plugin_host: %s\n", what);
  return 1;
}

int64_t running_threads() {
  const std::filesystem::directory_iterator tasks("/proc/self/task");
  return std::distance(begin(tasks), end(tasks));
}

/// Whether there are no more than `count` threads, within a second: one that has been joined may still be listed.
bool threads_come_down_to(int64_t count) {
  for (int i = 0; i < 1000; ++i) {
    if (running_threads() <= count) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return false;
}

int use(const char* path, bool rest) {
  const int64_t before = running_threads();  // a sanitizer may have one of its own
  void* const library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return fail(dlerror());
  const auto sum = reinterpret_cast<int64_t (*)(int64_t)>(dlsym(library, "plugin_sum"));
  if (sum == nullptr) return fail(dlerror());
  if (sum(1000) != 500500) return fail("a wrong sum");
  if (rest) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  if (dlclose(library) != 0) return fail(dlerror());
  if (dlopen(path, RTLD_NOW | RTLD_NOLOAD) != nullptr) {
#ifdef HEED_MAY_STAY_LOADED
    return 0;
#else
    return fail("the library is still there, so that nothing is tested");
#endif
  }
  return threads_come_down_to(before) ? 0 : fail("threads of a library that is no longer there");
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) return fail("usage: plugin_host LIBRARY");
  alarm(60);
  for (int i = 0; i < 20; ++i) {
    if (use(arguments[1], i % 2 == 0) != 0) return 1;
  }
  const pid_t child = fork();
  if (child == 0) return use(arguments[1], false);
  int status = 0;
  if (waitpid(child, &status, 0) != child || status != 0) return fail("the child failed");
  return 0;
}
