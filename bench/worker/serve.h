// A worker: a process of one library that does jobs on request, so that ours and a peer's can be timed in turn, each
// with thread settings of its own.
#pragma once

#include "worker/job.h"

namespace heed::bench {

/// Without arguments: answers requests, a line each, until the input ends. Answers start with "ok", or are "error"
/// and a reason.
///
///   make JOB …         makes the job that the others are about
///   run N R            N measurements of R runs each → milliseconds a run of each measurement
///   result             the results of the first and of the last run
///   memory             one run → MB at its peak, beyond what stood before it and what the job keeps; milliseconds
///   about              → which kernels the library chose, as text
///
/// All are refused, with the reason, where that would be kernels below what the processor has (blas.h).
/// With arguments N JOB …: runs the job N times after 5 to warm up and prints median, 10th percentile and results, for
/// profiling. Returns the exit code.
/// `makers` are asked in turn; `about` is what the library itself says of its kernels.
int serve(int argc, char** argv, const std::vector<MakeJob>& makers, const std::string& about = "");

}  // namespace heed::bench
