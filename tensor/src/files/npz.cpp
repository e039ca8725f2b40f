// load_npy, save_npy, and .npz archives: names of members in front, .npy arrays inside.
#include <heed/tensor/npz.h>

#include <functional>
#include <map>

#include <heed/tensor/error.h>
#include <heed/tensor/file.h>
#include <heed/tensor/utf8.h>

#include "files/file_kind.h"
#include "files/npy_array.h"
#include "files/random_access.h"
#include "files/zip_archive.h"
#include "files/zip_directory.h"
#include "files/zip_writer.h"

namespace heed {

namespace {

constexpr std::string_view kSuffix = ".npy";

/// Throws ValueError for what a zip archive cannot hold as a name, or would give back changed.
void check_name(const std::string& name) {
  constexpr size_t kLongest = 65'535 - kSuffix.size();  // A zip archive counts a name's bytes in 16 bits.
  check(!name.empty(), "NpzWriter", "a member's name must not be empty");
  check(name.find('\0') == std::string::npos, "NpzWriter", "a member's name must hold no NUL byte, got one behind '",
        name.substr(0, name.find('\0')), "'");
  const std::string_view first = std::string_view(name).substr(0, 60);
  check(name.size() <= kLongest, "NpzWriter", "a member's name must have at most ", kLongest, " bytes, got ",
        name.size(), ": '", first.substr(0, find_invalid_utf8(first)), "…'");
  check(find_invalid_utf8(name) == name.size(), "NpzWriter", "a member's name must be UTF-8, got '",
        escape_invalid_utf8(name), "'");
  const std::string problem = detail::problem_of_name(name);
  check(problem.empty(), "NpzWriter", "a member's name ", problem, ", got '", problem.empty() ? "" : printable(name),
        "'");
}

}  // namespace

Tensor load_npy(const std::string& path) {
  const detail::RandomAccess file(path,
                                  [](std::string_view start) { return detail::may_begin_with(start, "\x93NUMPY"); });
  uint64_t place = 0;
  detail::ByteSource source{path, static_cast<int64_t>(file.size()), [&](char* out, int64_t count) {
                              file.read(place, out, static_cast<size_t>(count));
                              place += static_cast<uint64_t>(count);
                            }};
  return detail::read_npy(source);
}

void save_npy(const std::string& path, const Tensor& x) {
  check(x.defined(), "save_npy", path, ": the tensor is undefined");
  write_file(path, detail::npy_bytes(x));
}

struct NpzReader::State {
  std::string path;
  detail::ZipReader archive;
  std::vector<std::string> names;
  std::map<std::string, size_t, std::less<>> places;

  explicit State(const std::string& file) : path(file), archive(file) {}

  /// Opens a member and calls read(ByteSource) on it, which reads all of it if `kWhole`.
  template <bool kWhole = true, class Read>
  auto read_member(std::string_view name, const Read& read) const {
    const auto found = places.find(name);
    const std::string where = path + ": member '" + printable(name) + "'";
    check<FileError>(found != places.end(), where, "is missing");
    check<FileError>(!archive.names()[found->second].ends_with('/'), where, "is a folder, not an array");
    const auto member = archive.open(found->second, where);
    detail::ByteSource source{where, member->size(), [&](char* out, int64_t count) { member->read(out, count); }};
    auto result = read(source);
    if constexpr (kWhole) {
      member->check_end();
    }
    return result;
  }
};

NpzReader::NpzReader(const std::string& path) : state_(std::make_unique<State>(path)) {
  for (std::string name : state_->archive.names()) {
    if (name.ends_with(kSuffix)) {
      name.resize(name.size() - kSuffix.size());
    }
    const bool is_new = state_->places.emplace(name, state_->names.size()).second;
    check<FileError>(is_new, path, "two members are named '", is_new ? "" : printable(name), "'");
    state_->names.push_back(std::move(name));
  }
}

NpzReader::~NpzReader() = default;
NpzReader::NpzReader(NpzReader&&) noexcept = default;

const std::vector<std::string>& NpzReader::names() const { return state_->names; }

bool NpzReader::contains(std::string_view name) const { return state_->places.contains(name); }

TensorInfo NpzReader::info(std::string_view name) const {
  return state_->read_member<false>(name, [](detail::ByteSource& source) {
    const detail::NpyHeader header = detail::read_npy_header(source);
    return TensorInfo{header.shape, detail::dtype_of(header)};
  });
}

Tensor NpzReader::tensor(std::string_view name) const { return state_->read_member(name, detail::read_npy); }

std::string NpzReader::text(std::string_view name, int64_t most) const {
  return state_->read_member(name, [most](detail::ByteSource& source) { return detail::read_npy_text(source, most); });
}

void NpzWriter::add(std::string name, const Tensor& x) { add_bytes(std::move(name), detail::npy_bytes(x)); }

void NpzWriter::add_text(std::string name, std::string_view text) {
  add_bytes(std::move(name), detail::npy_text_bytes(text));
}

void NpzWriter::add_bytes(std::string name, std::string bytes) {
  check_name(name);
  check(names_.insert(name).second, "NpzWriter", "there is a member '", name, "' already");
  members_.emplace_back(std::move(name.append(kSuffix)), std::move(bytes));
}

void NpzWriter::save(const std::string& path, bool compress) const {
  write_file(path, detail::zip_bytes(members_, compress, "cannot write " + path));
}

}  // namespace heed
