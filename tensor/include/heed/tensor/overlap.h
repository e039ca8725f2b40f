// Whether tensors share memory. An operation that writes into a caller's tensor refuses one whose elements share
// memory. It gives the same result as if it had first copied all operands that it overwrites. Answers are exact for all
// views that heed makes; for custom strides that would take long to check, the answer is true.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <heed/tensor/tensor.h>

namespace heed {

namespace detail {
inline constexpr const char* kBroadcastView = "a broadcast view, whose elements share memory";
inline constexpr const char* kReadOnlyMemory = "read-only memory";
/// One of these, or null when x can be written.
const char* why_not_writable(const Tensor& x);

/// The storages of some tensors, to ask whether another tensor's has memory of them. Undefined tensors have no storage.
class Storages {
 public:
  Storages() = default;
  explicit Storages(std::span<const Tensor* const> tensors);
  bool hold(const Tensor& x) const;

 private:
  struct Range {
    int64_t begin, end;  // addresses; the end is the furthest so far, since borrowed memory may lie within other memory
  };
  std::vector<Range> ranges_;  // by begin
};
}  // namespace detail

/// True when a and b name the same elements in the same order: one storage, dtype, shape, offset and strides.
bool same_view(const Tensor& a, const Tensor& b);

/// True when two indices of x name one element: an axis repeats (see expand), or windows overlap.
bool overlaps_itself(const Tensor& x);
/// Throws ValueError, "op: cannot write to …", if x does (it is not defined which value would remain), or if its memory
/// is read-only.
void require_writable(const Tensor& x, std::string_view op);

/// True when some element of a and some element of b share memory (numpy.shares_memory). Undefined tensors do not.
bool shares_memory(const Tensor& a, const Tensor& b);

/// The indices in `tensors` of two that share memory, if there are any; null pointers are skipped.
std::optional<std::pair<size_t, size_t>> find_shared(std::span<const Tensor* const> tensors);

}  // namespace heed
