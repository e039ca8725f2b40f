// How much models of several sizes remember: as table, CSV, JSON, figures and report.
#pragma once

#include <string>
#include <vector>

#include "report/report.h"
#include "run/capacity.h"

namespace remember {

// All take the searches as measure_capacities() returns them: of one task, ordered by model, hidden size and seed.

/// A row per model and hidden size, with mean and range over seeds. "≥" stands before what is a lower bound, because
/// some search was cut off before it was known.
ReportTable capacity_table(const std::vector<CapacitySearch>& searches);
/// A header and a line per search: model,hidden,seed,parameters,longest_99,longest_50,bits,bits_per_unit,
/// bits_per_parameter,examples,converged. bits_per_unit is empty for transformers.
std::string capacity_csv(const std::vector<CapacitySearch>& searches);
/// The same with the options and the stages of each search.
std::string capacity_json(const std::vector<CapacitySearch>& searches);
/// The longest length remembered against the hidden size, and against the number of parameters, on logarithmic axes.
std::vector<ReportChart> capacity_charts(const std::vector<CapacitySearch>& searches);
Report capacity_report(const std::vector<CapacitySearch>& searches);
/// Draws the charts in `folder`/figures, as PNG and SVG; returns the PNG files. None if nothing was remembered. Throws
/// heed::FileError.
std::vector<std::string> draw_capacity(const std::vector<CapacitySearch>& searches, const std::string& folder);

}  // namespace remember
