// SafetensorsReader, load_safetensors, save_safetensors.
#include <heed/tensor/safetensors.h>

#include <algorithm>
#include <bit>
#include <set>

#include <heed/tensor/create.h>
#include <heed/tensor/error.h>
#include <heed/tensor/file.h>
#include <heed/tensor/utf8.h>
#include <nlohmann/json.hpp>

#include "files/npy_array.h"
#include "files/safetensors_header.h"
#include "files/write_pieces.h"

namespace heed {

namespace {

constexpr const char* kMetadata = "__metadata__";

std::string_view name_in_file(DType dtype) {
  switch (dtype) {
    case DType::float32:
      return "F32";
    case DType::float64:
      return "F64";
    case DType::int64:
      return "I64";
    case DType::boolean:
      return "BOOL";
  }
  return "";
}

void check_text(const std::string& text, std::string_view what) {
  check(find_invalid_utf8(text) == text.size(), "save_safetensors", what, " must be UTF-8, got '", printable(text),
        "'");
}

void check_names(const std::vector<std::pair<std::string, Tensor>>& tensors) {
  std::set<std::string_view> names;
  for (const auto& [name, tensor] : tensors) {
    check_text(name, "a tensor's name");
    check(!name.empty() && name != kMetadata && !has_control(name), "save_safetensors", "'", printable(name),
          "' cannot be the name of a tensor");
    check(names.insert(name).second, "save_safetensors", "there are two tensors '", name, "'");
    check(tensor.defined(), "save_safetensors", "the tensor '", name, "' is undefined");
  }
}

/// The header of tensors that lie in the file in this order, with its length in front, padded to 8 bytes.
std::string header_of(const std::vector<const std::pair<std::string, Tensor>*>& order,
                      const std::map<std::string, std::string>& metadata) {
  // Entry by entry: an ordered object of nlohmann looks for its key at each insertion.
  std::string text;
  const auto add_entry = [&text](const std::string& key, const nlohmann::ordered_json& value) {
    text += (text.empty() ? '{' : ',') + nlohmann::ordered_json(key).dump() + ':' + value.dump();
  };
  if (!metadata.empty()) {
    add_entry(kMetadata, metadata);
  }
  int64_t begin = 0;
  for (const auto* named : order) {
    const auto& [name, tensor] = *named;
    const int64_t end = begin + tensor.numel() * size_of(tensor.dtype());
    const std::vector<int64_t> shape(tensor.shape().begin(), tensor.shape().end());
    add_entry(name, {{"dtype", name_in_file(tensor.dtype())}, {"shape", shape}, {"data_offsets", {begin, end}}});
    begin = end;
  }
  text += text.empty() ? "{}" : "}";
  text.append((text.size() + 7) / 8 * 8 - text.size(), ' ');
  const size_t entries = order.size() + metadata.size() + (metadata.empty() ? 0 : 1);
  check(entries <= detail::kMostSafetensorsEntries && text.size() <= detail::kLargestSafetensorsHeader,
        "save_safetensors", "the header would have ", entries, " tensors and texts in ", text.size(),
        " bytes, at most ", detail::kMostSafetensorsEntries, " in ", detail::kLargestSafetensorsHeader, " can be");
  std::string length;
  for (uint64_t rest = text.size(), i = 0; i < 8; ++i, rest >>= 8) {
    length += static_cast<char>(rest & 0xFF);
  }
  return length + text;
}

/// The elements in row-major order, the least significant byte first.
void write_elements(const Tensor& x, const detail::PieceWriter& out) {
  const Tensor rows = contiguous(x);
  std::string_view bytes = detail::element_bytes(rows);
  if constexpr (std::endian::native == std::endian::little) {
    out(bytes);
    return;
  }
  constexpr size_t kPiece = size_t{1} << 16;
  const std::ptrdiff_t width = size_of(x.dtype());
  while (!bytes.empty()) {
    std::string piece(bytes.substr(0, kPiece));
    bytes.remove_prefix(piece.size());
    for (auto element = piece.begin(); element != piece.end(); element += width) {
      std::reverse(element, element + width);
    }
    out(piece);
  }
}

}  // namespace

struct SafetensorsReader::State {
  detail::RandomAccess file;
  detail::SafetensorsHeader header;
  std::vector<std::string> names;
  std::map<std::string, size_t, std::less<>> places;

  explicit State(const std::string& path)
      : file(path, detail::may_begin_safetensors), header(detail::read_safetensors_header(file)) {
    for (const detail::SafetensorsEntry& entry : header.entries) {
      places.emplace(entry.name, names.size());
      names.push_back(entry.name);
    }
  }
  std::string where(std::string_view name) const { return file.path() + ": tensor '" + printable(name) + "'"; }
  const detail::SafetensorsEntry& entry(std::string_view name) const {
    const auto found = places.find(name);
    check<FileError>(found != places.end(), where(name), "is missing");
    return header.entries[found->second];
  }
};

SafetensorsReader::SafetensorsReader(const std::string& path) : state_(std::make_unique<State>(path)) {}
SafetensorsReader::~SafetensorsReader() = default;
SafetensorsReader::SafetensorsReader(SafetensorsReader&&) noexcept = default;

const std::vector<std::string>& SafetensorsReader::names() const { return state_->names; }

bool SafetensorsReader::contains(std::string_view name) const { return state_->places.contains(name); }

const std::map<std::string, std::string>& SafetensorsReader::metadata() const { return state_->header.metadata; }

TensorInfo SafetensorsReader::info(std::string_view name) const {
  const detail::NpyHeader& elements = state_->entry(name).elements;
  return {elements.shape, detail::dtype_of(elements)};
}

Tensor SafetensorsReader::tensor(std::string_view name) const {
  const detail::SafetensorsEntry& entry = state_->entry(name);
  uint64_t place = entry.begin;
  detail::ByteSource source{state_->where(name), static_cast<int64_t>(entry.end - entry.begin),
                            [&](char* out, int64_t count) {
                              state_->file.read(place, out, static_cast<size_t>(count));
                              place += static_cast<uint64_t>(count);
                            }};
  return detail::read_elements(entry.elements, source);
}

std::vector<std::pair<std::string, Tensor>> load_safetensors(const std::string& path) {
  const SafetensorsReader reader(path);
  std::vector<std::pair<std::string, Tensor>> tensors;
  for (const std::string& name : reader.names()) {
    tensors.emplace_back(name, reader.tensor(name));
  }
  return tensors;
}

void save_safetensors(const std::string& path, const std::vector<std::pair<std::string, Tensor>>& tensors,
                      const std::map<std::string, std::string>& metadata) {
  check_names(tensors);
  std::vector<const std::pair<std::string, Tensor>*> order;
  for (const auto& named : tensors) {
    order.push_back(&named);
  }
  std::stable_sort(order.begin(), order.end(), [](const auto* a, const auto* b) {
    return size_of(a->second.dtype()) > size_of(b->second.dtype());
  });
  for (const auto& [key, value] : metadata) {
    check_text(key, "a key of the metadata");
    check_text(value, "a text of the metadata");
  }
  const std::string header = header_of(order, metadata);
  detail::write_pieces(path, [&](const detail::PieceWriter& out) {
    out(header);
    for (const auto* named : order) {
      write_elements(named->second, out);
    }
  });
}

}  // namespace heed
