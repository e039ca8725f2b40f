// The bytes of a file, read from any place in it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

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
  ~RandomAccess();
  RandomAccess(const RandomAccess&) = delete;
  RandomAccess& operator=(const RandomAccess&) = delete;

  const std::string& path() const { return path_; }
  uint64_t size() const { return size_; }
  /// Writes `count` bytes from `place` on to `out`. Throws FileError when the file has not so many.
  void read(uint64_t place, char* out, size_t count) const;
  std::string read(uint64_t place, size_t count) const;

 private:
  void read_once(Beginning may_begin);
  [[noreturn]] void fail_system() const;

  std::string path_;
  int number_;
  uint64_t size_ = 0;
  bool in_memory_ = false;
  std::string bytes_;
};

}  // namespace heed::detail
