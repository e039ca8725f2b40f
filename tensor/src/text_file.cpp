// Reads lines through zlib's gz functions, which take plain files as they are.
#include <heed/tensor/text_file.h>

#include <zlib.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <vector>

#include <heed/tensor/error.h>

namespace heed {

namespace {
constexpr size_t kLongestLine = size_t{1} << 20;
constexpr unsigned kBufferBytes = 1U << 16;

/// What went wrong with `file` last; nullptr when nothing did.
const char* problem_of(gzFile file) {
  int code = Z_OK;
  const char* text = gzerror(file, &code);
  if (code == Z_OK || code == Z_STREAM_END) {
    return nullptr;
  }
  if (code == Z_ERRNO) {
    return std::strerror(errno);
  }
  return code == Z_BUF_ERROR ? "the gzip stream is cut off" : text;
}
}  // namespace

struct LineReader::State {
  std::string path;
  gzFile file = nullptr;
  std::vector<char> buffer = std::vector<char>(kBufferBytes);
  size_t position = 0;
  size_t end = 0;
  int64_t line_number = 0;

  ~State() {
    if (file != nullptr) {
      gzclose_r(file);
    }
  }

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
    const int got = gzread(file, buffer.data(), kBufferBytes);
    if (got <= 0) {
      const char* problem = problem_of(file);
      check_line(problem == nullptr, problem == nullptr ? "" : problem);
    }
    position = 0;
    end = static_cast<size_t>(got);
    return got > 0;
  }
};

LineReader::LineReader(const std::string& path) : state_(std::make_unique<State>()) {
  state_->path = path;
  std::error_code none;
  // gzopen takes a folder, and fails only when reading.
  check<FileError>(!std::filesystem::is_directory(path, none), "cannot read " + path, std::strerror(EISDIR));
  errno = 0;
  state_->file = gzopen(path.c_str(), "rb");
  const int code = errno == 0 ? ENOMEM : errno;
  check<FileError>(state_->file != nullptr, "cannot read " + path, std::strerror(code));
  gzbuffer(state_->file, kBufferBytes);
}

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
