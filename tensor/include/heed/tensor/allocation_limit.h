// AllocationLimit: bounds the memory of tensors, where the sizes come from a file that is not trusted.
#pragma once

#include <cstdint>

#include <heed/tensor/error.h>

namespace heed {

/// Tensors that would take more memory than an AllocationLimit has left.
class AllocationError : public Error {
 public:
  using Error::Error;
};

/// While it lives, the tensors that this thread makes may take at most `bytes` in all, those freed in between included.
/// The next one throws AllocationError, before memory is taken:
///
///   const AllocationLimit limit(bytes_of_the_weights_in_the_file);
///   MyModel model(config_from_the_file);   // throws if the configuration asks for more
///
/// Limits nest: inside another, the smaller of both counts. Memory that threads of parallel_for take is not counted.
class AllocationLimit {
 public:
  explicit AllocationLimit(int64_t bytes);
  ~AllocationLimit();
  AllocationLimit(const AllocationLimit&) = delete;
  AllocationLimit& operator=(const AllocationLimit&) = delete;

 private:
  int64_t outer_;  ///< what the limit around this one had left
  int64_t bytes_;
};

}  // namespace heed
