// Escapes what is printed: see terminal_text.h.
#include "text/terminal_text.h"

#include <algorithm>
#include <string_view>

#include <heed/tensor/utf8.h>

namespace remember {

namespace {

/// How many bytes at the end may be the beginning of a character.
size_t unfinished_bytes(std::string_view text) {
  for (size_t count = 1; count <= std::min<size_t>(text.size(), 3); ++count) {
    const auto byte = static_cast<unsigned char>(text[text.size() - count]);
    if (byte >= 0xC0) {
      const size_t announced = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2;
      return count < announced ? count : 0;
    }
    if (byte < 0x80) {
      break;
    }
  }
  return 0;
}

}  // namespace

TerminalText::TerminalText(std::ostream& stream) : stream_(stream), out_(stream.rdbuf(this)) {}

TerminalText::~TerminalText() {
  write(true);
  const std::ios::iostate state = stream_.rdstate();
  stream_.rdbuf(out_);
  stream_.setstate(state);
}

/// Passes on all that waits, or all but the beginning of a character.
bool TerminalText::write(bool all) {
  const size_t kept = all ? 0 : unfinished_bytes(waiting_);
  std::string_view text = std::string_view(waiting_).substr(0, waiting_.size() - kept);
  bool good = true;
  while (!text.empty()) {
    const size_t plain = std::min(text.find_first_of("\n\t"), text.size());
    const std::string shown = heed::printable(text.substr(0, plain), std::string::npos);
    good = good && out_->sputn(shown.data(), static_cast<std::streamsize>(shown.size())) ==
                       static_cast<std::streamsize>(shown.size());
    if (plain < text.size()) {
      good = good && out_->sputc(text[plain]) != traits_type::eof();
    }
    text.remove_prefix(std::min(plain + 1, text.size()));
  }
  waiting_.erase(0, waiting_.size() - kept);
  return good;
}

TerminalText::int_type TerminalText::overflow(int_type character) {
  if (character == traits_type::eof()) {
    return 0;
  }
  waiting_ += traits_type::to_char_type(character);
  return write(false) ? character : traits_type::eof();
}

std::streamsize TerminalText::xsputn(const char* text, std::streamsize count) {
  waiting_.append(text, static_cast<size_t>(count));
  return write(false) ? count : 0;
}

int TerminalText::sync() { return write(true) && out_->pubsync() == 0 ? 0 : -1; }

}  // namespace remember
