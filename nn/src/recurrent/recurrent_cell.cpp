// RecurrentCell: makes its weights, and checks what it is given.
#include <heed/nn/recurrent/recurrent_cell.h>

#include <heed/autograd/matmul.h>
#include <heed/tensor/create.h>
#include <heed/tensor/detail/operation_scope.h>
#include <heed/tensor/error.h>
#include <heed/tensor/scope.h>

#include "core/hooks.h"
#include "core/require_result.h"
#include "recurrent/check_cell.h"

namespace heed {

RecurrentCell::RecurrentCell(CellKind kind, int64_t input_size, int64_t hidden_size,
                             const RecurrentCellOptions& options)
    : kind_(kind.with(options.nonlinearity)), hidden_size_(hidden_size) {
  const std::string type = std::string(kind->type()) + "Cell";
  check(input_size >= 1 && hidden_size >= 1, type, "input_size and hidden_size must be at least 1, got ", input_size,
        " and ", hidden_size);
  detail::check_description(kind, type);
  const detail::OperationScope operation(kind->type());
  weights_ = kind->make_weights(input_size, hidden_size, options.bias);
  for (auto& [name, parameter] : weights_.named()) {
    register_parameter(name, *parameter);
  }
}

CellState RecurrentCell::step(const Variable& x, const CellState& state) const {
  const NameScope scope(path());
  const std::string type = std::string(kind_->type()) + "Cell";
  check<ShapeError>(x.rank() == 2 && x.size(1) == input_size(), type, "input must be (B, ", input_size(), "), got ",
                    detail::given(x));
  detail::require_dtype_of(weights_.w_ih, x, type, "input");
  const Shape wanted{x.size(0), hidden_size_};
  CellState start = state;
  start.resize(kind_->states().size());
  for (Variable& each : start) {
    if (!each.defined()) {
      each = zeros(wanted, x.dtype());
    }
    check<ShapeError>(each.shape() == wanted, type, "the state must be ", wanted, ", got ", each.shape());
  }
  CellState next = kind_->step(linear(x, weights_.w_ih, kind_->input_bias(weights_)), start, weights_);
  detail::check_given(kind_, type, "step()", next, wanted);
  if (detail::is_watched()) {
    const std::vector<std::string> names = kind_->states();
    for (size_t k = 0; k < names.size(); ++k) {
      record_only(names[k], next[k]);
    }
  }
  return next;
}

}  // namespace heed
