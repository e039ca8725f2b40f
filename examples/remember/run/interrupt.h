// Ctrl-C (SIGINT) and SIGTERM, as a flag that long work looks at between steps.
#pragma once

namespace remember {

/// From now on the first signal only sets the flag; a second one ends the program at once.
void watch_for_interrupt();
bool interrupted();
/// Throws Interrupted if interrupted(); for work that has nothing to save.
void stop_if_interrupted();
/// From now on signals do again what they did before watch_for_interrupt().
void stop_watching_for_interrupt();
/// Sets the flag, as a signal does.
void interrupt();

/// Thrown by work that stopped because of interrupted(), once what it had done is saved. Exit status 130.
struct Interrupted {};

}  // namespace remember
