// Splits a stream of bytes into lines.
#include <heed/tensor/text_file.h>

#include <cstring>
#include <utility>
#include <vector>

#include <heed/tensor/error.h>

#include "files/byte_stream.h"

namespace heed {

namespace {
constexpr size_t kLongestLine = size_t{1} << 20;
constexpr size_t kBufferBytes = size_t{1} << 16;
}  // namespace

struct LineReader::State {
  std::string path;
  detail::ByteStream stream;
  std::vector<char> buffer = std::vector<char>(kBufferBytes);
  size_t position = 0;
  size_t end = 0;
  int64_t line_number = 0;

  State(const std::string& file, std::function<void()> while_waiting)
      : path(file), stream(file, std::move(while_waiting)) {}

  template <class... Parts>
  void check_line(bool good, const Parts&... parts) const {
    if (!good) {
      fail<FileError>(path + ":" + std::to_string(line_number + 1), parts...);
    }
  }

  /// Makes bytes available; false at the end of the file.
  bool fill() {
    if (position < end) {
      return true;
    }
    position = 0;
    try {
      end = stream.read(buffer.data(), buffer.size());
    } catch (const detail::StreamProblem& problem) {
      check_line(false, problem.what());
    }
    return end > 0;
  }
};

LineReader::LineReader(const std::string& path, std::function<void()> while_waiting)
    : state_(std::make_unique<State>(path, std::move(while_waiting))) {}

LineReader::~LineReader() = default;

bool LineReader::next(std::string& line) {
  State& state = *state_;
  line.clear();
  bool found_end = false;
  bool found_any = false;
  while (!found_end && state.fill()) {
    found_any = true;
    const char* begin = state.buffer.data() + state.position;
    const size_t available = state.end - state.position;
    const void* newline = std::memchr(begin, '\n', available);
    found_end = newline != nullptr;
    const size_t length = found_end ? static_cast<size_t>(static_cast<const char*>(newline) - begin) : available;
    state.check_line(line.size() + length <= kLongestLine, "the line is longer than ", kLongestLine, " bytes");
    line.append(begin, length);
    state.position += length + (found_end ? 1 : 0);
  }
  if (!found_any) {
    return false;
  }
  state.check_line(line.find('\0') == std::string::npos, "a NUL byte: this is no text file");
  ++state.line_number;
  if (!line.empty() && line.back() == '\r') {
    line.pop_back();
  }
  if (state.line_number == 1 && line.starts_with("\xEF\xBB\xBF")) {
    line.erase(0, 3);
  }
  return true;
}

int64_t LineReader::line_number() const { return state_->line_number; }

const std::string& LineReader::path() const { return state_->path; }

}  // namespace heed
