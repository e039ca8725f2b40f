// Table: rows of text, printed with aligned columns.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "report/report.h"

namespace remember {

class Table {
 public:
  /// The first `left_columns` are aligned left, the others right.
  explicit Table(std::vector<std::string> header, size_t left_columns = 1);
  /// Throws heed::ValueError unless the row has as many cells as the header.
  void add_row(std::vector<std::string> cells);
  /// Header, a rule, and the rows; every line ends with a line feed.
  std::string text() const;

 private:
  std::vector<std::vector<std::string>> rows_;
  size_t left_columns_;
};

/// The cells of a report's table as text, without their rates, its title and its note.
std::string table_text(const ReportTable& table);

}  // namespace remember
