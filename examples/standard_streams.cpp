// By POSIX: see standard_streams.h.
#include "standard_streams.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <iostream>

namespace examples {

void open_standard_streams() {
  for (int number = 0; number <= 2; ++number) {
    if (::fcntl(number, F_GETFD) == -1 && errno == EBADF) {
      ::open("/dev/null", number == 0 ? O_WRONLY : O_RDONLY);  // the lowest free number, which is this one
    }
  }
}

void let_writes_fail() {
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
}

bool close_standard_output() { return std::cout.flush() && ::close(STDOUT_FILENO) == 0; }

}  // namespace examples
