// This process, and what fork() makes of it.
#pragma once

#include <cstdint>

namespace heed::detail {

/// As long as it is there, fork() calls `before`, and after that one of the others: for locks, which a child gets free
/// that way, and for what they guard, which it gets whole, whatever other threads were doing.
class ForkWatch {
 public:
  using Call = void (*)();
  ForkWatch(Call before, Call in_parent, Call in_child);
  ~ForkWatch();
  ForkWatch(const ForkWatch&) = delete;
  ForkWatch& operator=(const ForkWatch&) = delete;

 private:
  static void call_all(Call ForkWatch::*which);
  static const int is_told_;  ///< the system

  Call before_, in_parent_, in_child_;
  ForkWatch* next_;
};

/// Another in a process that was forked from this one.
uint64_t process_number();

/// The system's number of this process.
int64_t process_id();

}  // namespace heed::detail
