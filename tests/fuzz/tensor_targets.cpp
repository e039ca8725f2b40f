// Targets that need tensors alone.
#include <cstdlib>

#include <heed/tensor/error.h>
#include <heed/tensor/npz.h>
#include <heed/tensor/safetensors.h>
#include <heed/tensor/text_file.h>

#include "fuzz/targets.h"

namespace fuzz {

namespace {

/// A member may unpack to a thousand times its bytes: such are left out, so that a run looks at many files.
constexpr int64_t kMostElements = 1 << 20;

template <class Reader>
void read_all(const std::string& path) {
  const Reader reader(path);
  for (const std::string& name : reader.names()) {
    try {
      const heed::TensorInfo info = reader.info(name);
      if (info.shape.numel() <= kMostElements && reader.tensor(name).shape() != info.shape) {
        std::abort();  // info() and tensor() must agree
      }
    } catch (const heed::FileError&) {
    }
  }
}

}  // namespace

void read_npy(const std::string& path) {
  try {
    heed::load_npy(path);
  } catch (const heed::FileError&) {
  }
}

void read_npz(const std::string& path) {
  try {
    read_all<heed::NpzReader>(path);
  } catch (const heed::FileError&) {
  }
}

void read_safetensors(const std::string& path) {
  try {
    read_all<heed::SafetensorsReader>(path);
  } catch (const heed::FileError&) {
  }
}

void read_lines(const std::string& path) {
  try {
    heed::LineReader reader(path);
    std::string line;
    while (reader.next(line)) {
    }
  } catch (const heed::FileError&) {
  }
}

}  // namespace fuzz
