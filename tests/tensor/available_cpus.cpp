// What a container's quota leaves of the machine. The files are those of the kernel's documentation.
#include "core/available_cpus.h"

#include <filesystem>
#include <fstream>

#ifdef __linux__
#include <sched.h>
#endif

#include "support/catch.h"
#include "support/temporary_folder.h"

namespace heed::test {
namespace {

void write(const std::string& path, const std::string& text) {
  std::filesystem::create_directories(std::filesystem::path(path).parent_path());
  std::ofstream(path) << text;
}

}  // namespace

TEST_CASE("a control group's quota, or one above it, limits the processors") {
  const TemporaryFolder folder;
  const std::string root = folder.path(), group = root + "/sys/fs/cgroup";
  CHECK(detail::cgroup_cpus(root) == 0);
  write(root + "/proc/self/cgroup", "0::/a/b\n");
  CHECK(detail::cgroup_cpus(root) == 0);
  write(group + "/a/b/cpu.max", "max 100000\n");
  CHECK(detail::cgroup_cpus(root) == 0);
  write(group + "/a/cpu.max", "350000 100000\n");
  CHECK(detail::cgroup_cpus(root) == 4);
  write(group + "/a/b/cpu.max", "150000 100000\n");
  CHECK(detail::cgroup_cpus(root) == 2);
  write(group + "/cpu.max", "10000 100000\n");
  CHECK(detail::cgroup_cpus(root) == 1);
}

TEST_CASE("the quota of a container that sees its own group as the root counts") {
  const TemporaryFolder folder;
  const std::string root = folder.path();
  write(root + "/proc/self/cgroup", "0::/\n");
  write(root + "/sys/fs/cgroup/cpu.max", "200000 100000\n");
  CHECK(detail::cgroup_cpus(root) == 2);
}

TEST_CASE("control groups of version 1 count, in the group of the controller cpu") {
  const TemporaryFolder folder;
  const std::string root = folder.path(), group = root + "/sys/fs/cgroup";
  write(root + "/proc/self/cgroup", "5:cpuset:/x\n4:cpu,cpuacct:/docker/1\n3:cpuacct:/docker/1\n");
  write(group + "/cpu/docker/1/cpu.cfs_quota_us", "-1\n");
  write(group + "/cpu/docker/1/cpu.cfs_period_us", "100000\n");
  CHECK(detail::cgroup_cpus(root) == 0);
  write(group + "/cpu/docker/1/cpu.cfs_quota_us", "300000\n");
  CHECK(detail::cgroup_cpus(root) == 3);
}

TEST_CASE("files that are something else are no limit") {
  const TemporaryFolder folder;
  const std::string root = folder.path();
  for (const std::string groups : {"", "0", "0::", "::\n\n", "0::a/b\n"}) {
    write(root + "/proc/self/cgroup", groups);
    CHECK(detail::cgroup_cpus(root) == 0);
  }
  write(root + "/proc/self/cgroup", "0::/\n");
  for (const std::string quota : {"", "0 0", "-5 100000", "abc 100000", "100000"}) {
    write(root + "/sys/fs/cgroup/cpu.max", quota);
    CHECK(detail::cgroup_cpus(root) == 0);
  }
}

}  // namespace heed::test
