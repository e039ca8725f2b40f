// The table of summary().
#include <heed/nn/core/summary.h>

#include <algorithm>
#include <array>
#include <unordered_map>

#include <heed/tensor/text_stream.h>

namespace heed {
namespace {

using Row = std::array<std::string, 4>;

/// 1234567 as "1,234,567".
std::string grouped(int64_t count) {
  const std::string digits = std::to_string(count);
  std::string result;
  for (size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) {
      result.push_back(',');
    }
    result.push_back(digits[i]);
  }
  return result;
}

template <class Value>
std::string text_of(const Value& value) {
  TextStream text;
  text << value;
  return text.str();
}

/// Names, shapes and dtypes flush left, numbers flush right.
std::string layout(const std::vector<Row>& rows) {
  std::array<size_t, 4> widths{};
  for (const Row& row : rows) {
    for (size_t column = 0; column < row.size(); ++column) {
      widths[column] = std::max(widths[column], row[column].size());
    }
  }
  std::string table;
  for (const Row& row : rows) {
    for (size_t column = 0; column < 3; ++column) {
      table += row[column] + std::string(widths[column] - row[column].size() + 2, ' ');
    }
    table += std::string(widths[3] - row[3].size(), ' ') + row[3] + "\n";
  }
  return table;
}

}  // namespace

std::string summary(const Module& module) {
  std::vector<Row> rows{{"parameter", "shape", "dtype", "elements"}};
  std::unordered_map<const void*, std::string> first_names;
  for (const auto& [name, parameter] : module.registered_parameters()) {
    const auto [place, is_new] = first_names.try_emplace(parameter.state(), name);
    const std::string count = is_new ? grouped(parameter.numel()) : std::string("= ").append(place->second);
    rows.push_back({name, text_of(parameter.shape()), text_of(parameter.dtype()), count});
  }
  rows.push_back({"total", "", "", grouped(module.parameter_count())});
  return layout(rows);
}

}  // namespace heed
