// The kinds of error heed throws, and `check`, the one way to throw them.
// Messages read "op: requirement, got what"; inside a module its path stands in front (see scope.h).
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

#include <heed/tensor/text_stream.h>

namespace heed {

/// Base of everything heed throws on purpose.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Sizes or ranks that do not fit together.
class ShapeError : public Error {
 public:
  using Error::Error;
};

/// An element type the operation does not take; heed never promotes silently.
class DTypeError : public Error {
 public:
  using Error::Error;
};

/// An axis or an index out of range.
class IndexError : public Error {
 public:
  using Error::Error;
};

/// An argument whose value makes no sense (a negative rate, an unknown name).
class ValueError : public Error {
 public:
  using Error::Error;
};

/// A file that is missing, invalid or not writable; the message names file, member and byte or line.
class FileError : public Error {
 public:
  using Error::Error;
};

/// A graph that cannot be differentiated: freed values, values changed after they were saved, no path to an input.
class GraphError : public Error {
 public:
  using Error::Error;
};

namespace detail {
/// "path: op: message", where "path" is that of the running module, if any.
std::string located_message(std::string_view op, const std::string& message);

template <class Kind, class... Parts>
[[noreturn, gnu::noinline, gnu::cold]] void raise(std::string_view op, const Parts&... parts) {
  TextStream text;
  (text << ... << parts);
  throw Kind(located_message(op, text.str()));
}
}  // namespace detail

/// Throws `Kind` with "op: parts…" unless `condition` holds. The parts are only formatted when it does not.
template <class Kind = ValueError, class... Parts>
inline void check(bool condition, std::string_view op, const Parts&... parts) {
  if (!condition) [[unlikely]] {
    detail::raise<Kind>(op, parts...);
  }
}

/// Throws `Kind` with "op: parts…".
template <class Kind = ValueError, class... Parts>
[[noreturn]] inline void fail(std::string_view op, const Parts&... parts) {
  detail::raise<Kind>(op, parts...);
}

}  // namespace heed
