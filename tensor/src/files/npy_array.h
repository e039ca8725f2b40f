// A whole .npy array: its bytes as a tensor, and a tensor as its bytes.
#pragma once

#include <string>
#include <string_view>

#include "files/npy_header.h"

namespace heed::detail {

/// Of the tensor that such an array becomes.
DType dtype_of(const NpyHeader& header);
/// The elements that such a header describes, converted to the tensor's. Throws FileError.
Tensor read_elements(const NpyHeader& header, ByteSource& source);
/// The elements of a contiguous tensor as they lie in memory.
std::string_view element_bytes(const Tensor& x);
/// Reads header and elements. Throws FileError.
Tensor read_npy(ByteSource& source);
/// Reads a rank-1 array of u1 as text. Throws FileError for any other, and for more than `most` bytes.
std::string read_npy_text(ByteSource& source, int64_t most);

/// x as a .npy file in row-major order. Throws ValueError for an undefined tensor.
std::string npy_bytes(const Tensor& x);
/// Text as a .npy file: a rank-1 array of u1.
std::string npy_text_bytes(std::string_view text);

}  // namespace heed::detail
