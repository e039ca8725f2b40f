// A library to preload: makes one call that a program makes to the system for files under a folder fail. For
// remember_failing_calls.py.
//   FAIL_UNDER   the start of the paths whose calls count
//   FAIL_AT      the number of the call that fails, from 1; 0: none
//   FAIL_LOG     a file that gets a line, name and path, for each call or, with FAIL_AT, for the one that failed
#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

std::atomic<long> calls = 0;
/// Files that were opened under the folder, by descriptor.
std::array<std::atomic<bool>, 1024> watched = {};

const char* setting(const char* name) {
  const char* value = getenv(name);
  return value == nullptr ? "" : value;
}

template <class Function>
Function* next(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

void log_line(const char* name, const char* path) {
  static auto* const real_open = next<int(const char*, int, ...)>("open");
  static auto* const real_write = next<ssize_t(int, const void*, size_t)>("write");
  static auto* const real_close = next<int(int)>("close");
  std::array<char, 512> line = {};
  const int length = std::snprintf(line.data(), line.size(), "%s %s\n", name, path);
  const int file = real_open(setting("FAIL_LOG"), O_WRONLY | O_CREAT | O_APPEND, 0666);
  static_cast<void>(real_write(file, line.data(), static_cast<size_t>(length)));
  real_close(file);
}

/// Whether this call, which counts, is the one that fails; sets errno then.
bool fails(const char* name, const char* path, int code) {
  static const long at = std::strtol(setting("FAIL_AT"), nullptr, 10);
  const bool is_this = ++calls == at;
  if (is_this || at == 0) {
    const int before = errno;
    log_line(name, path);
    errno = is_this ? code : before;
  }
  return is_this;
}

bool counts(const char* path) {
  static const char* const under = setting("FAIL_UNDER");
  return path != nullptr && *under != '\0' && std::strncmp(path, under, std::strlen(under)) == 0;
}

bool counts(int file) { return file >= 0 && file < 1024 && watched[static_cast<size_t>(file)]; }

int noted(int file, const char* path) {
  if (file >= 0 && file < 1024) {
    watched[static_cast<size_t>(file)] = counts(path);
  }
  return file;
}

}  // namespace

// A function of the system: its result type, name, parameters, arguments, whether it counts, what it returns and which
// error it sets when it fails.
#define FAILING(type, name, parameters, arguments, subject, text, failed, code) \
  extern "C" type name parameters {                                             \
    static auto* const real = next<type parameters>(#name);                     \
    if (counts(subject) && fails(#name, text, code)) {                          \
      return failed;                                                            \
    }                                                                           \
    return real arguments;                                                      \
  }
#define FAILING_OPEN(name)                                                        \
  extern "C" int name(const char* path, int flags, ...) {                         \
    static auto* const real = next<int(const char*, int, ...)>(#name);            \
    va_list rest;                                                                 \
    va_start(rest, flags);                                                        \
    const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(rest, mode_t) : mode_t{}; \
    va_end(rest);                                                                 \
    if (counts(path) && fails(#name, path, EMFILE)) {                             \
      return -1;                                                                  \
    }                                                                             \
    return noted(real(path, flags, mode), path);                                  \
  }
#define FAILING_STREAM(name)                                                \
  extern "C" FILE* name(const char* path, const char* mode) {               \
    static auto* const real = next<FILE*(const char*, const char*)>(#name); \
    if (counts(path) && fails(#name, path, EMFILE)) {                       \
      return nullptr;                                                       \
    }                                                                       \
    FILE* const file = real(path, mode);                                    \
    return file == nullptr ? file : (noted(fileno(file), path), file);      \
  }

FAILING_OPEN(open)
FAILING_OPEN(open64)
FAILING_STREAM(fopen)
FAILING_STREAM(fopen64)
FAILING(ssize_t, read, (int file, void* out, size_t count), (file, out, count), file, "", -1, EIO)
FAILING(ssize_t, pread, (int file, void* out, size_t count, off_t place), (file, out, count, place), file, "", -1, EIO)
FAILING(ssize_t, pread64, (int file, void* out, size_t count, off64_t place), (file, out, count, place), file, "", -1,
        EIO)
FAILING(ssize_t, write, (int file, const void* data, size_t count), (file, data, count), file, "", -1, ENOSPC)
FAILING(ssize_t, pwrite, (int file, const void* data, size_t count, off_t place), (file, data, count, place), file, "",
        -1, ENOSPC)
FAILING(int, fsync, (int file), (file), file, "", -1, EIO)
FAILING(int, ftruncate, (int file, off_t size), (file, size), file, "", -1, EIO)
FAILING(int, fchmodat, (int folder, const char* path, mode_t mode, int flags), (folder, path, mode, flags), path, path,
        -1, EPERM)
FAILING(int, flock, (int file, int operation), (file, operation), file, "", -1, ENOLCK)
FAILING(int, fstat, (int file, struct stat* out), (file, out), file, "", -1, EIO)
FAILING(int, stat, (const char* path, struct stat* out), (path, out), path, path, -1, EIO)
FAILING(int, lstat, (const char* path, struct stat* out), (path, out), path, path, -1, EIO)
FAILING(int, access, (const char* path, int mode), (path, mode), path, path, -1, EIO)
FAILING(int, mkdir, (const char* path, mode_t mode), (path, mode), path, path, -1, ENOSPC)
FAILING(int, unlink, (const char* path), (path), path, path, -1, EIO)
FAILING(int, remove, (const char* path), (path), path, path, -1, EIO)
FAILING(int, rename, (const char* from, const char* to), (from, to), from, to, -1, EIO)
FAILING(int, link, (const char* from, const char* to), (from, to), from, to, -1, EMLINK)
FAILING(DIR*, opendir, (const char* path), (path), path, path, nullptr, EMFILE)

extern "C" int close(int file) {
  static auto* const real = next<int(int)>("close");
  const bool counted = counts(file);
  if (file >= 0 && file < 1024) {
    watched[static_cast<size_t>(file)] = false;
  }
  const int result = real(file);
  return counted && fails("close", "", EIO) ? -1 : result;
}
