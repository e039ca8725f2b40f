// What a file is that is not what was asked for, so that errors can say it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace heed::detail {

/// What begins with these bytes: "a zip archive (.npz), which NpzReader reads", "a pickle", …; empty when unknown.
std::string_view kind_of_file(std::string_view start);

/// How many bytes stand before the zip archive that ends a file of `size`, whose last bytes are `end`; 0 also where no
/// archive is found.
uint64_t bytes_before_zip(std::string_view end, uint64_t size);
/// Why the bytes of a file of `size` are no zip archive that can be read: "a zip archive with 37 bytes before it".
/// `start` are its first bytes, `end` its last, as many as are at hand.
std::string why_no_zip(std::string_view start, std::string_view end, uint64_t size);

}  // namespace heed::detail
