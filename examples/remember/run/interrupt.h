// Ctrl-C (SIGINT) and SIGTERM, as a flag that is checked between steps.
#pragma once

namespace remember {

/// From now on the first signal only sets the flag; a second one ends the program.
void watch_for_interrupt();
bool interrupted();
/// Throws Interrupted if interrupted(). For work that has nothing to save.
void stop_if_interrupted();
/// Undoes watch_for_interrupt().
void stop_watching_for_interrupt();
/// Sets the flag, as a signal does.
void interrupt();

/// Thrown when interrupted work has been saved. Exit status 130.
struct Interrupted {};

}  // namespace remember
