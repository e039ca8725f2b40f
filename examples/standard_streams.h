// What a program does first, before it opens files.
#pragma once

#include <fcntl.h>

#include <cerrno>
#include <csignal>

namespace examples {

/// Opens the standard input, output and error where the program was started without (`2>&-`), so that no file gets
/// their numbers and what is meant for them. What is written to them fails as before.
inline void open_standard_streams() {
  for (int number = 0; number <= 2; ++number) {
    if (::fcntl(number, F_GETFD) == -1 && errno == EBADF) {
      ::open("/dev/null", number == 0 ? O_WRONLY : O_RDONLY);  // the lowest free number, which is this one
    }
  }
}

/// Turns signals that end a program for what is an error of a write into that error: a reader that has gone (EPIPE), a
/// file that would be larger than `ulimit -f` allows (EFBIG).
inline void let_writes_fail() {
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
}

}  // namespace examples
