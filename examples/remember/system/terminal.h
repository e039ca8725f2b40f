// The terminal that the standard error may be.
#pragma once

#include <cstdint>

namespace remember {

bool errors_go_to_terminal();

/// In columns; 80 where it does not say.
int64_t terminal_width();

}  // namespace remember
