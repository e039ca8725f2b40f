// Makes zip archives by libzip: its handles in owners, its error codes in FileErrors.
#include "files/zip_writer.h"

#include <zip.h>

#include <cerrno>
#include <memory>
#include <system_error>

#include <heed/tensor/error.h>
#include <heed/tensor/file.h>

#include "files/zip_directory.h"

namespace heed::detail {

namespace {

/// What libzip says of an error; what the system said of it is put into English, whatever the locale.
std::string message_of(zip_error_t* error) {
  const int kind = zip_error_code_zip(error);
  if (kind == ZIP_ER_OK || kind == ZIP_ER_MEMORY) {  // it sets none where it had no memory for it
    return system_message(ENOMEM);
  }
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
  check(members.size() <= kMostMembers, where, "an archive must have at most ", kMostMembers, " members, got ",
        members.size());
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
