// Walks over UTF-8 by characters (RFC 3629).
#include <heed/tensor/utf8.h>

#include <algorithm>

namespace heed {

namespace {

unsigned char byte_at(std::string_view text, size_t index) { return static_cast<unsigned char>(text[index]); }

bool is_continuation(unsigned char byte) { return (byte & 0xC0) == 0x80; }

/// Bytes of a character that begins so, as far as the first byte says; 0 when none does.
size_t announced_length(unsigned char first) {
  return first < 0x80 ? 1 : first < 0xC0 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF8 ? 4 : 0;
}

/// Why the bytes of a whole sequence are no character all the same; nullptr when they are one.
const char* forbidden(unsigned char first, unsigned char second) {
  if (first == 0xC0 || first == 0xC1 || (first == 0xE0 && second < 0xA0) || (first == 0xF0 && second < 0x90)) {
    return "an overlong form";
  }
  if (first == 0xED && second > 0x9F) {
    return "a surrogate";
  }
  return first > 0xF4 || (first == 0xF4 && second > 0x8F) ? "above U+10FFFF" : nullptr;
}

/// How many of the bytes that the first one announces are there, itself included.
size_t present_length(std::string_view text, size_t announced) {
  size_t count = 1;
  while (count < announced && count < text.size() && is_continuation(byte_at(text, count))) {
    ++count;
  }
  return count;
}

std::string hexadecimal(std::string_view bytes, std::string_view before) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text.append(before) += {kDigits[byte >> 4], kDigits[byte & 15]};
  }
  return text;
}

/// Whether the `length` bytes of a character are a control character.
bool is_control(std::string_view character) {
  const unsigned char first = byte_at(character, 0);
  const auto rest = character.substr(1);
  const bool of_direction =
      first == 0xE2 && ((rest >= "\x80\xAA" && rest <= "\x80\xAE") || (rest >= "\x81\xA6" && rest <= "\x81\xA9"));
  return first < 0x20 || first == 0x7F || (first == 0xC2 && rest < "\xA0" && !rest.empty()) || of_direction;
}

}  // namespace

size_t utf8_length(std::string_view text) {
  const size_t announced = text.empty() ? 0 : announced_length(byte_at(text, 0));
  if (announced <= 1) {
    return announced;
  }
  const bool whole = present_length(text, announced) == announced;
  return whole && forbidden(byte_at(text, 0), byte_at(text, 1)) == nullptr ? announced : 0;
}

size_t find_invalid_utf8(std::string_view text) {
  size_t position = 0;
  while (position < text.size()) {
    const size_t length = utf8_length(text.substr(position));
    if (length == 0) {
      break;
    }
    position += length;
  }
  return position;
}

std::string describe_invalid_utf8(std::string_view text) {
  const size_t announced = announced_length(byte_at(text, 0));
  if (announced == 0) {
    return "the byte" + hexadecimal(text.substr(0, 1), " ") + ", which begins no character";
  }
  const size_t present = present_length(text, announced);
  const std::string bytes = (present == 1 ? "the byte" : "the bytes") + hexadecimal(text.substr(0, present), " ");
  return bytes + (present < announced ? ", a character that is cut off"
                                      : ", " + std::string(forbidden(byte_at(text, 0), byte_at(text, 1))));
}

std::string escape_invalid_utf8(std::string_view text) {
  std::string escaped;
  while (!text.empty()) {
    const size_t valid = find_invalid_utf8(text);
    escaped.append(text.substr(0, valid));
    text.remove_prefix(valid);
    const size_t invalid = std::min<size_t>(1, text.size());
    escaped += hexadecimal(text.substr(0, invalid), "\\x");
    text.remove_prefix(invalid);
  }
  return escaped;
}

bool has_control(std::string_view text) {
  while (!text.empty()) {
    const size_t length = std::max<size_t>(utf8_length(text), 1);
    if (is_control(text.substr(0, length))) {
      return true;
    }
    text.remove_prefix(length);
  }
  return false;
}

std::string printable(std::string_view text, size_t most) {
  std::string shown;
  while (!text.empty()) {
    const size_t valid = utf8_length(text);
    const std::string_view character = text.substr(0, std::max<size_t>(valid, 1));
    const std::string piece =
        valid == 0 || is_control(character) ? hexadecimal(character, "\\x") : std::string(character);
    if (shown.size() + piece.size() > most) {
      return shown + "…";
    }
    shown += piece;
    text.remove_prefix(character.size());
  }
  return shown;
}

}  // namespace heed
