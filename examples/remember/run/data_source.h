// Makes the dataset of a run.
#pragma once

#include <memory>

#include "data/dataset.h"
#include "run/options.h"

namespace remember {

/// For pairs, "auto" in the options is replaced by what the file needs. The program reads each file once, because a
/// pipe cannot be read again and a report must use the data trained on: later calls get the same text. Throws
/// heed::FileError, and Interrupted while it reads.
std::unique_ptr<Dataset> open_dataset(RunOptions& options);

}  // namespace remember
