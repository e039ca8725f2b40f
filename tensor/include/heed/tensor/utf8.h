// UTF-8: which bytes are characters (Unicode code points) and which are not.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace heed {

/// Bytes of the character that `text` begins with, 1 to 4; 0 when it begins with none: at the end, and for a stray
/// byte, a cut sequence, an overlong form, a surrogate or what is above U+10FFFF (RFC 3629, section 4).
size_t utf8_length(std::string_view text);
/// Where the first byte stands that belongs to no character; text.size() when all do.
size_t find_invalid_utf8(std::string_view text);
/// What is wrong with the bytes that `text` begins with: "the byte FF, which begins no character", "the bytes ED A0 80,
/// a surrogate". To be asked where utf8_length() is 0.
std::string describe_invalid_utf8(std::string_view text);
/// The text with "\xFF" in place of each byte that belongs to no character: what can be shown of a file's name.
std::string escape_invalid_utf8(std::string_view text);
/// Whether a control character is in it: U+0000 to U+001F, U+007F to U+009F, or an override of the direction of writing
/// (U+202A to U+202E, U+2066 to U+2069).
bool has_control(std::string_view text);
/// Text of unknown origin as errors and terminals may show it: "\x1B" in place of each byte of a control character (as
/// has_control) and of each that belongs to no character; of more than `most` bytes the first, and "…".
std::string printable(std::string_view text, size_t most = 200);

}  // namespace heed
