// Table: rows of results, printed as they come and written as JSON at the end.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace heed::bench {

struct Column {
  std::string name;
  int decimals = 2;     ///< in print; JSON has all digits
  bool in_json = true;  ///< else printed only
};

/// A number, a text, or nothing: "-" in print, null in JSON.
using Cell = std::variant<std::monostate, double, std::string>;

/// Nothing for a number that is 0 or not finite: a peer that is not there, a ratio to it.
Cell known(double number);

class Table {
 public:
  /// Prints the heading.
  explicit Table(std::vector<Column> columns);
  /// Prints the row. It has a cell for each column.
  void add(std::vector<Cell> row);
  /// The rows as an array of objects. Throws std::runtime_error naming the file.
  void write_json(const std::string& file) const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<Cell>> rows_;
};

}  // namespace heed::bench
