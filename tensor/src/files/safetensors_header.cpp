// Reads the header as a stream of JSON's events, so that nothing is kept but what the format has.
#include "files/safetensors_header.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <unordered_set>
#include <utility>

#include <heed/tensor/error.h>
#include <heed/tensor/utf8.h>
#include <nlohmann/json.hpp>

#include "files/byte_count.h"
#include "files/file_kind.h"
#include "files/little_endian.h"

namespace heed::detail {

namespace {

using Json = nlohmann::json;

struct ElementKind {
  std::string_view name;
  char kind;
  int64_t bytes;
};
constexpr ElementKind kKinds[] = {{"F32", 'f', 4}, {"F64", 'f', 8}, {"F16", 'f', 2}, {"BF16", 'B', 2}, {"I64", 'i', 8},
                                  {"I32", 'i', 4}, {"I16", 'i', 2}, {"I8", 'i', 1},  {"U64", 'u', 8},  {"U32", 'u', 4},
                                  {"U16", 'u', 2}, {"U8", 'u', 1},  {"BOOL", 'b', 1}};

/// {"name": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}, …, "__metadata__": {"key": "text"}}
class HeaderEvents : public nlohmann::json_sax<Json> {
 public:
  explicit HeaderEvents(const std::string& path) : where_(path) {}

  SafetensorsHeader take() { return std::move(header_); }

  bool start_object(size_t) override {
    check_here(depth_ < 2 && !in_array_ && (depth_ == 0 || !name_.empty()), "an object where none can be");
    ++depth_;
    keys_.clear();
    return true;
  }
  bool key(string_t& key) override {
    entries_ += depth_ == 1 || in_metadata() ? 1 : 0;
    check_here(entries_ <= kMostSafetensorsEntries, "more than ", kMostSafetensorsEntries, " tensors and texts");
    check_here(depth_ == 1 ? names_.insert(key).second : keys_.insert(key).second, "the key '", printable(key),
               "' is there twice");
    if (depth_ == 1) {
      check_here(!key.empty() && !has_control(key), "'", printable(key), "' cannot be the name of a tensor");
      name_ = key;
      if (!in_metadata()) {
        header_.entries.push_back({key, "", {}, 0, 0});
      }
    } else {
      field_ = key;
      check_here(in_metadata() || key == "dtype" || key == "shape" || key == "data_offsets", "unknown key '",
                 printable(key), "'");
    }
    return true;
  }
  bool end_object() override {
    --depth_;
    check_here(depth_ == 0 || in_metadata() || keys_.size() == 3, "needs dtype, shape and data_offsets");
    name_.clear();
    return true;
  }
  bool string(string_t& text) override {
    check_here(depth_ == 2 && !in_array_ && (in_metadata() || field_ == "dtype"), "a text where none can be");
    (in_metadata() ? header_.metadata[field_] : header_.entries.back().dtype) = text;
    return true;
  }
  bool start_array(size_t) override {
    check_here(depth_ == 2 && !in_array_ && !in_metadata() && field_ != "dtype", "a list where none can be");
    in_array_ = true;
    numbers_.clear();
    return true;
  }
  bool end_array() override {
    in_array_ = false;
    if (field_ == "shape") {
      header_.entries.back().elements.shape = Shape(numbers_);
    } else {
      check_here(numbers_.size() == 2, "data_offsets must be two numbers, got ", numbers_.size());
      header_.entries.back().begin = static_cast<uint64_t>(numbers_[0]);
      header_.entries.back().end = static_cast<uint64_t>(numbers_[1]);
    }
    return true;
  }
  bool number_unsigned(number_unsigned_t value) override {
    check_here(in_array_ && value < uint64_t{1} << 62, "a number that can be no size: ", value);
    check_here(field_ != "shape" || std::ssize(numbers_) < kMaxRank, "more than ", kMaxRank, " axes");
    check_here(numbers_.size() < 16, "data_offsets must be two numbers");
    numbers_.push_back(static_cast<int64_t>(value));
    return true;
  }
  bool number_integer(number_integer_t value) override { return refuse("the negative number ", value); }
  bool number_float(number_float_t, const string_t& text) override { return refuse("the number ", text); }
  bool boolean(bool) override { return refuse("true or false"); }
  bool null() override { return refuse("null"); }
  bool binary(binary_t&) override { return refuse("binary data"); }
  bool parse_error(size_t place, const std::string&, const Json::exception&) override {
    return refuse("no JSON at byte ", 8 + place - std::min<size_t>(place, 1));
  }

 private:
  bool in_metadata() const { return name_ == "__metadata__"; }
  template <class... Parts>
  void check_here(bool good, const Parts&... parts) const {
    if (!good) {
      refuse(parts...);
    }
  }
  template <class... Parts>
  bool refuse(const Parts&... parts) const {
    fail<FileError>(where_, "broken header", name_.empty() ? "" : " at '", printable(name_),
                    name_.empty() ? ": " : "': ", parts...);
  }

  const std::string& where_;
  SafetensorsHeader header_;
  size_t entries_ = 0;  ///< keys of tensors and of the metadata
  int depth_ = 0;
  bool in_array_ = false;
  std::string name_;   ///< of the tensor, or __metadata__
  std::string field_;  ///< of the tensor's object
  std::unordered_set<std::string> names_, keys_;
  std::vector<int64_t> numbers_;
};

/// Sets type and place of each tensor, and holds them to following each other from `first` to the file's end.
void place_entries(std::vector<SafetensorsEntry>& entries, uint64_t first, const RandomAccess& file) {
  std::vector<SafetensorsEntry*> order;
  for (SafetensorsEntry& entry : entries) {
    order.push_back(&entry);
  }
  std::sort(order.begin(), order.end(),
            [](const auto* a, const auto* b) { return std::pair(a->begin, a->end) < std::pair(b->begin, b->end); });
  uint64_t next = 0;
  for (SafetensorsEntry* entry : order) {
    const std::string where = file.path() + ": tensor '" + printable(entry->name) + "'";
    const auto* kind = std::find_if(std::begin(kKinds), std::end(kKinds),
                                    [&](const ElementKind& known) { return known.name == entry->dtype; });
    check<FileError>(kind != std::end(kKinds), where, "elements of type '", printable(entry->dtype, 20),
                     "' cannot be read: needs F16, BF16, F32, F64, an integer type or BOOL");
    entry->elements.kind = kind->kind;
    entry->elements.item_size = kind->bytes;
    const std::optional<int64_t> bytes = bytes_of(entry->elements);
    check<FileError>(entry->begin == next && entry->end >= entry->begin, where, "must begin at byte ", next,
                     " of the data, where the one before it ends, got ", entry->begin, " to ", entry->end);
    check<FileError>(bytes == static_cast<int64_t>(entry->end - entry->begin), where, "shape ", entry->elements.shape,
                     " of ", entry->dtype, " needs ", bytes ? std::to_string(*bytes) : "more than 2^63", " bytes, got ",
                     entry->end - entry->begin);
    next = entry->end;
    entry->begin += first;
    entry->end += first;
  }
  check<FileError>(next == file.size() - first, file.path(), "must hold ", next, " bytes of tensors, got ",
                   file.size() - first);
}

constexpr uint64_t kStart = 8;  ///< bytes of the header's length

}  // namespace

bool may_begin_safetensors(std::string_view bytes) {
  return bytes.size() <= kStart ||
         (little_endian(bytes, 0, kStart) <= kLargestSafetensorsHeader && bytes[kStart] == '{');
}

SafetensorsHeader read_safetensors_header(const RandomAccess& file) {
  const std::string start = file.read(0, std::min(file.size(), kStart));
  const std::string_view kind = kind_of_file(start);
  check<FileError>(kind.empty(), file.path(), "is no safetensors file, but ", kind);
  check<FileError>(file.size() > kStart, file.path(), "needs a safetensors file, got only ", byte_count(file.size()));
  const uint64_t length = little_endian(start, 0, kStart);
  check<FileError>(length <= kLargestSafetensorsHeader, file.path(), "is no safetensors file: a header of ", length,
                   " bytes is longer than the ", kLargestSafetensorsHeader, " that can be read");
  check<FileError>(length <= file.size() - kStart, file.path(), "is cut off: a header of ", length, " bytes, and only ",
                   file.size() - kStart, " follow");
  const std::string text = file.read(kStart, length);
  check<FileError>(text.starts_with('{'), file.path(), "is no safetensors file: byte 8 starts no header");
  HeaderEvents events(file.path());
  Json::sax_parse(text, &events);
  SafetensorsHeader header = events.take();
  place_entries(header.entries, kStart + length, file);
  return header;
}

}  // namespace heed::detail
