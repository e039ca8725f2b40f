// Waits in pieces of time, so that whoever waits for a pipe can be told to stop; unpacks with zlib's inflate.
#include "files/byte_stream.h"

#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <string_view>
#include <utility>
#include <vector>

#include <heed/tensor/detail/open_file.h>
#include <heed/tensor/file.h>

namespace heed::detail {

namespace {

constexpr size_t kBufferBytes = size_t{1} << 16;
/// Text packs to a third or a tenth; a hundredth is one line over and over, or meant to fill the memory.
constexpr uint64_t kMostPerByte = 100, kAlwaysUnpacked = uint64_t{1} << 20;
constexpr std::string_view kGzipMagic = "\x1F\x8B";

}  // namespace

struct ByteStream::State {
  OpenFile file;
  std::function<void()> while_waiting;
  std::vector<char> buffer = std::vector<char>(kBufferBytes);
  size_t position = 0;
  size_t end = 0;
  bool at_end = false;
  bool is_gzip = false;
  bool in_member = false;  ///< of a gzip file, which may hold several one after another
  z_stream inflater = {};
  uint64_t packed_bytes = 0;    ///< that were unpacked
  uint64_t unpacked_bytes = 0;  ///< that came of them

  State(const std::string& path, std::function<void()> called)
      : file(path, OpenFile::Mode::read), while_waiting(std::move(called)) {
    if (!file.is_open()) {
      fail_access("cannot read", path);
    }
  }
  ~State() {
    if (is_gzip) {
      inflateEnd(&inflater);
    }
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  /// As ByteStream::read(), of what is in the file.
  size_t read(char* out, size_t size) const {
    constexpr int kMilliseconds = 100;
    for (;;) {
      if (while_waiting) {
        while_waiting();
      }
      if (!file.is_regular() && !file.wait(while_waiting ? kMilliseconds : -1)) {
        continue;
      }
      const int64_t got = file.read(out, size);
      if (got >= 0) {
        return static_cast<size_t>(got);
      }
      if (errno != EINTR && errno != EAGAIN) {
        throw StreamProblem(system_message(errno));
      }
    }
  }

  std::string_view packed() const { return {buffer.data() + position, end - position}; }

  /// Adds bytes to those in the buffer.
  void fill() {
    std::copy(buffer.begin() + static_cast<std::ptrdiff_t>(position), buffer.begin() + static_cast<std::ptrdiff_t>(end),
              buffer.begin());
    end -= std::exchange(position, 0);
    const size_t got = at_end || end == buffer.size() ? 0 : read(buffer.data() + end, buffer.size() - end);
    at_end = at_end || got == 0;
    end += got;
  }

  /// The first bytes say whether the file is packed.
  void begin() {
    while (end < kGzipMagic.size() && !at_end) {
      fill();
    }
    if (packed().starts_with(kGzipMagic)) {
      constexpr int kGzipOnly = 16;
      is_gzip = inflateInit2(&inflater, MAX_WBITS + kGzipOnly) == Z_OK;
      if (!is_gzip) {
        throw std::bad_alloc();
      }
    }
  }

  /// Steps over zeros, which may follow a member, to the next; false at the end of the file.
  bool next_member() {
    for (;;) {
      const size_t zeros = std::min(packed().find_first_not_of('\0'), packed().size());
      position += zeros;
      if (position < end) {
        while (packed().size() < kGzipMagic.size() && !at_end) {
          fill();
        }
        if (!packed().starts_with(kGzipMagic)) {
          throw StreamProblem("bytes after the gzip stream");
        }
        in_member = inflateReset(&inflater) == Z_OK;
        return in_member;
      }
      if (at_end) {
        return false;
      }
      fill();
    }
  }

  /// Some unpacked bytes; 0 where the buffer holds too few packed ones, or a member ends.
  size_t inflate_some(char* out, size_t size) {
    inflater.next_in = reinterpret_cast<Bytef*>(buffer.data() + position);
    inflater.avail_in = static_cast<uInt>(end - position);
    inflater.next_out = reinterpret_cast<Bytef*>(out);
    inflater.avail_out = static_cast<uInt>(std::min(size, kBufferBytes));
    const uInt room = inflater.avail_out;
    const int code = inflate(&inflater, Z_NO_FLUSH);
    packed_bytes += end - inflater.avail_in - position;
    position = end - inflater.avail_in;
    unpacked_bytes += room - inflater.avail_out;
    if (unpacked_bytes > kAlwaysUnpacked && unpacked_bytes / kMostPerByte > packed_bytes) {
      throw StreamProblem("the gzip stream unpacks to more than 100 times its size");
    }
    if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR) {
      throw StreamProblem(inflater.msg == nullptr ? "the gzip stream is broken" : inflater.msg);
    }
    in_member = code != Z_STREAM_END;
    return room - inflater.avail_out;
  }
};

ByteStream::ByteStream(const std::string& path, std::function<void()> while_waiting)
    : state_(std::make_unique<State>(path, std::move(while_waiting))) {}

ByteStream::~ByteStream() = default;

size_t ByteStream::read(char* out, size_t size) {
  State& state = *state_;
  if (state.end == 0 && !state.at_end) {
    state.begin();
  }
  if (!state.is_gzip) {
    if (state.position == state.end) {
      state.fill();
    }
    const size_t count = std::min(size, state.packed().size());
    std::copy_n(state.packed().data(), count, out);
    state.position += count;
    return count;
  }
  while (state.in_member || state.next_member()) {
    const size_t count = state.inflate_some(out, size);
    if (count > 0) {
      return count;
    }
    if (state.in_member && state.position == state.end) {
      state.fill();
      if (state.at_end && state.position == state.end) {
        throw StreamProblem("the gzip stream is cut off");
      }
    }
  }
  return 0;
}

}  // namespace heed::detail
