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
bool read_all(const std::string& path) {
  bool all = true;
  const bool is_open = is_read<heed::FileError>([&] {
    const Reader reader(path);
    for (const std::string& name : reader.names()) {
      all &= is_read<heed::FileError>([&] {
        const heed::TensorInfo info = reader.info(name);
        if (info.shape.numel() <= kMostElements && reader.tensor(name).shape() != info.shape) {
          std::abort();  // info() and tensor() must agree
        }
      });
    }
  });
  return is_open && all;
}

}  // namespace

bool read_npy(const std::string& path) {
  return is_read<heed::FileError>([&] { heed::load_npy(path); });
}

bool read_npz(const std::string& path) { return read_all<heed::NpzReader>(path); }

bool read_safetensors(const std::string& path) { return read_all<heed::SafetensorsReader>(path); }

bool read_lines(const std::string& path) {
  return is_read<heed::FileError>([&] {
    heed::LineReader reader(path);
    std::string line;
    while (reader.next(line)) {
    }
  });
}

}  // namespace fuzz
