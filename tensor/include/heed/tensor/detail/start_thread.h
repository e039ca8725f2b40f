// Threads of the library's own.
#pragma once

#include <functional>
#include <string_view>
#include <thread>

namespace heed::detail {

/// A thread that gets no signals but those that say what it did itself: others are for the threads of the program.
/// Throws Error "WHO: must be given a thread by the system, got: …".
std::thread start_thread(std::string_view who, std::function<void()> work);

}  // namespace heed::detail
