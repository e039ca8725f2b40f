// Ctrl-C (SIGINT), SIGTERM, SIGHUP (the terminal is gone) and SIGXCPU (`ulimit -t`: the time is over), as a flag that
// is checked between steps.
#pragma once

namespace remember {

/// From now on the first signal only sets the flag. A second Ctrl-C or SIGTERM ends the program at once; one within a
/// fifth of a second is the first again, since `timeout` sends its signal twice. SIGHUP and SIGXCPU never count as a
/// second one: terminals and shells both send the first, and the other comes every second. Both stay ignored if they
/// were when the program started, as SIGHUP is under nohup.
void watch_for_interrupt();
bool interrupted();
/// The exit status for the signal that came: 130 for SIGINT, 143 for SIGTERM, 129 for SIGHUP, 152 for SIGXCPU.
int interrupt_status();
/// Throws Interrupted if interrupted(). For work that has nothing to save.
void stop_if_interrupted();
/// Undoes watch_for_interrupt().
void stop_watching_for_interrupt();
/// Sets the flag, as Ctrl-C does.
void interrupt();

/// Thrown when interrupted work has been saved. The exit status is interrupt_status().
struct Interrupted {};

}  // namespace remember
