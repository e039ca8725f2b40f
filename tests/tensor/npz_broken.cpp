// Broken .npy and .npz files: refused with a reason, or read, but never more.
#include <algorithm>
#include <bit>
#include <filesystem>
#include <fstream>

#include <heed/tensor/create.h>
#include <heed/tensor/error.h>
#include <heed/tensor/file.h>
#include <heed/tensor/npz.h>
#include <heed/tensor/random.h>

#include "support/catch.h"
#include "support/message.h"
#include "support/temporary_folder.h"

using namespace heed;

namespace {

std::string data_file(const std::string& name) { return std::string(HEED_TEST_DATA) + "/" + name; }

/// A .npy file of that header text.
std::string npy_of(const std::string& header, const std::string& elements) {
  std::string bytes("\x93NUMPY\x01\x00", 8);
  bytes += static_cast<char>(header.size() & 0xFF);
  bytes += static_cast<char>(header.size() >> 8);
  return bytes + header + elements;
}

/// What load_npy says of these bytes, without the path; "" when it takes them.
std::string refusal_of(const std::string& bytes) {
  const TemporaryFolder folder;
  const std::string path = folder.path("a.npy");
  write_file(path, bytes);
  const std::string message = message_of<FileError>([&] { load_npy(path); });
  CHECK((message.empty() || message.starts_with(path + ": ")));
  return message.substr(std::min(message.size(), path.size() + 2));
}

}  // namespace

TEST_CASE("broken .npy headers are refused with the byte") {
  const std::string rest = ", 'fortran_order': False, 'shape': (2,), }\n";
  const std::string eight(8, '\0');
  CHECK(refusal_of(npy_of("{'descr': '<f4'" + rest, eight)).empty());
  CHECK(refusal_of(npy_of("{\"shape\": (2L,), \"fortran_order\":False,\"descr\":\"<f4\"}", eight)).empty());
  CHECK(refusal_of("") == "needs a NumPy array, got only 0 bytes");
  CHECK(refusal_of("a text that is long enough") == "is no NumPy array: byte 0 starts no \\x93NUMPY");
  CHECK(refusal_of(std::string("\x93NUMPY\x04\x00\x00\x00", 10)) ==
        "version 4.0 at byte 6 is unknown: needs 1.0, 2.0 or 3.0");
  CHECK(refusal_of(std::string("\x93NUMPY\x01\x00\x40\x00{'de", 14)) ==
        "a header of 64 bytes cannot be: 4 bytes follow");
  CHECK(refusal_of(std::string("\x93NUMPY\x02\x00\xFF\xFF\xFF\xFF{}", 14)) ==
        "a header of 4294967295 bytes cannot be: 2 bytes follow");
  CHECK(refusal_of(npy_of("[1, 2]", "")) == "broken header at byte 10: expected '{'");
  CHECK(refusal_of(npy_of("{'descr': '<f4'}", "")) ==
        "broken header at byte 26: needs the keys 'descr', 'fortran_order' and 'shape'");
  CHECK(refusal_of(npy_of("{'colour': 1" + rest, "")) == "broken header at byte 20: unknown key 'colour'");
  CHECK(refusal_of(npy_of("{'descr': '<c8'" + rest, eight)) ==
        "broken header at byte 25: elements of type '<c8' (complex numbers) cannot be read: needs floating-point "
        "numbers of 2, 4 or 8 "
        "bytes, integers or bool");
  for (const char* descr : {"|O", "<U5", "|S3", "|V8", "<f16", "|f4", "|i2", "f3", "c8", "=c8", "=", "", "<M8[ns]"}) {
    INFO(descr);
    CHECK(refusal_of(npy_of("{'descr': '" + std::string(descr) + "'" + rest, eight)).find("cannot be read") !=
          std::string::npos);
  }
  CHECK(refusal_of(npy_of("{'descr': [('a', '<f4')]" + rest, eight)) ==
        "broken header at byte 20: arrays of records cannot be read");
  CHECK(refusal_of(npy_of("{'descr': '<f4'" + rest + "x", eight)) ==
        "broken header at byte 68: unexpected text after the dictionary");
}

TEST_CASE("elements that cannot be read are named in words") {
  const auto refusal = [](const std::string& descr) {
    return refusal_of(
        npy_of("{'descr': '" + descr + "', 'fortran_order': False, 'shape': (1,), }\n", std::string(8, '\0')));
  };
  CHECK(refusal("|O").find("'|O' (Python objects, pickled) cannot be read") != std::string::npos);
  CHECK(refusal("<U5").find("'<U5' (texts) cannot be read") != std::string::npos);
  CHECK(refusal("|V8").find("'|V8' (raw bytes) cannot be read") != std::string::npos);
  CHECK(refusal("<M8[ns]").find("(dates or times)") != std::string::npos);
  CHECK(refusal("<f16").find("(long double)") != std::string::npos);
  CHECK(refusal("|i2").ends_with("integers or bool, in the byte order <, > or ="));
}

TEST_CASE("NumPy's names of element types are read, in the native byte order") {
  const TemporaryFolder folder;
  for (const auto& [name, type] : std::vector<std::pair<std::string, std::string>>{{"f8", "f8"},
                                                                                   {"float64", "f8"},
                                                                                   {"float32", "f4"},
                                                                                   {"float16", "f2"},
                                                                                   {"i8", "i8"},
                                                                                   {"int64", "i8"},
                                                                                   {"int8", "i1"},
                                                                                   {"uint16", "u2"},
                                                                                   {"bool", "b1"},
                                                                                   {"?", "b1"}}) {
    CAPTURE(name);
    const std::string rest = "', 'fortran_order': False, 'shape': (1,), }\n";
    const std::string elements = std::string(static_cast<size_t>(type[1] - '0' - 1), '\1') + '\1';
    write_file(folder.path("named.npy"), npy_of("{'descr': '" + name + rest, elements));
    write_file(folder.path("plain.npy"), npy_of("{'descr': '=" + type + rest, elements));
    const Tensor named = load_npy(folder.path("named.npy")), plain = load_npy(folder.path("plain.npy"));
    CHECK(named.dtype() == plain.dtype());
    CHECK(to(named, DType::float64).to_vector<double>() == to(plain, DType::float64).to_vector<double>());
  }
}

TEST_CASE("native byte order is read, for every element type") {
  const TemporaryFolder folder;
  const char order = std::endian::native == std::endian::little ? '<' : '>';
  for (const std::string type : {"f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "b1"}) {
    CAPTURE(type);
    const std::string rest = type + "', 'fortran_order': True, 'shape': (2,), }\n";
    std::string elements;
    for (int i = 0; i < 2 * (type[1] - '0'); ++i) {
      elements += static_cast<char>(type == "b1" ? i : 3 * i + 1);
    }
    write_file(folder.path("native.npy"), npy_of("{'descr': '=" + rest, elements));
    write_file(folder.path("named.npy"), npy_of(std::string("{'descr': '") + order + rest, elements));
    const Tensor native = load_npy(folder.path("native.npy")), named = load_npy(folder.path("named.npy"));
    CHECK(native.dtype() == named.dtype());
    CHECK(to(native, DType::float64).to_vector<double>() == to(named, DType::float64).to_vector<double>());
  }
}

TEST_CASE("a second array in one .npy is said to be one") {
  const std::string one = npy_of("{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }\n", std::string(12, '\0'));
  CHECK(refusal_of(one).empty());
  const std::string after = std::to_string(one.size()) + " bytes after the array";
  CHECK(refusal_of(one + one).ends_with(after + ", where a second array begins: one array per file can be read"));
  CHECK(refusal_of(one + std::string(one.size(), 'x')).ends_with(after));
  CHECK(refusal_of(one + "\x93N").ends_with("2 bytes after the array"));
  // Not behind more than 1 MiB, which might have to be unpacked to look.
  const auto large = [&one](int64_t size) {
    const std::string header = "{'descr': '|u1', 'fortran_order': False, 'shape': (" + std::to_string(size) + ",), }\n";
    return npy_of(header, std::string(static_cast<size_t>(size), '\0')) + one;
  };
  CHECK(refusal_of(large(1 << 20)).find("where a second array begins") != std::string::npos);
  CHECK(refusal_of(large((1 << 20) + 1)).ends_with(after));
}

TEST_CASE("a .npy of another kind is said to be one") {
  const std::string no_array = "is no NumPy array: byte 0 starts no \\x93NUMPY, but ";
  CHECK(refusal_of("PK\x03\x04 and so on") == no_array + "a zip archive (.npz), which NpzReader reads");
  CHECK(refusal_of("\x1F\x8B and so on") == no_array + "gzip, to be unpacked first");
  CHECK(refusal_of("\x80\x04 and so on") == no_array + "a pickle of Python objects");
}

TEST_CASE("a header that is longer than that of any array is refused as such") {
  std::string bytes("\x93NUMPY\x02\x00\x01\x00\x01\x00", 12);
  CHECK(refusal_of(bytes + std::string(65'537, ' ')) ==
        "a header of 65537 bytes is longer than that of any plain array: at most 65536 can be read");
}

TEST_CASE("shapes that cannot be are refused before memory is taken") {
  const auto refusal = [](const std::string& shape, size_t bytes) {
    return refusal_of(
        npy_of("{'descr': '<f4', 'fortran_order': False, 'shape': " + shape + "}", std::string(bytes, '\0')));
  };
  CHECK(refusal("(3,)", 12).empty());
  CHECK(refusal("(3,)", 11) == "shape (3,) of 4-byte elements needs 12 bytes, got 11 from byte 65 on");
  CHECK(refusal("(3,)", 13) ==
        "shape (3,) of 4-byte elements needs 12 bytes, got 13 from byte 65 on: 1 byte after the array");
  CHECK(refusal("(-1,)", 4) == "broken header at byte 61: negative size -1");
  CHECK(refusal("(4611686018427387904, 4)", 0) ==
        "shape (4611686018427387904, 4) of 4-byte elements needs more than 2^63 bytes, got 0 from byte 85 on");
  CHECK(refusal("(4611686018427387904, 4, 0)", 0).find("more than 2^63") != std::string::npos);
  CHECK(refusal("(1000000000000,)", 0).find("needs 4000000000000 bytes, got 0") != std::string::npos);
  CHECK(refusal("(99999999999999999999,)", 0) == "broken header at byte 61: expected a size");
  CHECK(refusal("(1, 1, 1, 1, 1, 1, 1, 1, 1)", 4).find("more than 8 axes") != std::string::npos);
  CHECK(refusal("(1 1)", 4).find("expected ')'") != std::string::npos);
  CHECK(refusal("(1,", 4).find("expected a size") != std::string::npos);
}

TEST_CASE("a u8 value above int64 is refused") {
  const std::string header = "{'descr': '<u8', 'fortran_order': False, 'shape': ()}";
  CHECK(refusal_of(npy_of(header, std::string(7, '\0') + "\x7F")).empty());
  CHECK(refusal_of(npy_of(header, std::string(7, '\0') + "\x80")) ==
        "the value 9223372036854775808 does not fit int64");
}

namespace {

/// Loads all of it, or throws FileError; anything else fails the test.
void load_archive(const std::string& path) {
  const NpzReader archive(path);
  for (const std::string& name : archive.names()) {
    archive.tensor(name);
  }
}

/// Calls load(path) on every cut and on every byte changed in several ways; returns how many were refused.
template <class Load>
int refused(const std::string& whole, const Load& load) {
  const TemporaryFolder folder;
  int count = 0;
  const auto attempt = [&](const std::string& bytes) {
    const std::string path = folder.path("broken");
    std::filesystem::remove(path);  // To write over a file that stands there would wait for the disk.
    { std::ofstream(path, std::ios::binary) << bytes; }
    count += message_of<FileError>([&] { load(path); }).empty() ? 0 : 1;
  };
  for (size_t i = 0; i < whole.size(); ++i) {
    attempt(whole.substr(0, i));
    for (const int flip : {0x01, 0x80, 0xFF}) {
      std::string bytes = whole;
      bytes[i] = static_cast<char>(bytes[i] ^ flip);
      attempt(bytes);
    }
  }
  return count;
}

}  // namespace

TEST_CASE("an .npy file cut or changed anywhere loads or throws FileError") {
  for (const char* name : {"version1.npy", "version2.npy", "fortran.npy"}) {
    const std::string whole = read_file(data_file(name));
    CHECK(refused(whole, [](const std::string& path) { load_npy(path); }) >= static_cast<int>(whole.size()));
  }
}

TEST_CASE("an .npz file cut or changed anywhere loads or throws FileError") {
  const TemporaryFolder folder;
  NpzWriter writer;
  writer.add("a", randn({2, 3}));
  writer.add("b", arange(3));
  for (const bool compress : {true, false}) {
    writer.save(folder.path("small.npz"), compress);
    const std::string whole = read_file(folder.path("small.npz"));
    CHECK(refused(whole, load_archive) >= static_cast<int>(whole.size()));
  }
  const std::string zip64 = read_file(data_file("zip64.npz"));
  CHECK(refused(zip64, load_archive) >= static_cast<int>(zip64.size()));
}

TEST_CASE("an archive that claims more bytes than its file has is refused before memory is taken") {
  const TemporaryFolder folder;
  const std::string path = folder.path("a.npz");
  NpzWriter writer;
  writer.add("x", zeros({75}));
  writer.save(path, false);
  std::string bytes = read_file(path);
  // The stored member's size, 128 bytes of header and 300 of data, wherever it stands in the archive's records.
  const std::string size("\xac\x01\x00\x00", 4), claimed("\xf0\xff\xff\x7f", 4);
  int places = 0;
  for (size_t at = bytes.find(size); at != std::string::npos; at = bytes.find(size, at + 4)) {
    bytes.replace(at, 4, claimed);
    ++places;
  }
  REQUIRE(places >= 4);
  write_file(path, bytes);
  const std::string message = message_of<FileError>([&] { NpzReader(path).tensor("x"); });
  INFO(message);
  CHECK(message.find("of a file of") != std::string::npos);
}
