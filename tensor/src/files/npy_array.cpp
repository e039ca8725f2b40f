// Converts the elements of .npy arrays, of any width and byte order, to those of tensors.
#include "files/npy_array.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <utility>

#include <heed/tensor/create.h>
#include <heed/tensor/error.h>
#include <heed/tensor/view.h>

namespace heed::detail {

DType dtype_of(const NpyHeader& header) {
  if (header.kind == 'f' || header.kind == 'B') {
    return header.item_size == 8 ? DType::float64 : DType::float32;
  }
  return header.kind == 'b' ? DType::boolean : DType::int64;
}

namespace {

static_assert(std::endian::native == std::endian::little || std::endian::native == std::endian::big);

/// The bits of an IEEE 754 half-precision number as a single-precision one; a NaN keeps its payload.
float float_of_half(uint16_t half) {
  const uint32_t sign = (half & 0x8000U) << 16;
  const uint32_t exponent = half >> 10 & 0x1FU;
  const uint32_t fraction = half & 0x3FFU;
  if (exponent == 0) {
    const float magnitude = static_cast<float>(fraction) * 0x1p-24F;
    return std::bit_cast<float>(sign | std::bit_cast<uint32_t>(magnitude));
  }
  const uint32_t wide_exponent = exponent == 0x1F ? 0xFF : exponent + (127 - 15);
  return std::bit_cast<float>(sign | wide_exponent << 23 | fraction << 13);
}

/// Converts `count` elements as they lie in the file, at `raw`.
template <class File, class Out, class Convert>
void convert_elements(const char* raw, int64_t count, bool swap, void* out, const Convert& convert) {
  Out* values = static_cast<Out*>(out);
  for (int64_t i = 0; i < count; ++i) {
    std::array<char, sizeof(File)> bytes;
    std::memcpy(bytes.data(), raw + i * static_cast<int64_t>(sizeof(File)), sizeof(File));
    if (swap) {
      std::reverse(bytes.begin(), bytes.end());
    }
    values[i] = convert(std::bit_cast<File>(bytes));
  }
}

template <class File>
void convert_integers(const char* raw, int64_t count, bool swap, void* out, const std::string& where) {
  convert_elements<File, int64_t>(raw, count, swap, out, [&where](File value) {
    check<FileError>(std::in_range<int64_t>(value), where, "the value ", value, " does not fit int64");
    return static_cast<int64_t>(value);
  });
}

/// Floating-point numbers are moved as integers: a signalling NaN keeps its bits.
void convert_floats(const NpyHeader& header, const char* raw, int64_t count, bool swap, void* out) {
  if (header.item_size == 2) {
    convert_elements<uint16_t, float>(raw, count, swap, out, float_of_half);
  } else if (header.item_size == 4) {
    convert_elements<uint32_t, uint32_t>(raw, count, swap, out, [](uint32_t bits) { return bits; });
  } else {
    convert_elements<uint64_t, uint64_t>(raw, count, swap, out, [](uint64_t bits) { return bits; });
  }
}

void convert(const NpyHeader& header, const char* raw, int64_t count, void* out, const std::string& where) {
  const bool swap = header.big_endian != (std::endian::native == std::endian::big);
  if (header.kind == 'f') {
    convert_floats(header, raw, count, swap, out);
    return;
  }
  if (header.kind == 'B') {
    convert_elements<uint16_t, uint32_t>(raw, count, swap, out, [](uint16_t bits) { return uint32_t{bits} << 16; });
    return;
  }
  if (header.kind == 'b') {
    convert_elements<uint8_t, bool>(raw, count, swap, out, [](uint8_t value) { return value != 0; });
    return;
  }
  const bool is_signed = header.kind == 'i';
  switch (header.item_size) {
    case 1:
      return is_signed ? convert_integers<int8_t>(raw, count, swap, out, where)
                       : convert_integers<uint8_t>(raw, count, swap, out, where);
    case 2:
      return is_signed ? convert_integers<int16_t>(raw, count, swap, out, where)
                       : convert_integers<uint16_t>(raw, count, swap, out, where);
    case 4:
      return is_signed ? convert_integers<int32_t>(raw, count, swap, out, where)
                       : convert_integers<uint32_t>(raw, count, swap, out, where);
    default:
      return is_signed ? convert_integers<int64_t>(raw, count, swap, out, where)
                       : convert_integers<uint64_t>(raw, count, swap, out, where);
  }
}

std::string descr_of(DType dtype) {
  const char order = std::endian::native == std::endian::little ? '<' : '>';
  switch (dtype) {
    case DType::float32:
      return {order, 'f', '4'};
    case DType::float64:
      return {order, 'f', '8'};
    case DType::int64:
      return {order, 'i', '8'};
    case DType::boolean:
      return "|b1";
  }
  return {};
}

}  // namespace

// In pieces, so that what is narrower in the file needs no second copy.
Tensor read_elements(const NpyHeader& header, ByteSource& source) {
  Shape shape = header.shape;
  if (header.column_major) {
    std::reverse(shape.begin(), shape.end());
  }
  const DType dtype = dtype_of(header);
  Tensor x = empty(shape, dtype);
  constexpr int64_t kPiece = 1 << 16;
  std::string raw(static_cast<size_t>(std::min(kPiece, x.numel()) * header.item_size), '\0');
  x.storage().bump_version();
  std::byte* out = x.storage().data();
  for (int64_t first = 0; first < x.numel(); first += kPiece) {
    const int64_t count = std::min(kPiece, x.numel() - first);
    source.read(raw.data(), count * header.item_size);
    convert(header, raw.data(), count, out + first * size_of(dtype), source.where);
  }
  if (!header.column_major) {
    return x;
  }
  Dims reversed;
  for (int64_t axis = shape.rank() - 1; axis >= 0; --axis) {
    reversed.push_back(axis);
  }
  return contiguous(permute(x, reversed));
}

std::string_view element_bytes(const Tensor& x) {
  const std::byte* first = x.storage().data() + x.offset() * size_of(x.dtype());
  return {reinterpret_cast<const char*>(first), static_cast<size_t>(x.numel() * size_of(x.dtype()))};
}

Tensor read_npy(ByteSource& source) {
  const NpyHeader header = read_npy_header(source);
  return read_elements(header, source);
}

std::string read_npy_text(ByteSource& source, int64_t most) {
  const NpyHeader header = read_npy_header(source);
  check<FileError>(header.kind == 'u' && header.item_size == 1 && header.shape.rank() == 1, source.where,
                   "needs text, a rank-1 array of u1, got shape ", header.shape, " of ", header.kind, header.item_size);
  check<FileError>(header.shape.front() <= most, source.where, "must have at most ", most, " bytes of text, got ",
                   header.shape.front());
  std::string text(static_cast<size_t>(header.shape.front()), '\0');
  source.read(text.data(), header.shape.front());
  return text;
}

std::string npy_bytes(const Tensor& x) {
  check(x.defined(), "npy", "the tensor is undefined");
  return npy_header(descr_of(x.dtype()), x.shape()).append(element_bytes(contiguous(x)));
}

std::string npy_text_bytes(std::string_view text) {
  return npy_header("|u1", {static_cast<int64_t>(text.size())}).append(text);
}

}  // namespace heed::detail
