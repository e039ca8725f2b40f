// Reads and writes the header of a .npy array, with the Python literals that NumPy writes there.
#include "files/npy_header.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

#include <heed/tensor/error.h>
#include <heed/tensor/utf8.h>

#include "files/byte_count.h"
#include "files/file_kind.h"
#include "files/little_endian.h"

namespace heed::detail {

namespace {

constexpr std::string_view kMagic = "\x93NUMPY";
/// NumPy itself refuses more than 10,000 characters: a plain array's header has about 100.
constexpr int64_t kLongestHeader = 1 << 16;
/// A second array is looked for behind no more bytes than these, which may have to be unpacked first.
constexpr int64_t kFarthestSecond = 1 << 20;

/// In words, for the letters of NumPy's types that cannot be read; empty for others.
std::string_view words_for(std::string_view type) {
  switch (type.empty() ? '\0' : type[0]) {
    case 'O':
      return " (Python objects, pickled)";
    case 'c':
      return " (complex numbers)";
    case 'M':
    case 'm':
      return " (dates or times)";
    case 'U':
    case 'S':
    case 'a':
      return " (texts)";
    case 'V':
      return " (raw bytes)";
    case 'f':
    case 'g':
      return " (long double)";
    default:
      return "";
  }
}

/// "f8" for "float64" and so on: NumPy's other names of what can be read, which have no byte order.
std::string_view short_type(std::string_view type) {
  constexpr std::pair<std::string_view, std::string_view> kNames[] = {
      {"float16", "f2"}, {"float32", "f4"}, {"float64", "f8"}, {"int8", "i1"},   {"int16", "i2"},
      {"int32", "i4"},   {"int64", "i8"},   {"uint8", "u1"},   {"uint16", "u2"}, {"uint32", "u4"},
      {"uint64", "u8"},  {"bool", "b1"},    {"?", "b1"}};
  const auto named =
      std::find_if(std::begin(kNames), std::end(kNames), [&](const auto& name) { return name.first == type; });
  return named == std::end(kNames) ? type : named->second;
}

/// Reads a Python dictionary of the three known keys from front to back.
class DictionaryParser {
 public:
  DictionaryParser(std::string_view text, int64_t first_byte, const std::string& where)
      : text_(text), first_byte_(first_byte), where_(where) {}

  NpyHeader parse() {
    require('{');
    while (!accept('}')) {
      parse_entry();
      if (!accept(',')) {
        require('}');
        break;
      }
    }
    skip_space();
    check_here(position_ == text_.size(), "unexpected text after the dictionary");
    check_here(has_descr_ && has_order_ && has_shape_, "needs the keys 'descr', 'fortran_order' and 'shape'");
    return header_;
  }

 private:
  template <class... Parts>
  void check_here(bool good, const Parts&... parts) const {
    check<FileError>(good, where_, "broken header at byte ", first_byte_ + static_cast<int64_t>(position_), ": ",
                     parts...);
  }

  void skip_space() {
    while (position_ < text_.size() && (text_[position_] == ' ' || text_[position_] == '\n')) {
      ++position_;
    }
  }
  bool accept(char wanted) {
    skip_space();
    if (position_ < text_.size() && text_[position_] == wanted) {
      ++position_;
      return true;
    }
    return false;
  }
  void require(char wanted) { check_here(accept(wanted), "expected '", wanted, "'"); }

  bool accept_word(std::string_view word) {
    skip_space();
    if (text_.substr(position_).starts_with(word)) {
      position_ += word.size();
      return true;
    }
    return false;
  }

  std::string_view parse_string() {
    const char quote = accept('"') ? '"' : '\'';
    if (quote == '\'') {
      require('\'');
    }
    const size_t end = text_.find(quote, position_);
    check_here(end != std::string_view::npos, "a string without end");
    const std::string_view value = text_.substr(position_, end - position_);
    position_ = end + 1;
    return value;
  }

  int64_t parse_size() {
    skip_space();
    int64_t value = 0;
    const auto [end, code] = std::from_chars(text_.data() + position_, text_.data() + text_.size(), value);
    check_here(code == std::errc(), "expected a size");
    check_here(value >= 0, "negative size ", value);
    position_ = static_cast<size_t>(end - text_.data());
    accept('L');  // Python 2 wrote long integers so.
    return value;
  }

  void parse_entry() {
    const std::string_view key = parse_string();
    require(':');
    const bool again =
        (key == "descr" && has_descr_) || (key == "fortran_order" && has_order_) || (key == "shape" && has_shape_);
    check_here(!again, "the key '", again ? key : "", "' is there twice");
    if (key == "descr") {
      parse_descr();
    } else if (key == "fortran_order") {
      header_.column_major = accept_word("True");
      check_here(header_.column_major || accept_word("False"), "expected True or False");
      has_order_ = true;
    } else if (key == "shape") {
      parse_shape();
    } else {
      check_here(false, "unknown key '", printable(key), "'");
    }
  }

  void parse_descr() {
    skip_space();
    check_here(!text_.substr(position_).starts_with('['), "arrays of records cannot be read");
    const std::string_view descr = parse_string();
    const char order =
        descr.empty() || std::string_view("<>=|").find(descr[0]) == std::string_view::npos ? '=' : descr[0];
    const std::string_view type = short_type(descr.empty() || order != descr[0] ? descr : descr.substr(1));
    const std::string_view known[] = {"f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "b1"};
    const bool found = std::find(std::begin(known), std::end(known), type) != std::end(known);
    check_here(found && (order != '|' || type[1] == '1'), "elements of type '", printable(descr, 60), "'",
               found ? "" : words_for(type),
               " cannot be read: needs floating-point numbers of 2, 4 or 8 bytes, integers or bool",
               found ? ", in the byte order <, > or =" : "");
    header_.kind = type[0];
    header_.item_size = type[1] - '0';
    header_.big_endian = order == '>' || (order == '=' && std::endian::native == std::endian::big);
    has_descr_ = true;
  }

  void parse_shape() {
    require('(');
    header_.shape = Shape();
    while (!accept(')')) {
      check_here(header_.shape.rank() < kMaxRank, "more than ", kMaxRank, " axes");
      header_.shape.push_back(parse_size());
      if (!accept(',')) {
        require(')');
        break;
      }
    }
    has_shape_ = true;
  }

  std::string_view text_;
  size_t position_ = 0;
  int64_t first_byte_;
  const std::string& where_;
  NpyHeader header_;
  bool has_descr_ = false;
  bool has_order_ = false;
  bool has_shape_ = false;
};

/// Fails unless the array that a header describes fills the rest of the source.
void check_size(const NpyHeader& header, ByteSource& source) {
  const std::optional<int64_t> wanted = bytes_of(header);
  const int64_t present = source.size - header.header_bytes;
  if (wanted == present) {
    return;
  }
  std::string beyond;
  if (wanted && present > *wanted) {
    // NumPy writes one array after another into an open file, and reads them so.
    const int64_t extra = present - *wanted;
    std::string next;
    if (*wanted <= kFarthestSecond) {
      std::string bytes(static_cast<size_t>(*wanted + std::min<int64_t>(extra, std::ssize(kMagic))), '\0');
      source.read(bytes.data(), std::ssize(bytes));
      next = bytes.substr(static_cast<size_t>(*wanted));
    }
    beyond = ": " + byte_count(static_cast<uint64_t>(extra)) + " after the array" +
             (next == kMagic ? ", where a second array begins: one array per file can be read" : "");
  }
  fail<FileError>(source.where, "shape ", header.shape, " of ", header.item_size, "-byte elements needs ",
                  wanted ? std::to_string(*wanted) : "more than 2^63", " bytes, got ", present, " from byte ",
                  header.header_bytes, " on", beyond);
}

}  // namespace

std::optional<int64_t> bytes_of(const NpyHeader& header) {
  int64_t bytes = header.item_size;
  bool is_empty = false;
  for (const int64_t size : header.shape) {
    is_empty = is_empty || size == 0;
    if (__builtin_mul_overflow(bytes, size == 0 ? 1 : size, &bytes)) {
      return std::nullopt;
    }
  }
  return is_empty ? 0 : bytes;
}

NpyHeader read_npy_header(ByteSource& source) {
  char start[8] = {};
  check<FileError>(source.size >= 10, source.where, "needs a NumPy array, got only ",
                   byte_count(static_cast<uint64_t>(source.size)));
  source.read(start, sizeof start);
  const std::string_view kind = kind_of_file({start, sizeof start});
  check<FileError>(std::string_view(start, 6) == kMagic, source.where, "is no NumPy array: byte 0 starts no \\x93NUMPY",
                   kind.empty() ? "" : ", but ", kind);
  check<FileError>(start[6] >= 1 && start[6] <= 3 && start[7] == 0, source.where, "version ", int{start[6]}, ".",
                   int{start[7]}, " at byte 6 is unknown: needs 1.0, 2.0 or 3.0");
  const int64_t length_bytes = start[6] == 1 ? 2 : 4;
  check<FileError>(source.size >= 8 + length_bytes, source.where, "is cut off at byte ", source.size);
  source.read(start, length_bytes);
  const auto length = static_cast<int64_t>(little_endian({start, sizeof start}, 0, static_cast<size_t>(length_bytes)));
  const int64_t first_byte = 8 + length_bytes;
  check<FileError>(length <= source.size - first_byte, source.where, "a header of ", length,
                   " bytes cannot be: ", source.size - first_byte, " bytes follow");
  check<FileError>(length <= kLongestHeader, source.where, "a header of ", length,
                   " bytes is longer than that of any plain array: at most ", kLongestHeader, " can be read");
  std::string text(static_cast<size_t>(length), '\0');
  source.read(text.data(), length);

  NpyHeader header = DictionaryParser(text, first_byte, source.where).parse();
  header.header_bytes = first_byte + length;
  check_size(header, source);
  return header;
}

std::string npy_header(const std::string& descr, const Shape& shape) {
  std::string text = "{'descr': '" + descr + "', 'fortran_order': False, 'shape': (";
  for (int64_t i = 0; i < shape.rank(); ++i) {
    text += std::to_string(shape[i]) + (shape.rank() == 1 ? "," : i + 1 < shape.rank() ? ", " : "");
  }
  text += "), }";
  constexpr size_t kStart = 10;
  const size_t unpadded = kStart + text.size() + 1;
  text.append((unpadded + 63) / 64 * 64 - unpadded, ' ') += '\n';
  std::string header(kMagic);
  header += {'\x01', '\x00', static_cast<char>(text.size() & 0xFF), static_cast<char>(text.size() >> 8)};
  return header + text;
}

}  // namespace heed::detail
