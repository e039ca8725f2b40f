// Lifetime: reports to holders of an object's address that the object was destroyed.
#pragma once

#include <atomic>
#include <cstdint>

#include <heed/autograd/detail/pointer.h>

namespace heed::detail {

struct LifetimeFlag {
  std::atomic<int64_t> references{1};
  std::atomic<bool> ended{false};
};
inline void add_reference(LifetimeFlag* flag) noexcept { flag->references.fetch_add(1, std::memory_order_relaxed); }
inline void remove_reference(LifetimeFlag* flag) noexcept {
  if (flag->references.fetch_sub(1, std::memory_order_acq_rel) == 1) {
    delete flag;
  }
}

/// Kept with the address of an object that somebody else owns.
class Watch {
 public:
  explicit Watch(Pointer<LifetimeFlag> flag) : flag_(std::move(flag)) {}
  /// True once the object's destructor has run.
  bool ended() const { return flag_->ended.load(std::memory_order_acquire); }

 private:
  Pointer<LifetimeFlag> flag_;
};

/// A member of the object that is watched. It belongs to the place, not the value: a copy is an object of its own, and
/// one that is assigned to stays the same object.
class Lifetime {
 public:
  Lifetime() = default;
  Lifetime(const Lifetime& /*other*/) noexcept {}
  Lifetime& operator=(const Lifetime& /*other*/) noexcept { return *this; }
  ~Lifetime() {
    if (flag_) [[unlikely]] {
      flag_->ended.store(true, std::memory_order_release);
    }
  }

  Watch watch() {
    if (!flag_) {
      flag_ = Pointer<LifetimeFlag>::adopt(new LifetimeFlag);
    }
    return Watch(flag_);
  }

 private:
  Pointer<LifetimeFlag> flag_;
};

}  // namespace heed::detail
