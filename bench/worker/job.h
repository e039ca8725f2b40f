// Job: a piece of work that is timed. A worker (serve.h) makes jobs by name; ours and a peer's have the same names.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace heed::bench {

class Job {
 public:
  Job() = default;
  Job(const Job&) = delete;
  Job& operator=(const Job&) = delete;
  virtual ~Job() = default;

  /// Before each measurement and outside its time: draws a fresh batch.
  virtual void prepare() {}
  virtual void run() = 0;
  /// A number of the last run that must be the peer's too: a loss, a sum.
  virtual double result() const = 0;
  /// Bytes of outputs and gradients that a run leaves behind.
  virtual int64_t kept_bytes() const { return 0; }
};

using Words = std::vector<std::string>;
/// A job from its description, such as `steps W1 32 10 64 16`; null for one that this worker does not know.
using MakeJob = std::function<std::unique_ptr<Job>(const Words& description)>;

/// A word as a whole number. Throws std::invalid_argument.
int64_t number_of(const std::string& word);

}  // namespace heed::bench
