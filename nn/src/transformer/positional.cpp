// Positions added to the inputs.
#include <heed/nn/transformer/positional.h>

#include <heed/autograd/elementwise.h>
#include <heed/autograd/view.h>
#include <heed/nn/core/init.h>
#include <heed/nn/transformer/sequence_positions.h>
#include <heed/tensor/create.h>
#include <heed/tensor/error.h>
#include <heed/tensor/scope.h>

namespace heed {
namespace {

/// As far as float64 counts.
constexpr int64_t kMostSteps = int64_t{1} << 53;

/// Where the steps of x are, once x has been found to fit a table (max_length, E).
struct Steps {
  int64_t first, count;
};
Steps steps_of(const Variable& x, const Shape& table, int64_t offset, bool batch_first, const char* op) {
  check<ShapeError>(x.rank() == 3 && x.size(2) == table[1], op, "input must be ", batch_first ? "(B, T, " : "(T, B, ",
                    table[1], "), got ", x.shape());
  const int64_t count = x.size(batch_first ? 1 : 0);
  check<IndexError>(offset <= kMostSteps, op, "positions must be below ", table[0], ", got ", offset);
  check<IndexError>(offset >= 0 && offset + count <= table[0], op, "positions must be below ", table[0], ", got ",
                    offset, " to ", offset + count - 1);
  return {offset, count};
}

}  // namespace

Tensor sinusoidal_positions(int64_t steps, int64_t features, int64_t offset, DType dtype) {
  check(steps >= 0 && features >= 0, "sinusoidal_positions", "sizes must be 0 or more, got ", steps, " and ", features);
  check(offset <= kMostSteps - steps, "sinusoidal_positions", "positions must be below ", kMostSteps, ", got offset ",
        offset);
  return sinusoids_at(arange(offset, offset + steps, 1, DType::float64), features, dtype);
}

SinusoidalPositionalEncoding::SinusoidalPositionalEncoding(int64_t max_length, int64_t features,
                                                           const PositionalOptions& options)
    : options_(options), table_(sinusoidal_positions(max_length, features, 0, DType::float64)) {}

Variable SinusoidalPositionalEncoding::forward(const Variable& x, int64_t offset) const {
  const NameScope scope(path());
  const Steps steps = steps_of(x, table_.shape(), offset, options_.batch_first, "SinusoidalPositionalEncoding");
  const Tensor positions = heed::to(narrow(table_, 0, steps.first, steps.count), x.dtype());
  return record("output", x + Variable(options_.batch_first ? positions : unsqueeze(positions, 1)));
}

LearnedPositionalEncoding::LearnedPositionalEncoding(int64_t max_length, int64_t features,
                                                     const PositionalOptions& options)
    : options_(options) {
  check(max_length >= 0 && features >= 0, "LearnedPositionalEncoding", "sizes must be 0 or more, got ", max_length,
        " and ", features);
  weight_ = Variable(empty({max_length, features}), true);
  normal_(weight_);
  register_parameter("weight", weight_);
}

Variable LearnedPositionalEncoding::forward(const Variable& x, int64_t offset) const {
  const NameScope scope(path());
  const Steps steps = steps_of(x, weight_.shape(), offset, options_.batch_first, "LearnedPositionalEncoding");
  const Variable positions = narrow(weight_, 0, steps.first, steps.count);
  return record("output", x + (options_.batch_first ? positions : unsqueeze(positions, 1)));
}

}  // namespace heed
