// See repair.h.
#include "fuzz/repair.h"

#include <zlib.h>

#include <algorithm>
#include <vector>

namespace fuzz {

namespace {

std::string number(uint64_t value, size_t count) {
  std::string bytes;
  for (size_t i = 0; i < count; ++i, value >>= 8) {
    bytes += static_cast<char>(value & 0xFF);
  }
  return bytes;
}

size_t number_at(const std::string& bytes, size_t place, size_t count) {
  size_t value = 0;
  for (size_t i = count; i > 0; --i) {
    value = value << 8 | static_cast<unsigned char>(bytes[place + i - 1]);
  }
  return value;
}

/// What raw deflated bytes unpack to, at most 256 KiB; `used` of them.
std::string inflated(const std::string& packed, size_t& used) {
  z_stream stream = {};
  static std::string out(1 << 18, '\0');  // kept: to clear it for every member would be most of a run's time
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) {
    return "";
  }
  std::string in = packed;
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  inflate(&stream, Z_FINISH);
  used = in.size() - stream.avail_in;
  inflateEnd(&stream);
  return out.substr(0, out.size() - stream.avail_out);
}

struct Member {
  size_t method = 0;
  std::string name, packed, bytes;
};

std::vector<Member> members_of(const std::string& bytes) {
  std::vector<Member> members;
  const std::string magic("PK\x03\x04", 4);
  size_t at = bytes.find(magic);
  while (at != std::string::npos && bytes.size() - at >= 30 && members.size() < 200) {
    const size_t begin = std::min(at + 30 + number_at(bytes, at + 26, 2) + number_at(bytes, at + 28, 2), bytes.size());
    const size_t next = bytes.find(magic, std::max(at + 4, begin));
    const size_t end = std::min({next, std::max(begin, bytes.find("PK\x01\x02", begin)), bytes.size()});
    Member member;
    member.method = number_at(bytes, at + 8, 2);
    member.name = bytes.substr(at + 30, std::min(number_at(bytes, at + 26, 2), bytes.size() - at - 30));
    member.packed = bytes.substr(begin, end - begin);
    member.bytes = member.packed;
    if (size_t used = 0; member.method == 8) {
      member.bytes = inflated(member.packed, used);
      member.packed.resize(used);
    }
    members.push_back(member);
    at = next;
  }
  return members;
}

}  // namespace

std::string repair_npy(std::string bytes) {
  const size_t end = bytes.find('}');
  if (bytes.size() < 10 || end == std::string::npos || end < 10) {
    return bytes;
  }
  const size_t width = bytes[6] == 1 ? 2 : 4;
  return end < 8 + width ? bytes : bytes.replace(8, width, number(end + 1 - 8 - width, width));
}

std::string repair_safetensors(std::string bytes) {
  const size_t end = bytes.rfind('}');
  return bytes.size() < 10 || end == std::string::npos || end < 8 ? bytes : bytes.replace(0, 8, number(end + 1 - 8, 8));
}

std::string repair_zip(const std::string& bytes) {
  std::string data, directory;
  const std::vector<Member> members = members_of(bytes);
  for (const Member& m : members) {
    const uint64_t crc = crc32(0, reinterpret_cast<const Bytef*>(m.bytes.data()), static_cast<uInt>(m.bytes.size()));
    const std::string common = number(20, 2) + number(0, 2) + number(m.method, 2) + number(33 << 16, 4) +
                               number(crc, 4) + number(m.packed.size(), 4) + number(m.bytes.size(), 4) +
                               number(m.name.size(), 2) + number(0, 2);
    directory += std::string("PK\x01\x02", 4) + number(20, 2) + common + number(0, 2 + 2 + 2 + 4) +
                 number(data.size(), 4) + m.name;
    data += std::string("PK\x03\x04", 4) + common + m.name + m.packed;
  }
  return data + directory + std::string("PK\x05\x06", 4) + number(0, 4) + number(members.size(), 2) +
         number(members.size(), 2) + number(directory.size(), 4) + number(data.size(), 4) + number(0, 2);
}

}  // namespace fuzz
