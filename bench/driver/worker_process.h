// WorkerProcess: the other end of worker/serve.h: starts a worker and puts requests to it.
#pragma once

#include <sys/types.h>

#include <cstdio>
#include <string>
#include <utility>
#include <vector>

namespace heed::bench {

/// Variables added to the environment.
using Environment = std::vector<std::pair<std::string, std::string>>;

class WorkerProcess {
 public:
  /// Starts `program`, which stands in this program's own folder. Throws std::runtime_error.
  WorkerProcess(const std::string& program, const Environment& environment);
  ~WorkerProcess();
  WorkerProcess(const WorkerProcess&) = delete;
  WorkerProcess& operator=(const WorkerProcess&) = delete;

  /// The numbers of the answer. Throws std::runtime_error with the worker's reason, or when it has died.
  std::vector<double> ask(const std::string& request);
  /// Which kernels its library chose; empty where there is nothing to say. Throws as ask() does.
  std::string about();

 private:
  std::string answer(const std::string& request);

  std::string program_;
  pid_t process_ = -1;
  std::FILE* requests_ = nullptr;
  std::FILE* answers_ = nullptr;
};

/// Whether that worker was built.
bool has_worker(const std::string& program);

}  // namespace heed::bench
