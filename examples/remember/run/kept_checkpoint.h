// Older checkpoints of a run, which --keep asks for: step-500.npz is what last.npz was after that step.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace remember {

/// The step of a kept checkpoint by its file's name, or -1 for another file.
int64_t kept_step(std::string_view name);
/// The steps of those in a folder, in order.
std::vector<int64_t> kept_steps(const std::string& folder);

/// Keeps the last checkpoint of the folder, which is that of `step`, beside the one that will replace it. Throws
/// heed::FileError.
void keep_last_checkpoint(const std::string& folder, int64_t step);
/// Removes kept checkpoints of `step` and after, which no run has come to yet, and all but the latest `count` of those
/// before.
void remove_kept_checkpoints(const std::string& folder, int64_t step, int64_t count);

}  // namespace remember
