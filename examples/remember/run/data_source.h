// Makes the dataset that options describe.
#pragma once

#include <memory>

#include "data/dataset.h"
#include "run/options.h"

namespace remember {

/// For pairs, the options' ways to cut tokens become those that the file asks for. Each file is read once by a program,
/// since a pipe gives nothing a second time and a report must be of the data trained on: later calls get the same text.
/// Throws heed::FileError, and Interrupted while it reads.
std::unique_ptr<Dataset> open_dataset(RunOptions& options);

}  // namespace remember
