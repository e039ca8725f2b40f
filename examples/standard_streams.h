// What a program does first, before it opens files, and what it does last.
#pragma once

namespace examples {

/// Opens the standard input, output and error where the program was started without (`2>&-`), so that no file gets
/// their numbers and what is meant for them. What is written to them fails as before.
void open_standard_streams();

/// Turns signals that end a program for what is an error of a write into that error: a reader that has gone (EPIPE), a
/// file that would be larger than `ulimit -f` allows (EFBIG).
void let_writes_fail();

/// Whether all that was printed has arrived.
bool close_standard_output();

}  // namespace examples
