// TerminalText: what a program prints cannot move the cursor, colour or rename a terminal, whatever a file says.
#pragma once

#include <ostream>
#include <streambuf>
#include <string>

namespace remember {

/// While it lives, text that goes through the stream has "\x1B" in place of each control character but line ends and
/// tabs, and of each byte that is no UTF-8 (heed::printable).
class TerminalText : public std::streambuf {
 public:
  explicit TerminalText(std::ostream& stream);
  ~TerminalText() override;
  TerminalText(const TerminalText&) = delete;
  TerminalText& operator=(const TerminalText&) = delete;

 protected:
  int_type overflow(int_type character) override;
  std::streamsize xsputn(const char* text, std::streamsize count) override;
  int sync() override;

 private:
  bool write(bool all);

  std::ostream& stream_;
  std::streambuf* out_;
  std::string waiting_;  ///< a character whose last bytes have not come
};

}  // namespace remember
