// Wraps libzip: its handles in owners, its error codes in FileErrors.
#include "files/zip_archive.h"

#include <zip.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <system_error>

#include <heed/tensor/error.h>
#include <heed/tensor/file.h>

#include "files/file_kind.h"

namespace heed::detail {

namespace {

/// What libzip says of an error; what the system said of it is put into English, whatever the locale.
std::string message_of(zip_error_t* error) {
  std::string message = zip_error_strerror(error);
  const int code = zip_error_code_system(error);
  const bool is_of_system = zip_error_system_type(error) == ZIP_ET_SYS;
  const std::string translated = is_of_system ? std::generic_category().message(code) : "";
  if (is_of_system && message.ends_with(translated)) {
    message.resize(message.size() - translated.size());
    message += system_message(code);
  }
  return message;
}

class ZipError {
 public:
  ZipError() { zip_error_init(&error_); }
  ~ZipError() { zip_error_fini(&error_); }
  ZipError(const ZipError&) = delete;
  ZipError& operator=(const ZipError&) = delete;

  zip_error_t* get() { return &error_; }
  std::string text() { return message_of(&error_); }

 private:
  zip_error_t error_;
};

struct DiscardArchive {
  void operator()(zip_t* archive) const { zip_discard(archive); }
};
using ArchiveHandle = std::unique_ptr<zip_t, DiscardArchive>;

struct FreeSource {
  void operator()(zip_source_t* source) const { zip_source_free(source); }
};
using SourceHandle = std::unique_ptr<zip_source_t, FreeSource>;

struct CloseMember {
  void operator()(zip_file_t* member) const { zip_fclose(member); }
};

}  // namespace

struct ZipMember::State {
  std::string where;
  int64_t size = 0;
  std::unique_ptr<zip_file_t, CloseMember> file;
};

ZipMember::ZipMember(std::unique_ptr<State> state) : state_(std::move(state)) {}
ZipMember::~ZipMember() = default;

int64_t ZipMember::size() const { return state_->size; }

void ZipMember::read(char* out, int64_t count) {
  while (count > 0) {
    const int64_t got = zip_fread(state_->file.get(), out, static_cast<zip_uint64_t>(count));
    check<FileError>(got >= 0, state_->where, "cannot be read: ", message_of(zip_file_get_error(state_->file.get())));
    check<FileError>(got > 0, state_->where, "is cut off: ", count, " more bytes are needed");
    out += got;
    count -= got;
  }
}

void ZipMember::check_end() {
  char extra = 0;
  const int64_t got = zip_fread(state_->file.get(), &extra, 1);
  check<FileError>(got >= 0, state_->where, "is broken: ", message_of(zip_file_get_error(state_->file.get())));
  check<FileError>(got == 0, state_->where, "holds more than its size says");
}

struct ZipReader::State {
  std::string bytes;  ///< all of what cannot be read twice, such as a pipe
  ArchiveHandle archive;
  std::vector<std::string> names;
  uint64_t file_bytes = 0;
};

namespace {

/// Up to `count` bytes of a file, from `first` on; fewer when they cannot be read.
std::string part_of(const std::string& path, uint64_t first, uint64_t count) {
  std::ifstream file(path, std::ios::binary);
  file.seekg(static_cast<std::streamoff>(first));
  std::string bytes(count, '\0');
  file.read(bytes.data(), static_cast<std::streamsize>(count));
  bytes.resize(static_cast<size_t>(file.gcount()));
  return bytes;
}

/// Whether the error is that the bytes are no zip archive, rather than that they could not be read.
bool is_about_content(int code) {
#ifdef ZIP_ER_TRUNCATED_ZIP  // since libzip 1.11, in place of ZIP_ER_NOZIP where something of an archive is there
  if (code == ZIP_ER_TRUNCATED_ZIP) {
    return true;
  }
#endif
  return code == ZIP_ER_NOZIP || code == ZIP_ER_INCONS || code == ZIP_ER_EOF;
}

/// What is wrong with a file of which libzip says `error`, in its words unless something better is known; "" when it
/// opened it and nothing is. libzip would take another archive's directory where bytes stand before the last one.
std::string fault_of(const std::string& path, const std::string& bytes, uint64_t size, ZipError& error) {
  const int code = zip_error_code_zip(error.get());
  if (code != ZIP_ER_OK && !is_about_content(code)) {
    return error.text();
  }
  constexpr uint64_t kStart = 8, kEnd = uint64_t{1} << 20;
  const uint64_t end_size = std::min(size, kEnd);
  const std::string start = bytes.empty() ? part_of(path, 0, kStart) : bytes.substr(0, kStart);
  const std::string end = bytes.empty() ? part_of(path, size - end_size, end_size) : bytes;
  return code == ZIP_ER_OK && bytes_before_zip(end, size) == 0 ? "" : why_no_zip(start, end, size);
}

}  // namespace

ZipReader::ZipReader(const std::string& path) : state_(std::make_unique<State>()) {
  std::error_code fault;
  const std::filesystem::file_status status = std::filesystem::status(path, fault);
  ZipError error;
  if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status)) {
    state_->bytes = read_file(path);
    state_->file_bytes = state_->bytes.size();
    SourceHandle source(zip_source_buffer_create(state_->bytes.data(), state_->bytes.size(), 0, error.get()));
    state_->archive.reset(source == nullptr ? nullptr : zip_open_from_source(source.get(), ZIP_RDONLY, error.get()));
    if (state_->archive != nullptr) {
      source.release();  // The archive owns it now.
    }
  } else {
    int code = 0;
    state_->archive.reset(zip_open(path.c_str(), ZIP_RDONLY, &code));
    zip_error_init_with_code(error.get(), code);
    state_->file_bytes = std::filesystem::file_size(path, fault);
  }
  const std::string wrong = fault_of(path, state_->bytes, state_->file_bytes, error);
  check<FileError>(wrong.empty() && !fault, "cannot read " + path,
                   wrong.empty() ? system_message(fault.value()) : wrong);
  const zip_int64_t count = zip_get_num_entries(state_->archive.get(), 0);
  for (zip_int64_t i = 0; i < count; ++i) {
    const char* name = zip_get_name(state_->archive.get(), static_cast<zip_uint64_t>(i), ZIP_FL_ENC_GUESS);
    check<FileError>(name != nullptr, "cannot read " + path, "the name of member ", i, " is broken");
    state_->names.emplace_back(name);
  }
}

ZipReader::~ZipReader() = default;

const std::vector<std::string>& ZipReader::names() const { return state_->names; }

std::unique_ptr<ZipMember> ZipReader::open(size_t index, const std::string& where) const {
  zip_t* archive = state_->archive.get();
  zip_stat_t status;
  zip_stat_init(&status);
  constexpr zip_uint64_t kNeeded = ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD;
  check<FileError>(zip_stat_index(archive, index, 0, &status) == 0 && (status.valid & kNeeded) == kNeeded, where,
                   "its entry in the archive is broken");
  const bool is_stored = status.comp_method == ZIP_CM_STORE;
  check<FileError>(is_stored || status.comp_method == ZIP_CM_DEFLATE, where, "compression method ", status.comp_method,
                   " cannot be read: needs stored or deflated");
  check<FileError>(status.encryption_method == ZIP_EM_NONE, where, "is encrypted");
  // Deflate compresses at most 1032 to 1: a larger size is wrong, and refused before memory is allocated.
  const bool fits = status.comp_size <= state_->file_bytes;
  const bool possible = is_stored ? status.size == status.comp_size : status.size / 1032 <= status.comp_size;
  check<FileError>(fits && possible && status.size < uint64_t{1} << 62, where, "cannot hold ", status.size,
                   " bytes in ", status.comp_size, " of a file of ", state_->file_bytes);

  auto state = std::make_unique<ZipMember::State>();
  state->where = where;
  state->size = static_cast<int64_t>(status.size);
  state->file.reset(zip_fopen_index(archive, index, 0));
  check<FileError>(state->file != nullptr, where, "cannot be read: ", message_of(zip_get_error(archive)));
  return std::unique_ptr<ZipMember>(new ZipMember(std::move(state)));
}

namespace {

void add_member(zip_t* archive, const std::string& name, const std::string& bytes, bool compress,
                const std::string& where) {
  constexpr int kCompressionLevel = 6;
  constexpr zip_uint16_t kFirstDay = 1 << 5 | 1;  // 1980-01-01 as MS-DOS wrote it
  SourceHandle source(zip_source_buffer(archive, bytes.data(), bytes.size(), 0));
  check<FileError>(source != nullptr, where, message_of(zip_get_error(archive)));
  const zip_int64_t index = zip_file_add(archive, name.c_str(), source.get(), ZIP_FL_ENC_UTF_8);
  check<FileError>(index >= 0, where, message_of(zip_get_error(archive)));
  source.release();  // The archive owns it now.
  const zip_uint64_t place = static_cast<zip_uint64_t>(index);
  const bool good =
      zip_set_file_compression(archive, place, compress ? ZIP_CM_DEFLATE : ZIP_CM_STORE, kCompressionLevel) == 0 &&
      zip_file_set_dostime(archive, place, 0, kFirstDay, 0) == 0;
  check<FileError>(good, where, message_of(zip_get_error(archive)));
}

std::string source_bytes(zip_source_t* source, const std::string& where) {
  zip_stat_t status;
  const bool open = zip_source_stat(source, &status) == 0 && zip_source_open(source) == 0;
  check<FileError>(open, where, message_of(zip_source_error(source)));
  std::string bytes(status.size, '\0');
  const zip_int64_t got = zip_source_read(source, bytes.data(), bytes.size());
  zip_source_close(source);
  check<FileError>(got == static_cast<zip_int64_t>(bytes.size()), where, "the archive cannot be read back");
  return bytes;
}

}  // namespace

std::string zip_bytes(const std::vector<std::pair<std::string, std::string>>& members, bool compress,
                      const std::string& where) {
  if (members.empty()) {
    // libzip writes no archive without members: this is the record that ends one.
    return std::string("PK\x05\x06", 4) + std::string(18, '\0');
  }
  ZipError error;
  SourceHandle memory(zip_source_buffer_create(nullptr, 0, 0, error.get()));
  check<FileError>(memory != nullptr, where, error.text());
  ArchiveHandle archive(zip_open_from_source(memory.get(), ZIP_CREATE | ZIP_TRUNCATE, error.get()));
  check<FileError>(archive != nullptr, where, error.text());
  zip_source_keep(memory.get());  // One owner is the archive, the other `memory`.
  for (const auto& [name, bytes] : members) {
    add_member(archive.get(), name, bytes, compress, where + ": member '" + name + "'");
  }
  check<FileError>(zip_close(archive.get()) == 0, where, message_of(zip_get_error(archive.get())));
  archive.release();
  return source_bytes(memory.get(), where);
}

}  // namespace heed::detail
