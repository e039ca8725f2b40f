// Sequential: a chain of modules.
#include <heed/nn/core/sequential.h>

#include <string>

#include <heed/tensor/error.h>
#include <heed/tensor/scope.h>

namespace heed {

void Sequential::append(std::unique_ptr<UnaryModule> part) {
  check(part != nullptr, "Sequential", "a part must not be null");
  part->train(training());
  parts_.push_back(std::move(part));
  register_module(std::to_string(size() - 1), *parts_.back());
}

Variable Sequential::forward(const Variable& x) const {
  const NameScope scope(path());
  Variable y = x;
  for (const auto& part : parts_) {
    y = part->forward(y);
  }
  return record("output", std::move(y));
}

UnaryModule& Sequential::part(int64_t index) const {
  check<IndexError>(index >= 0 && index < size(), "Sequential", "index must be in 0 … ", size() - 1, ", got ", index);
  return *parts_[static_cast<size_t>(index)];
}

}  // namespace heed
