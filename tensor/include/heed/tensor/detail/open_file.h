// OpenFile: a file of the system that is open. It alone owns descriptors. What fails leaves its reason in errno.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace heed::detail {

/// What the system answers, or cannot.
enum class Answer { yes, no, unknown };

class OpenFile {
 public:
  enum class Mode {
    read,    ///< no folder; a pipe is opened and read without waiting
    hold,    ///< as it is, to be held; no symbolic link
    write,   ///< from its start; it exists, and is emptied
    make,    ///< it must not exist yet
    append,  ///< made if it does not exist
    update,  ///< read and written, made if it does not exist; no symbolic link
    folder,
  };

  OpenFile(const std::string& path, Mode mode);
  ~OpenFile() { close(); }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;

  bool is_open() const { return number_ >= 0; }
  /// As it was when it was opened by `read` or `append`.
  bool is_regular() const { return is_regular_; }
  uint64_t size() const { return size_; }

  /// Up to `size` bytes; 0 at the end, or of a pipe that nobody writes to. -1 where it failed; EINTR and EAGAIN say
  /// that there are no bytes yet.
  int64_t read(char* out, size_t size) const;
  int64_t read_at(uint64_t place, char* out, size_t size) const;
  /// Waits until there are bytes or their end. False when none came in that time, whatever signals did; without a limit
  /// (-1), when a signal came.
  bool wait(int milliseconds) const;
  /// False when not all of the bytes could be written.
  bool write(std::string_view bytes) const;
  bool resize(uint64_t size) const;
  /// Waits until what was written is on the disk, where there is one.
  bool sync() const;
  /// False when the system reports a write that failed late.
  bool close();

  /// Holds the file as long as it is open. No: another does. Unknown: the file system has no locks.
  Answer hold() const;
  /// Whether the file has that path.
  Answer is_at(const std::string& path) const;

 private:
  int number_;
  bool is_regular_ = false;
  uint64_t size_ = 0;
};

/// Whether this process may write to what is at the path.
bool may_write(const std::string& path);

/// Throws FileAccessError "DOING PATH: …" with what errno says.
[[noreturn]] void fail_access(std::string_view doing, const std::string& path);

}  // namespace heed::detail
