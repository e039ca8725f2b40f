// Makes the dataset that options describe.
#pragma once

#include <memory>

#include "data/dataset.h"
#include "run/options.h"

namespace remember {

/// For pairs, the options' ways to cut tokens become those that the file asks for. Throws heed::FileError.
std::unique_ptr<Dataset> open_dataset(RunOptions& options);

}  // namespace remember
