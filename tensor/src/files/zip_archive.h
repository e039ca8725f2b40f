// Zip archives: members read as a stream, with their sizes and CRC checked.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace heed::detail {

/// One member, open for reading.
class ZipMember {
 public:
  ~ZipMember();
  ZipMember(const ZipMember&) = delete;
  ZipMember& operator=(const ZipMember&) = delete;

  /// Its size when uncompressed, no more than the compressed bytes can hold.
  int64_t size() const;
  /// The next `count` bytes. Throws FileError when there are not so many, or they are broken.
  void read(char* out, int64_t count);
  /// To be called after the last byte: throws FileError unless the CRC is right.
  void check_end();

 private:
  friend class ZipReader;
  struct State;
  explicit ZipMember(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

class ZipReader {
 public:
  /// Throws FileError when the file is missing or no zip archive, or one that contradicts itself (zip_directory.h).
  explicit ZipReader(const std::string& path);
  ~ZipReader();
  ZipReader(const ZipReader&) = delete;
  ZipReader& operator=(const ZipReader&) = delete;

  /// All names, different or not, in the archive's order.
  const std::vector<std::string>& names() const;
  /// The member at that place in names(); errors call it `where`. Throws FileError when it cannot be opened, is
  /// encrypted, or neither stored nor deflated.
  std::unique_ptr<ZipMember> open(size_t index, const std::string& where) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace heed::detail
