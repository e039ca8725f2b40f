// Reports capacities: see capacity_report.h.
#include "report/capacity_report.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <heed/tensor/text_stream.h>

#include "report/chart_figure.h"
#include "report/run_report.h"
#include "report/spread.h"
#include "run/capacity_run.h"
#include "run/network.h"
#include "run/options_json.h"
#include "run/output_folder.h"
#include "text/number.h"

namespace remember {

namespace {

/// The seeds of a model and size.
using Seeds = std::vector<const CapacitySearch*>;

std::vector<Seeds> by_size(const std::vector<CapacitySearch>& searches) {
  std::vector<Seeds> groups;
  for (const CapacitySearch& search : searches) {
    const bool goes_on = !groups.empty() && groups.back().front()->model == search.model &&
                         groups.back().front()->options.model.hidden == search.options.model.hidden;
    (goes_on ? groups.back() : groups.emplace_back()).push_back(&search);
  }
  return groups;
}

template <class Measure>
std::vector<double> values_of(const Seeds& seeds, Measure measure) {
  std::vector<double> values;
  for (const CapacitySearch* search : seeds) {
    values.push_back(static_cast<double>(measure(*search)));
  }
  return values;
}

int64_t count_cut_off(const Seeds& seeds) {
  return std::count_if(seeds.begin(), seeds.end(),
                       [](const CapacitySearch* search) { return !search->found.converged(); });
}

/// Whether the length is that of all seeds, not a lower bound.
bool all_known(const Seeds& seeds, bool CapacityFound::*known) {
  return std::all_of(seeds.begin(), seeds.end(), [known](const CapacitySearch* s) { return s->found.*known; });
}

/// A figure with "≥ " where it is a lower bound; `nothing` for "at least 0", which says nothing.
std::string bounded(bool known, double value, const std::string& figure, const std::string& nothing) {
  return known ? figure : value > 0 ? "≥ " + figure : nothing;
}

/// The exact rate in tests, of the seeds that remember anything.
std::string tests_of(const Seeds& seeds) {
  std::vector<double> rates;
  for (const CapacitySearch* search : seeds) {
    if (search->found.longest_99 > 0) {
      rates.push_back(search->test_exact);
    }
  }
  return rates.empty() ? "" : percent_spread(rates);
}

std::vector<ReportCell> row_of(const Seeds& seeds) {
  const CapacitySearch& first = *seeds.front();
  const int64_t cut = count_cut_off(seeds);
  const auto lengths = [&](int64_t CapacityFound::*length, bool CapacityFound::*known) {
    const auto values = values_of(seeds, [&](const CapacitySearch& s) { return s.found.*length; });
    const auto number = [](double value) { return fixed(value, 1); };
    return ReportCell{
        bounded(all_known(seeds, known), spread_of(values).most, spread_text(values, number), "not yet 1")};
  };
  const auto mean = [&](double (CapacitySearch::*measure)() const, int digits) {
    const double value = spread_of(values_of(seeds, [&](const CapacitySearch& s) { return (s.*measure)(); })).mean;
    return ReportCell{bounded(all_known(seeds, &CapacityFound::known_99), value, fixed(value, digits), "")};
  };
  const std::string some = std::to_string(cut) + " of " + std::to_string(seeds.size()) + ' ';
  const bool all_cut = cut == static_cast<int64_t>(seeds.size());
  const bool no_end = std::all_of(seeds.begin(), seeds.end(), [](const CapacitySearch* search) {
    return search->found.longest_99 == search->options.data.train_length.max;
  });
  return {{first.model},
          {grouped(first.options.model.hidden)},
          {grouped(first.parameters)},
          lengths(&CapacityFound::longest_99, &CapacityFound::known_99),
          {tests_of(seeds)},
          lengths(&CapacityFound::longest_50, &CapacityFound::known_50),
          mean(&CapacitySearch::bits, 0),
          state_size(first.options.model) == 0 ? ReportCell{"no fixed state"} : mean(&CapacitySearch::bits_per_unit, 2),
          mean(&CapacitySearch::bits_per_parameter, 4),
          {count_spread(values_of(seeds, [](const CapacitySearch& s) { return s.examples(); }))},
          {cut == 0 ? "converged"
           : no_end ? "no end found"
                    : (all_cut ? "" : some) + "cut off"}};
}

ReportChart chart_of(const std::vector<CapacitySearch>& searches, const std::string& x_title,
                     double (*x)(const CapacitySearch&)) {
  ReportChart chart;
  chart.title = searches.front().options.data.task + ": the longest input remembered (99 % exact)";
  chart.x_title = x_title;
  chart.y_title = "symbols remembered";
  chart.logarithmic = chart.logarithmic_x = true;
  for (const Seeds& seeds : by_size(searches)) {
    const CapacitySearch& first = *seeds.front();
    if (chart.lines.empty() || chart.lines.back().name != first.model) {
      chart.lines.push_back({.name = first.model, .x = {}, .y = {}});
    }
    const Spread spread = spread_of(values_of(seeds, [](const CapacitySearch& s) { return s.found.longest_99; }));
    ReportLine& line = chart.lines.back();
    line.x.push_back(x(first));
    line.y.push_back(spread.mean > 0 ? spread.mean : std::numeric_limits<double>::quiet_NaN());
    line.low.push_back(spread.least);
    line.high.push_back(spread.most);
    line.cut_off = line.cut_off || !all_known(seeds, &CapacityFound::known_99);
  }
  for (ReportLine& line : chart.lines) {
    line.name += line.cut_off ? " (cut off: at least)" : "";
  }
  std::erase_if(chart.lines, [](const ReportLine& line) {
    return std::all_of(line.y.begin(), line.y.end(), [](double y) { return std::isnan(y); });
  });
  return chart;
}

}  // namespace

ReportTable capacity_table(const std::vector<CapacitySearch>& searches) {
  const std::vector<Seeds> groups = by_size(searches);
  const size_t seeds = groups.front().size();
  ReportTable table;
  table.title = searches.front().options.data.task + ": the longest input remembered";
  table.note =
      "99 % (50 %): the longest length of which so many fresh inputs are written exactly" +
      std::string(seeds > 1 ? "; mean and range of " + std::to_string(seeds) + " seeds: " + kDifferenceRule : "") +
      ". ≥: a lower bound, since the search was cut off, by the time, by the most steps or by the longest length "
      "(no end found).";
  table.header = {"model", "hidden",   "parameters",    "99 %",     "in tests", "50 %",
                  "bits",  "per unit", "per parameter", "examples", "training"};
  for (const Seeds& group : groups) {
    table.rows.push_back(row_of(group));
  }
  return table;
}

std::string capacity_csv(const std::vector<CapacitySearch>& searches) {
  heed::TextStream text;
  text.precision(9);
  text << "model,hidden,seed,parameters,longest_99,longest_50,bits,bits_per_unit,bits_per_parameter,examples,"
          "converged\n";
  for (const CapacitySearch& search : searches) {
    const RunOptions& options = search.options;
    text << search.model << ',' << options.model.hidden << ',' << options.training.seed << ',' << search.parameters
         << ',' << search.found.longest_99 << ',' << search.found.longest_50 << ',' << search.bits() << ',';
    if (state_size(options.model) > 0) {
      text << search.bits_per_unit();
    }
    text << ',' << search.bits_per_parameter() << ',' << search.examples() << ','
         << (search.found.converged() ? "true" : "false") << '\n';
  }
  return text.str();
}

std::string capacity_json(const std::vector<CapacitySearch>& searches) {
  nlohmann::ordered_json json = {{"format", 1}, {"searches", nlohmann::ordered_json::array()}};
  for (const CapacitySearch& search : searches) {
    json["searches"].push_back({{"model", search.model},
                                {"hidden", search.options.model.hidden},
                                {"seed", search.options.training.seed},
                                {"parameters", search.parameters},
                                {"state", state_size(search.options.model)},
                                {"longest_99", search.found.longest_99},
                                {"longest_50", search.found.longest_50},
                                {"test_exact", search.test_exact},
                                {"bits", search.bits()},
                                {"examples", search.examples()},
                                {"seconds", search.seconds()},
                                {"converged", search.found.converged()},
                                {"known_99", search.found.known_99},
                                {"known_50", search.found.known_50},
                                {"stages", stages_json(search.stages)},
                                {"options", search.options}});
  }
  return json.dump(1) + '\n';
}

std::vector<ReportChart> capacity_charts(const std::vector<CapacitySearch>& searches) {
  std::vector<ReportChart> charts = {
      chart_of(searches, "hidden size",
               [](const CapacitySearch& search) { return static_cast<double>(search.options.model.hidden); }),
      chart_of(searches, "parameters",
               [](const CapacitySearch& search) { return static_cast<double>(search.parameters); })};
  std::erase_if(charts, [](const ReportChart& chart) { return chart.lines.empty(); });
  return charts;
}

Report capacity_report(const std::vector<CapacitySearch>& searches) {
  Report report;
  report.title = "How much is remembered: " + searches.front().options.data.task;
  report.introduction = {
      "A model remembers n symbols if, trained to the plateau on lengths up to n, it writes 99 % of fresh inputs of "
      "length n exactly. The length grows by a quarter, and training goes on from the weights of the length before, "
      "on lengths from n / 2 to n. A search is cut off if the time, the most steps or the longest length ends it; "
      "then what it still searched for is a lower bound.",
      "Bits: symbols remembered times log2 of their number. Per unit: divided by the numbers that the decoder starts "
      "from, two per unit of an LSTM."};
  report.tables = {capacity_table(searches)};
  report.accuracy = capacity_charts(searches);
  report.accuracy_title = "What is remembered by size";
  std::vector<RunOptions> options;
  for (const CapacitySearch& search : searches) {
    options.push_back(search.options);
  }
  report.settings = common_settings(options);
  return report;
}

std::vector<std::string> draw_capacity(const std::vector<CapacitySearch>& searches, const std::string& folder) {
  const std::string figures = folder + "/figures/";
  make_folder(figures);
  std::vector<std::string> files;
  for (const ReportChart& chart : capacity_charts(searches)) {
    const bool by_parameters = chart.x_title == "parameters";
    files.push_back(draw_chart(
        chart, figures + "capacity-" + searches.front().options.data.task + (by_parameters ? "-parameters" : "")));
  }
  return files;
}

}  // namespace remember
