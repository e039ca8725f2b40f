// Zip archives by libzip: members read as a stream with their CRC checked, and archives made in memory.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
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
  /// Throws FileError when the file is missing or no zip archive.
  explicit ZipReader(const std::string& path);
  ~ZipReader();
  ZipReader(const ZipReader&) = delete;
  ZipReader& operator=(const ZipReader&) = delete;

  /// All names, in the archive's order.
  const std::vector<std::string>& names() const;
  /// The member at that place in names(); errors call it `where`. Throws FileError when it cannot be opened, is
  /// encrypted, or neither stored nor deflated.
  std::unique_ptr<ZipMember> open(size_t index, const std::string& where) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// An archive of members (name, bytes), all dated 1980-01-01 so that equal members give equal bytes.
/// Throws FileError that starts with `where` and names the member that cannot be added.
std::string zip_bytes(const std::vector<std::pair<std::string, std::string>>& members, bool compress,
                      const std::string& where);

}  // namespace heed::detail
