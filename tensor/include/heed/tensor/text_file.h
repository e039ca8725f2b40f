// LineReader: the lines of a text file, plain or gzip, read as a stream.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace heed {

class LineReader {
 public:
  /// Throws FileError when the file cannot be opened. The file may be a pipe, even one without a writer yet.
  /// `while_waiting` is called before bytes are asked for and, while none come, ten times a second; what it throws
  /// passes through next(). So a program can be interrupted while it reads.
  explicit LineReader(const std::string& path, std::function<void()> while_waiting = {});
  ~LineReader();
  LineReader(const LineReader&) = delete;
  LineReader& operator=(const LineReader&) = delete;

  /// Reads the next line, without its end (LF or CRLF) and without a byte-order mark, into `line`; false at the end of
  /// the file. Throws FileError that starts with "path:line: " for an invalid or truncated gzip stream, one that
  /// unpacks to more than 1 MiB and 100 times its size, a NUL byte or a line above 1 MiB.
  bool next(std::string& line);
  /// The number of the line last read, from 1.
  int64_t line_number() const;
  const std::string& path() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace heed
