// Columns are as wide as their names, 9 characters at least.
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

void print_right(const std::string& text, const Column& column) {
  std::printf("%*s  ", static_cast<int>(std::max<size_t>(9, column.name.size())), text.c_str());
}

}  // namespace

Cell known(double number) { return std::isfinite(number) && number != 0 ? Cell(number) : Cell(); }

Table::Table(std::vector<Column> columns) : columns_(std::move(columns)) {
  for (const Column& column : columns_) print_right(column.name, column);
  std::printf("\n");
}

void Table::add(std::vector<Cell> row) {
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
