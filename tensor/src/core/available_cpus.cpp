// Processors by affinity and by quota: see available_cpus.h.
#include "core/available_cpus.h"

#include <algorithm>
#include <atomic>
#include <charconv>
#include <cstdint>
#include <fstream>
#include <sstream>
#include <vector>

#include "platform/processors.h"

namespace heed::detail {

namespace {

/// The file's words that are whole numbers; "max", which stands for no limit, ends them.
std::vector<int64_t> numbers_in(const std::string& path) {
  std::ifstream file(path);
  std::vector<int64_t> numbers;
  for (std::string word; file >> word;) {
    int64_t number = 0;
    const auto [end, fault] = std::from_chars(word.data(), word.data() + word.size(), number);
    if (fault != std::errc() || end != word.data() + word.size()) {
      break;
    }
    numbers.push_back(number);
  }
  return numbers;
}

/// Quota and period in microseconds, as cpu.max or the two files of version 1 have them. 0: no limit.
int quota_in(const std::string& folder) {
  std::vector<int64_t> both = numbers_in(folder + "/cpu.max");
  if (both.empty()) {
    both = numbers_in(folder + "/cpu.cfs_quota_us");
    const std::vector<int64_t> period = numbers_in(folder + "/cpu.cfs_period_us");
    both.insert(both.end(), period.begin(), period.end());
  }
  if (both.size() != 2 || both[0] <= 0 || both[1] <= 0) {
    return 0;
  }
  return static_cast<int>(std::min<int64_t>((both[0] - 1) / both[1] + 1, 1 << 20));
}

/// The least quota of the group and of those above it.
int least_quota(const std::string& mount, std::string group) {
  int least = 0;
  for (;;) {
    const int quota = quota_in(mount + group);
    if (quota > 0 && (least == 0 || quota < least)) {
      least = quota;
    }
    if (group.empty()) {
      return least;
    }
    group.erase(group.rfind('/'));
  }
}

bool has_word(const std::string& list, const std::string& word) {
  return (',' + list + ',').find(',' + word + ',') != std::string::npos;
}

}  // namespace

int cgroup_cpus(const std::string& root) {
  std::ifstream groups(root + "/proc/self/cgroup");
  int least = 0;
  // A line is NUMBER:CONTROLLERS:/GROUP; version 2 has number 0 and no controllers.
  for (std::string line; std::getline(groups, line);) {
    const size_t first = line.find(':'), second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos || line.find('/', second) != second + 1) {
      continue;
    }
    const std::string controllers = line.substr(first + 1, second - first - 1);
    const std::string group = second + 2 == line.size() ? "" : line.substr(second + 1);
    int quota = 0;
    if (controllers.empty()) {
      quota = least_quota(root + "/sys/fs/cgroup", group);
    } else if (has_word(controllers, "cpu")) {
      quota = least_quota(root + "/sys/fs/cgroup/cpu", group);
    }
    if (quota > 0 && (least == 0 || quota < least)) {
      least = quota;
    }
  }
  return least;
}

int available_cpus() {
  // No static with a guard: fork() could leave a half-made one behind in the child.
  static constinit std::atomic<int> known = 0;
  int count = known.load(std::memory_order_relaxed);
  if (count == 0) {
    const int affine = std::max(affine_processors(), 1), allowed = cgroup_cpus();
    count = allowed > 0 ? std::min(affine, allowed) : affine;
    known.store(count, std::memory_order_relaxed);
  }
  return count;
}

}  // namespace heed::detail
