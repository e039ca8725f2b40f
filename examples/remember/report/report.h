// Report: the content of report.html as plain values. Reports of runs: run_report.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <heed/tensor/tensor.h>

namespace remember {

/// A cell of a table; one with a rate (0 to 1) gets a bar.
struct ReportCell {
  std::string text;
  std::optional<double> rate = std::nullopt;
};

/// The first column names the row.
struct ReportTable {
  std::string title;
  std::string note = {};
  std::vector<std::string> header;
  std::vector<std::vector<ReportCell>> rows;
};

struct ReportLine {
  std::string name;
  std::vector<double> x;
  std::vector<double> y;
  std::vector<double> low = {};  ///< the range over seeds, or empty
  std::vector<double> high = {};
  bool cut_off = false;  ///< of a model of which some run was cut off: dashed, with hollow markers
};

struct ReportChart {
  std::string title;
  std::string x_title;
  std::string y_title;
  bool percent = false;                       ///< whether y is a rate
  bool logarithmic = false;                   ///< whether the y axis is logarithmic
  bool logarithmic_x = false;                 ///< whether the x axis is
  std::optional<double> mark = std::nullopt;  ///< a vertical line at this x, named `mark_name`
  std::string mark_name = {};
  std::vector<ReportLine> lines;
};

/// One model's output for a source, with its attention weights or its memory map.
struct ReportOutput {
  std::string model;
  std::vector<std::string> tokens;  ///< with the end token if the model wrote it
  std::vector<bool> wrong;          ///< per token; empty without a known answer
  std::optional<bool> right;        ///< whether the output is right in full, if an answer is known
  heed::Tensor weights;             ///< (T, S), or undefined for a model without attention
  heed::Tensor memory;              ///< (T, S), see memory_map.h, or undefined
};

/// The maps of one source, side by side.
struct ReportExample {
  std::string title;
  std::vector<std::string> source;
  std::vector<std::string> answer = {};  ///< with the end token; empty if not known
  /// Per token of the answer: the source positions (from 0) that it comes from; empty if not known.
  std::vector<std::vector<int64_t>> alignment = {};
  std::vector<ReportOutput> outputs;
};

struct Report {
  std::string title;
  std::vector<std::string> introduction = {};                      ///< paragraphs
  std::vector<std::pair<std::string, std::string>> settings = {};  ///< name and value
  std::vector<ReportTable> tables = {};
  std::vector<ReportChart> accuracy = {};
  std::string accuracy_title = "Accuracy by length";
  std::vector<ReportChart> curves = {};
  std::vector<ReportExample> examples = {};
};

/// The report as one HTML file, which needs no other file and no network.
std::string report_html(const Report& report);

}  // namespace remember
