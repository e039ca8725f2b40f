// TextStream: a string stream whose text is the same under every locale.
#pragma once

#include <locale>
#include <sstream>

namespace heed {

/// An ostringstream that writes numbers as the locale "C" does, "1234567" and "0.5", whatever std::locale::global and
/// setlocale have been told. All of heed's stream output goes through it.
class TextStream : public std::ostringstream {
 public:
  TextStream() { imbue(std::locale::classic()); }
};

}  // namespace heed
