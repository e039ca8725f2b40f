// How many processors this process may use.
#pragma once

#include <string>

namespace heed::detail {

/// Processors on which the scheduler may put this process (its affinity mask), but not more than its control group may
/// use at a time (a container's quota, rounded up); at least 1. Looked up once.
int available_cpus();

/// What the control groups of this process allow, versions 1 and 2; 0 for no limit. `root` stands before /proc and
/// /sys.
int cgroup_cpus(const std::string& root = "");

}  // namespace heed::detail
