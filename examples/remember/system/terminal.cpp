// Asked by ioctl: see terminal.h.
#include "system/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

namespace remember {

bool errors_go_to_terminal() { return isatty(STDERR_FILENO) == 1; }

int64_t terminal_width() {
  winsize size = {};
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

}  // namespace remember
