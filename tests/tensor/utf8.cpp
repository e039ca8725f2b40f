// Which bytes are UTF-8: the borders of RFC 3629, section 4.
#include <heed/tensor/utf8.h>

#include "support/catch.h"

using heed::describe_invalid_utf8;
using heed::escape_invalid_utf8;
using heed::find_invalid_utf8;
using heed::has_control;
using heed::printable;
using heed::utf8_length;

TEST_CASE("the first and the last character of each length are UTF-8") {
  using namespace std::string_view_literals;
  CHECK(utf8_length("\0"sv) == 1);
  for (const char* text : {"a", "\x7F"}) {
    CHECK(utf8_length(text) == 1);
  }
  for (const char* text : {"\xC2\x80", "\xDF\xBF", "ü"}) {
    CHECK(utf8_length(text) == 2);
  }
  for (const char* text : {"\xE0\xA0\x80", "\xED\x9F\xBF", "\xEE\x80\x80", "\xEF\xBF\xBF", "…"}) {
    CHECK(utf8_length(text) == 3);
  }
  for (const char* text : {"\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF", "😀"}) {
    CHECK(utf8_length(text) == 4);
  }
  CHECK(utf8_length("") == 0);
  CHECK(find_invalid_utf8("aü…😀z") == std::string("aü…😀z").size());
}

TEST_CASE("bytes that are no character are found and described") {
  const std::pair<const char*, const char*> cases[] = {
      {"\x80", "the byte 80, which begins no character"},
      {"\xFF", "the byte FF, which begins no character"},
      {"\xC3", "the byte C3, a character that is cut off"},
      {"\xC3(", "the byte C3, a character that is cut off"},
      {"\xE2\x80", "the bytes E2 80, a character that is cut off"},
      {"\xF0\x9F\x98", "the bytes F0 9F 98, a character that is cut off"},
      {"\xC0\xAF", "the bytes C0 AF, an overlong form"},
      {"\xC1\xBF", "the bytes C1 BF, an overlong form"},
      {"\xE0\x9F\xBF", "the bytes E0 9F BF, an overlong form"},
      {"\xF0\x8F\xBF\xBF", "the bytes F0 8F BF BF, an overlong form"},
      {"\xED\xA0\x80", "the bytes ED A0 80, a surrogate"},
      {"\xED\xBF\xBF", "the bytes ED BF BF, a surrogate"},
      {"\xF4\x90\x80\x80", "the bytes F4 90 80 80, above U+10FFFF"},
      {"\xF5\x80\x80\x80", "the bytes F5 80 80 80, above U+10FFFF"},
  };
  for (const auto& [bytes, words] : cases) {
    CAPTURE(words);
    CHECK(utf8_length(bytes) == 0);
    CHECK(find_invalid_utf8(std::string("aü") + bytes + "z") == 3);
    CHECK(describe_invalid_utf8(bytes) == words);
  }
}

TEST_CASE("invalid bytes are shown as escapes, one by one") {
  CHECK(escape_invalid_utf8("naïve") == "naïve");
  CHECK(escape_invalid_utf8("caf\xE9.tsv") == "caf\\xE9.tsv");
  CHECK(escape_invalid_utf8("\xED\xA0\x80…\xFF") == "\\xED\\xA0\\x80…\\xFF");
}

TEST_CASE("text of unknown origin is shown without control characters") {
  CHECK(printable("naïve … 日本") == "naïve … 日本");
  CHECK(printable("\x1B[31m\n\x7F") == "\\x1B[31m\\x0A\\x7F");
  CHECK(printable("\xC2\x9B\xC2\xA0") == "\\xC2\\x9B\xC2\xA0");
  CHECK(printable("\xE2\x80\xAE\xE2\x81\xA6\xE2\x80\xA6") == "\\xE2\\x80\\xAE\\xE2\\x81\\xA6…");
  CHECK(printable("\xC2") == "\\xC2");
  CHECK(printable("abcdef", 3) == "abc…");
  CHECK(!has_control("naïve \xFF"));
  CHECK(has_control("a\tb"));
  CHECK(has_control("\xC2\x85"));
}
