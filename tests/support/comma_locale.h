// CommaLocale: a scope in which C++'s global locale, and C's where one can be made, write 1.234.567 and 0,5. Where the
// system's messages have been translated, they are German in it.
#pragma once

#include <algorithm>
#include <clocale>
#include <cstdlib>
#include <fstream>
#include <locale>
#include <string>

#include "support/temporary_folder.h"

class CommaLocale {
 public:
  CommaLocale() : before_(std::locale::global(made())), c_before_(std::setlocale(LC_ALL, nullptr)) {
    const std::string source = folder_.path("source");
    std::ofstream(source) << "LC_NUMERIC\ndecimal_point \",\"\nthousands_sep \".\"\ngrouping 3;3\nEND LC_NUMERIC\n";
    const std::string command = "localedef --no-archive -c -i " + source + " -f UTF-8 " + folder_.path("comma") + " >" +
                                folder_.path("messages") + " 2>&1";
    // It warns of the categories that the source leaves out, and makes a locale nevertheless.
    [[maybe_unused]] const int status = std::system(command.c_str());
    setenv("LOCPATH", folder_.path().c_str(), 1);
    setenv("LANGUAGE", "de", 1);
    covers_c_ = std::setlocale(LC_ALL, "comma") != nullptr;
  }
  ~CommaLocale() {
    std::setlocale(LC_ALL, c_before_.c_str());
    unsetenv("LOCPATH");
    unsetenv("LANGUAGE");
    std::locale::global(before_);
  }
  CommaLocale(const CommaLocale&) = delete;
  CommaLocale& operator=(const CommaLocale&) = delete;

  /// Whether C's locale is one too: not where localedef or its tables are not installed.
  bool covers_c() const { return covers_c_; }

  /// The locale of C++ alone, for streams.
  static std::locale made() { return {std::locale(std::locale::classic(), new Numbers), new Characters}; }

 private:
  struct Numbers : std::numpunct<char> {
    char do_decimal_point() const override { return ','; }
    char do_thousands_sep() const override { return '.'; }
    std::string do_grouping() const override { return "\3"; }
  };
  /// As in Latin-1, A0 is a space: in UTF-8 it is the second byte of "à".
  struct Characters : std::ctype<char> {
    Characters() : std::ctype<char>(table()) {}
    static const mask* table() {
      static mask masks[table_size];
      std::copy_n(classic_table(), table_size, masks);
      masks[0xA0] |= space;
      return masks;
    }
  };

  TemporaryFolder folder_;
  std::locale before_;
  std::string c_before_;
  bool covers_c_ = false;
};
