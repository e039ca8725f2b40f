// Where tensors meet in memory. An operation that writes into a tensor it did not make has one rule: it refuses one
// whose elements share memory, and gives what it would give had it copied first what it overwrites before reading.
// Answers are exact for every view that heed makes; where strides put together by hand would take long, they are true.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <heed/tensor/tensor.h>

namespace heed {

namespace detail {
inline constexpr const char* kBroadcastView = "a broadcast view, whose elements share memory";

/// The storages that some tensors lie in, to ask whether another lies in one of them too. Undefined ones lie nowhere.
class Storages {
 public:
  Storages() = default;
  explicit Storages(std::span<const Tensor* const> tensors);
  bool hold(const Tensor& x) const;

 private:
  std::vector<const std::byte*> begins_;  // in order
};
}  // namespace detail

/// True when a and b name the same elements in the same order: one storage, dtype, shape, offset and strides.
bool same_view(const Tensor& a, const Tensor& b);

/// True when two indices of x name one element: an axis repeats (see expand), or windows overlap.
bool overlaps_itself(const Tensor& x);
/// Throws ValueError, "op: cannot write to …", when x does: which of several values should stay?
void require_writable(const Tensor& x, std::string_view op);

/// True when some element of a and some element of b share memory (numpy.shares_memory). Undefined tensors do not.
bool shares_memory(const Tensor& a, const Tensor& b);

/// The places in `tensors` of two that share memory, if there are any; null pointers are passed over.
std::optional<std::pair<size_t, size_t>> find_shared(std::span<const Tensor* const> tensors);

}  // namespace heed
