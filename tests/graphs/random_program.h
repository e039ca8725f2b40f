// Random programs: compositions of rows of the op table, drawn from a seed.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "support/op_table.h"

namespace heed::test {

/// A function of its leaves: 3 to 12 operations, whose inputs are leaves and results of operations before, each looked
/// at through views, broadcasts, gathers or reductions that give it the shape the row asks for. Several may share one.
class RandomProgram {
 public:
  explicit RandomProgram(uint64_t seed);

  /// Values of the leaves, float64.
  const std::vector<Tensor>& leaves() const { return leaves_; }
  /// All floating results of all operations that depend on a leaf.
  std::vector<Variable> operator()(const std::vector<Variable>& leaves) const;
  /// Its operations, one a line.
  std::string text() const;
  size_t size() const { return steps_.size(); }
  /// The rows that it uses.
  std::vector<const OpRow*> rows() const;

 private:
  /// An input of a row: data, or a value of before in another form.
  struct Feed {
    Tensor data;        // undefined for what is taken from before
    Input wanted;       // shape and range
    uint64_t draw = 0;  // which value, and which way to its form
    double shift = 0;
  };
  struct Step {
    const OpRow* row;
    size_t which;  // of its cases
    std::vector<Feed> feeds;
  };

  Feed make_feed(const Input& input, std::mt19937_64& random) const;
  static Variable form(const Feed& feed, const std::vector<Variable>& pool);

  std::vector<Tensor> leaves_;
  std::vector<Step> steps_;
};

}  // namespace heed::test
