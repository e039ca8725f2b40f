// A file that has a size is read at once, but that may be wrong: in /proc it is 0.
#include "files/read_to_end.h"

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>

#include <heed/tensor/error.h>
#include <heed/tensor/file.h>

namespace heed::detail {

std::string read_to_end(const OpenFile& file, const std::string& path,
                        const std::function<bool(std::string_view)>& go_on) {
  constexpr size_t kPiece = size_t{1} << 16;
  constexpr int kMillisecondsForAWriter = 1000;
  std::string bytes;
  size_t used = 0;
  while (go_on({bytes.data(), used})) {
    if (used == bytes.size()) {
      bytes.resize(used == 0 && file.size() > 0 ? file.size() + 1 : used * 2 + kPiece);
    }
    const bool nothing_came = !file.is_regular() && !file.wait(kMillisecondsForAWriter);
    const int64_t got = file.read(bytes.data() + used, bytes.size() - used);
    if (got < 0 && errno != EINTR && errno != EAGAIN) {
      fail_access("cannot read", path);
    }
    check<FileAccessError>(got != 0 || used > 0 || !nothing_came, "cannot read " + path, "nobody writes to this pipe");
    if (got == 0) {
      break;
    }
    used += static_cast<size_t>(std::max<int64_t>(got, 0));
  }
  bytes.resize(used);
  return bytes;
}

}  // namespace heed::detail
