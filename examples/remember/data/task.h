// Generated tasks with a known answer and a known alignment. A new task is a row in task.cpp.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <heed/tensor/random.h>

#include "data/example.h"

namespace remember {

/// Positions in a source, from 0.
using Places = std::vector<int64_t>;

/// The functions depend only on their arguments: the same generator state gives the same source on every machine.
struct Task {
  std::string_view name;
  /// One line of description: "x1 … xn → xn … x1".
  std::string_view summary;
  /// The names of the tokens, for `symbols` different symbols.
  std::vector<std::string> (*tokens)(int64_t symbols);
  /// A source of `length` out of `symbols` different tokens (numbers from kFirstToken on). If the length is not the
  /// number of tokens, the summary says what it counts.
  Tokens (*source)(int64_t length, int64_t symbols, heed::Generator& generator);
  /// The one right output.
  Tokens (*answer)(const Tokens& source);
  /// Per token of the answer: the position in the source that it comes from. Empty if it comes from no single one.
  Places (*alignment)(const Tokens& source);
  /// Number of different sources of that length, or at least so many; 0 if there are too few symbols for any.
  double (*sources)(int64_t length, int64_t symbols);
  /// Lengths are multiples of this.
  int64_t length_step = 1;
  int64_t shortest = 1;  ///< length
  /// Number of tokens that are not counted in the length.
  int64_t uncounted = 0;
  /// The share of outputs that a model gets right which knows the answers but not the source: above 0 for tasks whose
  /// answer is one of a few tokens.
  double (*chance)(int64_t symbols) = [](int64_t) { return 0.0; };
  /// Whether the source is any string, and the answer has every token of it, in an order that does not depend on them.
  bool holds_source = false;
};

std::span<const Task> tasks();
/// "copy, reverse, …".
std::string task_names();
/// Null if there is no task of that name.
const Task* find_task(std::string_view name);
/// The chance of the task of that name; 0 for files of pairs, of which it is not known.
double chance(std::string_view task, int64_t symbols);

}  // namespace remember
