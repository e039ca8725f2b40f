// Draws programs and runs them: see random_program.h.
#include "graphs/random_program.h"

#include <algorithm>
#include <sstream>
#include <utility>

#include <heed/autograd/elementwise.h>
#include <heed/autograd/index.h>
#include <heed/autograd/reduce.h>
#include <heed/autograd/view.h>

namespace heed::test {
namespace {

constexpr int64_t kMostElements = 600;  // of an input, so that programs are quick

/// A number in 0 … bound-1, the same on every platform.
int64_t below(std::mt19937_64& random, int64_t bound) {
  return static_cast<int64_t>(random() % static_cast<uint64_t>(bound));
}

Tensor random_data(const Input& input, std::mt19937_64& random) {
  return random_tensor(input.shape, static_cast<uint32_t>(random()), input.dtype, input.low, input.high);
}

Shape random_shape(std::mt19937_64& random) {
  Shape shape;
  for (int64_t axis = below(random, 4); axis > 0; --axis) {
    shape.push_back(1 + below(random, 4));
  }
  return shape;
}

bool fits(const Case& inputs) {
  const auto good = [](const Input& input) {
    return input.shape.numel() <= kMostElements && (!is_floating(input.dtype) || input.shape.numel() > 0);
  };
  return std::any_of(inputs.begin(), inputs.end(), [](const Input& input) { return is_floating(input.dtype); }) &&
         std::all_of(inputs.begin(), inputs.end(), good);
}

/// Rows with the cases that can take part.
const std::vector<std::pair<const OpRow*, std::vector<size_t>>>& choices() {
  static const auto result = [] {
    std::vector<std::pair<const OpRow*, std::vector<size_t>>> rows;
    for (const OpRow& row : all_rows()) {
      std::vector<size_t> cases;
      for (size_t i = 0; i < row.cases.size(); ++i) {
        if (fits(row.cases[i])) {
          cases.push_back(i);
        }
      }
      if (!cases.empty()) {
        rows.emplace_back(&row, cases);
      }
    }
    return rows;
  }();
  return result;
}

bool broadcasts_to(const Shape& from, const Shape& to) {
  if (from.rank() > to.rank()) {
    return false;
  }
  for (int64_t i = 1; i <= from.rank(); ++i) {
    if (from[from.rank() - i] != to[to.rank() - i] && from[from.rank() - i] != 1) {
      return false;
    }
  }
  return true;
}

/// x (n) as `count` elements: a part of it, means of groups, or elements picked with repetition.
Variable resized(const Variable& x, int64_t count, std::mt19937_64& random) {
  const int64_t size = x.value().numel();
  if (size == count) {
    return x;
  }
  if (size > count && below(random, 2) == 0) {
    const int64_t group = size / count;
    return mean(reshape(narrow(x, 0, size - group * count, group * count), {count, group}), {1});
  }
  if (size > count) {
    return narrow(x, 0, below(random, size - count + 1), count);
  }
  std::vector<int64_t> places;
  for (int64_t i = 0; i < count; ++i) {
    places.push_back(below(random, size));
  }
  return index_select(x, 0, from_vector(places, {count}));
}

/// x with its elements in `shape`, sometimes as a transposed view.
Variable shaped(const Variable& x, const Shape& shape, std::mt19937_64& random) {
  if (shape.rank() < 2 || below(random, 2) == 0) {
    return reshape(x, shape);
  }
  Shape reversed;
  Dims order;
  for (int64_t axis = shape.rank() - 1; axis >= 0; --axis) {
    reversed.push_back(shape[axis]);
    order.push_back(axis);
  }
  return permute(reshape(x, reversed), order);
}

}  // namespace

RandomProgram::RandomProgram(uint64_t seed) {
  std::mt19937_64 random(seed);
  for (int64_t count = 2 + below(random, 3); count > 0; --count) {
    leaves_.push_back(random_data({random_shape(random)}, random));
  }
  for (int64_t count = 3 + below(random, 10); count > 0; --count) {
    const auto& [row, cases] = choices()[static_cast<size_t>(below(random, static_cast<int64_t>(choices().size())))];
    Step step{row, cases[static_cast<size_t>(below(random, static_cast<int64_t>(cases.size())))], {}};
    for (const Input& input : row->cases[step.which]) {
      step.feeds.push_back(make_feed(input, random));
    }
    steps_.push_back(std::move(step));
  }
}

RandomProgram::Feed RandomProgram::make_feed(const Input& input, std::mt19937_64& random) const {
  Feed feed;
  feed.wanted = input;
  feed.draw = random();
  feed.shift = static_cast<double>(below(random, 1000)) / 300;
  if (!is_floating(input.dtype)) {
    feed.data = random_data(input, random);
  }
  return feed;
}

Variable RandomProgram::form(const Feed& feed, const std::vector<Variable>& pool) {
  if (feed.data.defined()) {
    return Variable(feed.data);
  }
  std::mt19937_64 random(feed.draw);
  // What came last is taken more often, so that programs are deep.
  const auto size = static_cast<int64_t>(pool.size());
  const int64_t place = std::max(below(random, size), below(random, size));
  const Variable& x = pool[static_cast<size_t>(place)];
  const Shape& shape = feed.wanted.shape;
  const Variable formed = broadcasts_to(x.shape(), shape) && below(random, 4) != 0
                              ? expand(x, shape)
                              : shaped(resized(reshape(x, {-1}), shape.numel(), random), shape, random);
  // Into the range of the row, whatever the values: smooth, and never flat.
  const double middle = (feed.wanted.low + feed.wanted.high) / 2, half = (feed.wanted.high - feed.wanted.low) / 2;
  return add(mul(sin(add(formed, feed.shift)), 0.999 * half), middle);
}

std::vector<Variable> RandomProgram::operator()(const std::vector<Variable>& leaves) const {
  std::vector<Variable> pool = leaves, outputs;
  for (const Step& step : steps_) {
    std::vector<Variable> inputs;
    for (const Feed& feed : step.feeds) {
      inputs.push_back(form(feed, pool));
    }
    for (const Variable& output : step.row->function(inputs)) {
      if (is_floating(output.dtype())) {
        outputs.push_back(output);
        if (output.value().numel() > 0) {
          pool.push_back(output);
        }
      }
    }
  }
  return outputs;
}

std::vector<const OpRow*> RandomProgram::rows() const {
  std::vector<const OpRow*> rows;
  for (const Step& step : steps_) {
    rows.push_back(step.row);
  }
  return rows;
}

std::string RandomProgram::text() const {
  std::ostringstream text;
  for (const Step& step : steps_) {
    text << "  " << step.row->name << ", case " << step.which << ":";
    for (const Feed& feed : step.feeds) {
      text << ' ' << feed.wanted.shape;
    }
    text << '\n';
  }
  return text.str();
}

}  // namespace heed::test
