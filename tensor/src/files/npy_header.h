// The header of a .npy array: what its elements are, how they lie, and where they start.
// Format: numpy.lib.format, versions 1.0, 2.0 and 3.0.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include <heed/tensor/tensor.h>

namespace heed::detail {

/// Where an array's bytes come from. `where` names it in errors; `size` counts all its bytes.
struct ByteSource {
  std::string where;
  int64_t size = 0;
  /// Writes the next `count` bytes to `out`, or throws FileError.
  std::function<void(char* out, int64_t count)> read;
};

struct NpyHeader {
  char kind = 'f';            ///< 'f' floating, 'i' signed, 'u' unsigned, 'b' bool; 'B' bfloat16, which .npy has not
  int64_t item_size = 4;      ///< bytes an element
  bool big_endian = false;    ///< the most significant byte first
  bool column_major = false;  ///< Fortran order: the first index runs fastest
  Shape shape;
  int64_t header_bytes = 0;  ///< the array's bytes start here
};

/// Bytes that the elements take; none when that exceeds 63 bits, sizes of zero counted as one so that strides fit too.
std::optional<int64_t> bytes_of(const NpyHeader& header);

/// Reads the header and leaves `source` at the first element. Checks that exactly as many bytes follow as the shape
/// asks for. Throws FileError naming the byte.
NpyHeader read_npy_header(ByteSource& source);

/// The header that numpy.save would write for a row-major array: version 1.0, padded to 64 bytes.
/// descr: "<f4", "|u1", ….
std::string npy_header(const std::string& descr, const Shape& shape);

}  // namespace heed::detail
