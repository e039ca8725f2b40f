// The bytes of a file or a pipe from front to back, unpacked where they are gzip.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>

namespace heed::detail {

/// What is wrong with the bytes of a stream, without the file's name.
class StreamProblem : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class ByteStream {
 public:
  /// Throws FileError when the file cannot be opened, but not for a pipe that nobody writes to yet. `while_waiting` is
  /// called before bytes are asked for and, while none come, ten times a second; what it throws passes through.
  ByteStream(const std::string& path, std::function<void()> while_waiting);
  ~ByteStream();
  ByteStream(const ByteStream&) = delete;
  ByteStream& operator=(const ByteStream&) = delete;

  /// Up to `size` bytes, and 0 only at the end. Throws StreamProblem.
  size_t read(char* out, size_t size);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace heed::detail
