// The bytes of a file, read from any place in it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <heed/tensor/detail/open_file.h>

namespace heed::detail {

/// The most bytes taken from what can be read only once, such as a pipe: they are kept in memory.
inline constexpr uint64_t kMostFromPipe = uint64_t{256} << 20;

class RandomAccess {
 public:
  /// Whether a file may begin with these bytes: all that were read of it so far.
  using Beginning = bool (*)(std::string_view bytes);

  /// Opens a file. A pipe or a device is read to its end, but no further than its first bytes unless it may begin with
  /// these. Throws FileError "cannot read PATH: …".
  RandomAccess(const std::string& path, Beginning may_begin);

  const std::string& path() const { return path_; }
  uint64_t size() const { return size_; }
  /// Writes `count` bytes from `place` on to `out`. Throws FileError when the file has not so many.
  void read(uint64_t place, char* out, size_t count) const;
  std::string read(uint64_t place, size_t count) const;

 private:
  std::string path_;
  OpenFile file_;
  uint64_t size_;
  std::string bytes_;  ///< of what is no regular file
};

}  // namespace heed::detail
