// Pointer: counts references inside the object it points to, as graphs need it: one allocation, one word per handle.
#pragma once

#include <utility>

namespace heed::detail {

/// T needs `add_reference(T*)` and `remove_reference(T*)` in its own namespace; the latter frees at zero.
template <class T>
class Pointer {
 public:
  Pointer() = default;
  /// Takes over a reference that the caller holds.
  static Pointer adopt(T* object) {
    Pointer pointer;
    pointer.object_ = object;
    return pointer;
  }
  /// A further reference.
  static Pointer share(T* object) {
    if (object != nullptr) {
      add_reference(object);
    }
    return adopt(object);
  }
  Pointer(const Pointer& other) noexcept : object_(other.object_) {
    if (object_ != nullptr) {
      add_reference(object_);
    }
  }
  Pointer(Pointer&& other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
  Pointer& operator=(Pointer other) noexcept {
    std::swap(object_, other.object_);
    return *this;
  }
  ~Pointer() {
    if (object_ != nullptr) {
      remove_reference(object_);
    }
  }

  T* get() const { return object_; }
  T* operator->() const { return object_; }
  T& operator*() const { return *object_; }
  explicit operator bool() const { return object_ != nullptr; }

 private:
  T* object_ = nullptr;
};

}  // namespace heed::detail
