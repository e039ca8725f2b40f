// Printed as Markdown, to be read in a terminal and pasted into docs/performance.md.
#include "driver/table.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace heed::bench {
namespace {

std::string printed(const Cell& cell, int decimals) {
  if (const auto* text = std::get_if<std::string>(&cell)) return *text;
  const auto* number = std::get_if<double>(&cell);
  if (number == nullptr) return "-";
  std::ostringstream out;
  out.setf(std::ios::fixed);
  out.precision(decimals);
  out << *number;
  return out.str();
}

std::string as_json(const Cell& cell) {
  if (const auto* text = std::get_if<std::string>(&cell)) return '"' + *text + '"';
  const auto* number = std::get_if<double>(&cell);
  if (number == nullptr) return "null";
  std::ostringstream out;
  out.precision(9);
  out << *number;
  return out.str();
}

int width_of(const Column& column) { return static_cast<int>(std::max<size_t>(7, column.name.size())); }

void print_right(const std::string& text, const Column& column) {
  std::printf(" %*s |", width_of(column), text.c_str());
}

}  // namespace

Cell known(double number) { return std::isfinite(number) && number != 0 ? Cell(number) : Cell(); }

Table::Table(std::vector<Column> columns) : columns_(std::move(columns)) {
  std::printf("|");
  for (const Column& column : columns_) print_right(column.name, column);
  std::printf("\n|");
  for (const Column& column : columns_) std::printf(" %s: |", std::string(width_of(column) - 1, '-').c_str());
  std::printf("\n");
}

void Table::add(std::vector<Cell> row) {
  std::printf("|");
  for (size_t i = 0; i < columns_.size(); ++i) print_right(printed(row.at(i), columns_[i].decimals), columns_[i]);
  std::printf("\n");
  std::fflush(stdout);
  rows_.push_back(std::move(row));
}

void Table::write_json(const std::string& file) const {
  std::ofstream out(file);
  out << "[";
  for (size_t r = 0; r < rows_.size(); ++r) {
    out << (r == 0 ? "\n  {" : ",\n  {");
    bool first = true;
    for (size_t i = 0; i < columns_.size(); ++i) {
      if (!columns_[i].in_json) continue;
      out << (first ? "" : ", ") << '"' << columns_[i].name << "\": " << as_json(rows_[r][i]);
      first = false;
    }
    out << "}";
  }
  out << "\n]\n";
  if (!out.flush()) throw std::runtime_error("cannot write " + file);
}

}  // namespace heed::bench
