// The reports of train and compare, made from the files in their folders.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "report/report.h"
#include "run/run_result.h"
#include "run/score.h"

namespace remember {

inline constexpr const char* kReportFile = "report.html";

/// The options that are the same in all runs and have an effect, named as in results.json: "training / steps".
std::vector<std::pair<std::string, std::string>> common_settings(const std::vector<RunOptions>& runs);

/// The report of a comparison in `folder`: one table per task, accuracy by length, learning curves, and maps made with
/// the best checkpoint of each model's first seed. The introduction says what was tested in part. The caller may add to
/// it. Throws heed::FileError.
Report comparison_report(const std::string& title, const std::vector<RunResult>& results, const std::string& folder);

/// The report of one training run in `folder`. `score`: of the best checkpoint on the held-out sources.
Report training_report(const RunOptions& options, const Score& score, const std::string& folder);

/// Writes report.html in `folder`; returns its path. Throws heed::FileError.
std::string write_report(const Report& report, const std::string& folder);

}  // namespace remember
