// Tasks whose right answer and right alignment are known, made from random numbers. A new one is a row in task.cpp.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <heed/tensor/random.h>

#include "data/example.h"

namespace remember {

/// Plain functions of their arguments: the same generator state gives the same source on every machine.
struct Task {
  std::string_view name;
  /// One line for people: "x1 … xn → xn … x1".
  std::string_view summary;
  /// The names of the tokens when there are `symbols` different ones to choose from.
  std::vector<std::string> (*tokens)(int64_t symbols);
  /// A source of `length` out of `symbols` different tokens (numbers from kFirstToken on). What a length counts is in
  /// the summary where it is not the tokens of the source.
  Tokens (*source)(int64_t length, int64_t symbols, heed::Generator& generator);
  /// The one right output.
  Tokens (*answer)(const Tokens& source);
  /// For each token of the answer the place in the source (from 0) that it comes from.
  std::vector<int64_t> (*alignment)(const Tokens& source);
  /// How many different sources of that length there are.
  double (*sources)(int64_t length, int64_t symbols);
  /// Lengths are multiples of this.
  int64_t length_step = 1;
  /// Tokens of a source that its length does not count.
  int64_t uncounted = 0;
};

std::span<const Task> tasks();
/// "copy, reverse, …".
std::string task_names();
/// Null when there is none of that name.
const Task* find_task(std::string_view name);

}  // namespace remember
