// Table: see table.h.
#include "report/table.h"

#include <algorithm>
#include <utility>

#include <heed/tensor/error.h>

#include "text/text_width.h"

namespace remember {

Table::Table(std::vector<std::string> header, size_t left_columns)
    : rows_{std::move(header)}, left_columns_(left_columns) {}

void Table::add_row(std::vector<std::string> cells) {
  heed::check(cells.size() == rows_.front().size(), "table", "a row must have ", rows_.front().size(), " cells, got ",
              cells.size());
  rows_.push_back(std::move(cells));
}

std::string Table::text() const {
  std::vector<int64_t> widths(rows_.front().size(), 0);
  for (const auto& row : rows_) {
    for (size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], text_width(row[i]));
    }
  }
  std::string text;
  for (size_t r = 0; r < rows_.size(); ++r) {
    std::string line;
    for (size_t i = 0; i < widths.size(); ++i) {
      line += (i == 0 ? "" : "  ") + padded(rows_[r][i], widths[i], i >= left_columns_);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + '\n';
    if (r == 0) {
      for (size_t i = 0; i < widths.size(); ++i) {
        text += (i == 0 ? "" : "  ") + std::string(static_cast<size_t>(widths[i]), '-');
      }
      text += '\n';
    }
  }
  return text;
}

std::string table_text(const ReportTable& table) {
  Table text(table.header);
  for (const std::vector<ReportCell>& row : table.rows) {
    std::vector<std::string> cells;
    for (const ReportCell& cell : row) {
      cells.push_back(cell.text);
    }
    text.add_row(cells);
  }
  return text.text();
}

}  // namespace remember
