// NumPy's files: .npy, one array, and .npz, a zip of named arrays (stored or deflated, zip64).
// Format: numpy.lib.format, versions 1 to 3; C and Fortran order; little, big and native endian; one array per .npy.
// Read as: f2, f4 → float32; f8 → float64; all integers → int64; b1 → bool.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include <heed/tensor/tensor.h>

namespace heed {

/// Throws FileError naming the file, and the byte of the error in its header. Sizes are checked before memory is
/// allocated. Of a pipe or a device that is no array only the first bytes are read, and at most 256 MiB of any.
Tensor load_npy(const std::string& path);
/// Writes x in C order. Replaces the file whole or not at all (see file.h).
void save_npy(const std::string& path, const Tensor& x);

/// What a tensor is, without its values.
struct TensorInfo {
  Shape shape;
  DType dtype = DType::float32;
};

/// An archive open for reading, by one thread at a time.
class NpzReader {
 public:
  /// Throws FileError, which says what the file is, when it is missing, not a zip archive, has two members of one name,
  /// or contradicts itself: bytes before, behind or between its members, a member whose own header differs from the
  /// directory, members that overlap, names that are paths out of a folder or have control characters, more than 65,535
  /// members. A pipe is read as a whole, up to 256 MiB.
  explicit NpzReader(const std::string& path);
  ~NpzReader();
  NpzReader(NpzReader&&) noexcept;

  /// The members' names in the archive's order, without ".npy".
  const std::vector<std::string>& names() const;
  bool contains(std::string_view name) const;
  /// Shape and element type as tensor() would return them, from the member's header: little is unpacked. Throws
  /// FileError.
  TensorInfo info(std::string_view name) const;
  /// Throws FileError naming file and member, when it is missing, invalid, or its CRC is wrong. A member may unpack to
  /// 1,032 times its bytes in the file: ask info() first where a file is not trusted.
  Tensor tensor(std::string_view name) const;
  /// A member of rank 1 and bytes (u1), as text. Throws FileError, also for more than `most` bytes.
  std::string text(std::string_view name, int64_t most = int64_t{1} << 30) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Collects members, then writes the archive at once; readable by numpy.load.
class NpzWriter {
 public:
  /// Takes a copy of x under `name`, without ".npy". Throws ValueError for a name that is there already or that the
  /// format cannot hold: empty, longer than 65,531 bytes, not UTF-8, with control characters, or a path out of a
  /// folder ("/x", "../x"). An archive has at most 65,535 members.
  void add(std::string name, const Tensor& x);
  /// UTF-8 text, as a rank-1 array of bytes.
  void add_text(std::string name, std::string_view text);
  /// Deflated unless `compress` is false. Byte-identical for equal members (time stamps are fixed).
  /// Replaces the file whole or not at all (see file.h).
  void save(const std::string& path, bool compress = true) const;

 private:
  void add_bytes(std::string name, std::string bytes);
  std::vector<std::pair<std::string, std::string>> members_;  // file name, .npy bytes
  std::unordered_set<std::string> names_;
};

}  // namespace heed
