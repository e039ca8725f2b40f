// NumPy's files: .npy, one array, and .npz, a zip of named arrays (stored or deflated, zip64).
// Format: numpy.lib.format, versions 1 to 3; C and Fortran order; little, big and native endian; one array per .npy.
// Read as: f2, f4 → float32; f8 → float64; all integers → int64; b1 → bool.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include <heed/tensor/tensor.h>

namespace heed {

/// Throws FileError naming the file, and the byte of the error in its header. Sizes are checked before memory is
/// allocated.
Tensor load_npy(const std::string& path);
/// Writes x in C order. Replaces the file whole or not at all (see file.h).
void save_npy(const std::string& path, const Tensor& x);

/// An archive open for reading, by one thread at a time.
class NpzReader {
 public:
  /// Throws FileError, which says what the file is, when it is missing, not a zip archive (or one with bytes before
  /// it), or has two members of one name. A pipe is read as a whole.
  explicit NpzReader(const std::string& path);
  ~NpzReader();
  NpzReader(NpzReader&&) noexcept;

  /// The members' names in the archive's order, without ".npy".
  const std::vector<std::string>& names() const;
  bool contains(std::string_view name) const;
  /// Throws FileError naming file and member, when it is missing, invalid, or its CRC is wrong.
  Tensor tensor(std::string_view name) const;
  /// A member of rank 1 and bytes (u1), as UTF-8 text.
  std::string text(std::string_view name) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Collects members, then writes the archive at once; readable by numpy.load.
class NpzWriter {
 public:
  /// Takes a copy of x under `name`, without ".npy". Throws ValueError for a name that is there already or that the
  /// format cannot hold: empty, longer than 65,531 bytes, not UTF-8, or with a NUL byte.
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
