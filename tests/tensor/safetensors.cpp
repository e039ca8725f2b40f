// Safetensors files: written here, written by hand as the format says, and broken.
#include <cstdlib>
#include <fstream>

#include <heed/tensor/create.h>
#include <heed/tensor/error.h>
#include <heed/tensor/file.h>
#include <heed/tensor/npz.h>
#include <heed/tensor/random.h>
#include <heed/tensor/safetensors.h>
#include <heed/tensor/view.h>

#include "support/catch.h"
#include "support/message.h"
#include "support/temporary_folder.h"

using namespace heed;

namespace {

std::string file_of(const std::string& header, const std::string& data) {
  std::string bytes;
  for (size_t i = 0, rest = header.size(); i < 8; ++i, rest >>= 8) {
    bytes += static_cast<char>(rest & 0xFF);
  }
  return bytes + header + data;
}

/// What SafetensorsReader says of the bytes, without the path; "" when it takes them.
std::string refusal_of(const std::string& bytes) {
  const TemporaryFolder folder;
  const std::string path = folder.path("a.safetensors");
  write_file(path, bytes);
  const std::string message = message_of<FileError>([&] { load_safetensors(path); });
  CHECK((message.empty() || message.starts_with(path + ": ")));
  return message.substr(std::min(message.size(), path.size() + 2));
}

/// `count` empty tensors as entries of a header, each with a comma behind.
std::string empty_entries(int count) {
  std::string entries;
  for (int i = 0; i < count; ++i) {
    entries.append("\"").append(std::to_string(i)) += "\":{\"dtype\":\"I8\",\"shape\":[0],\"data_offsets\":[0,0]},";
  }
  return entries;
}

/// The most memory that this process has had, in bytes; 0 where the system does not say. Starts anew where it may.
int64_t peak_memory(bool from_now = false) {
  if (from_now) {
    std::ofstream("/proc/self/clear_refs") << 5;
  }
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM:")) {
      return std::stoll(line.substr(6)) * 1024;
    }
  }
  return 0;
}

/// A header of one tensor with these fields, and 8 bytes of data.
std::string refusal_of_entry(const std::string& fields) {
  return refusal_of(file_of("{\"x\":{" + fields + "}}", std::string(8, '\0')));
}

}  // namespace

TEST_CASE("save_safetensors and load_safetensors return every dtype and shape, and the metadata") {
  const TemporaryFolder folder;
  const std::string path = folder.path("a.safetensors");
  const std::vector<std::pair<std::string, Tensor>> tensors = {
      {"flags", tensor<bool>({true, false, true})}, {"weight", randn({2, 3})},
      {"wide", randn({4}, DType::float64)},         {"ids", arange(5)},
      {"scalar", scalar(2.5, DType::float32)},      {"empty", zeros({0, 3})},
      {"turned", transpose(randn({3, 2}), 0, 1)},   {"naïve/..\"\\", ones({1})}};
  save_safetensors(path, tensors, {{"format", "pt"}, {"note", "größer \"als\" \n"}});
  const SafetensorsReader reader(path);
  CHECK(reader.metadata() == std::map<std::string, std::string>{{"format", "pt"}, {"note", "größer \"als\" \n"}});
  CHECK(reader.names().size() == tensors.size());
  CHECK(reader.names().front() == "wide");
  for (const auto& [name, expected] : tensors) {
    CAPTURE(name);
    REQUIRE(reader.contains(name));
    const Tensor loaded = reader.tensor(name);
    CHECK(loaded.dtype() == expected.dtype());
    CHECK(loaded.shape() == expected.shape());
    CHECK(reader.info(name).shape == expected.shape());
    CHECK(to(loaded, DType::float64).to_vector<double>() == to(expected, DType::float64).to_vector<double>());
  }
  CHECK(message_of<FileError>([&] { reader.tensor("none"); }) == path + ": tensor 'none': is missing");
  const std::string bytes = read_file(path);
  save_safetensors(path, tensors, {{"format", "pt"}, {"note", "größer \"als\" \n"}});
  CHECK(read_file(path) == bytes);
  save_safetensors(path, {});
  CHECK(read_file(path) == file_of("{}      ", ""));
  CHECK(SafetensorsReader(path).names().empty());
}

TEST_CASE("what others write is read: any order of keys, blanks, all element types") {
  const TemporaryFolder folder;
  const std::string path = folder.path("a.safetensors");
  const std::string header =
      "{ \"b\" : {\"data_offsets\":[4,8], \"shape\":[2], \"dtype\":\"F16\"},\n"
      "\"a\":{\"dtype\":\"BF16\",\"shape\":[2],\"data_offsets\":[0,4]}, \"__metadata__\":{},"
      "\"c\":{\"dtype\":\"I16\",\"shape\":[],\"data_offsets\":[8,10]},"
      "\"d\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[10,12]}}   ";
  write_file(path, file_of(header, std::string("\x80\x3F\x20\xC0\x00\x3C\x00\x40\xFE\xFF\x07\xFF", 12)));
  const SafetensorsReader reader(path);
  CHECK(reader.names() == std::vector<std::string>{"b", "a", "c", "d"});
  CHECK(reader.tensor("a").to_vector<float>() == std::vector<float>{1, -2.5});
  CHECK(reader.tensor("b").to_vector<float>() == std::vector<float>{1, 2});
  CHECK(reader.tensor("c").item<int64_t>() == -2);
  CHECK(reader.tensor("d").to_vector<int64_t>() == std::vector<int64_t>{7, 255});
  CHECK(reader.info("a").dtype == DType::float32);
}

TEST_CASE("a safetensors file that breaks the format is refused with the tensor or the byte") {
  const std::string good = "\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]";
  CHECK(refusal_of_entry(good).empty());
  CHECK(refusal_of("") == "needs a safetensors file, got only 0 bytes");
  CHECK(refusal_of("PK\x03\x04 and more") == "is no safetensors file, but a zip archive (.npz), which NpzReader reads");
  CHECK(refusal_of(std::string(8, '\xFF') + "{}").find("longer than the 8388608 that can be read") !=
        std::string::npos);
  CHECK(refusal_of(file_of("{\"x\"", "").substr(0, 10)) == "is cut off: a header of 4 bytes, and only 2 follow");
  CHECK(refusal_of(file_of("[]", "")) == "is no safetensors file: byte 8 starts no header");
  CHECK(refusal_of(file_of("{}x", "")).find("no JSON at byte 10") != std::string::npos);
  CHECK(refusal_of(file_of("{}", "1")) == "must hold 0 bytes of tensors, got 1");
  CHECK(refusal_of_entry(good + ",\"dtype\":\"F32\"") == "broken header at 'x': the key 'dtype' is there twice");
  CHECK(refusal_of(file_of("{\"x\":{" + good + "},\"x\":{" + good + "}}", std::string(8, '\0'))) ==
        "broken header: the key 'x' is there twice");
  CHECK(refusal_of_entry("\"dtype\":\"F8_E4M3\",\"shape\":[8],\"data_offsets\":[0,8]")
            .find("tensor 'x': elements of type 'F8_E4M3' cannot be read") == 0);
  CHECK(refusal_of_entry("\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]") ==
        "tensor 'x': shape (3,) of F32 needs 12 bytes, got 8");
  CHECK(refusal_of_entry("\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]") ==
        "tensor 'x': must begin at byte 0 of the data, where the one before it ends, got 4 to 8");
  CHECK(refusal_of_entry("\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]") ==
        "must hold 4 bytes of tensors, got 8");
  CHECK(refusal_of(file_of("{\"x\":{" + good + "},\"y\":{" + good + "}}", std::string(8, '\0')))
            .find("must begin at byte 8") != std::string::npos);
  CHECK(refusal_of_entry("\"dtype\":\"F32\",\"shape\":[4611686018427387904,4],\"data_offsets\":[0,8]") != "");
  CHECK(refusal_of_entry("\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]") ==
        "broken header at 'x': the negative number -2");
  CHECK(refusal_of_entry("\"dtype\":\"F32\",\"shape\":[2]") ==
        "broken header at 'x': needs dtype, shape and data_offsets");
  CHECK(refusal_of_entry(good + ",\"colour\":1") == "broken header at 'x': unknown key 'colour'");
  CHECK(refusal_of_entry("\"dtype\":{\"a\":1}") == "broken header at 'x': an object where none can be");
  CHECK(refusal_of(file_of("{\"x\":" + std::string(100'000, '[') + "", "")) ==
        "broken header at 'x': a list where none can be");
  CHECK(refusal_of(file_of("{\"\\u001b[31m\":{" + good + "}}", std::string(8, '\0'))) ==
        "broken header: '\\x1B[31m' cannot be the name of a tensor");
}

TEST_CASE("save_safetensors refuses what the format cannot hold") {
  const TemporaryFolder folder;
  const Tensor x = ones({2});
  const auto refusal = [&](const std::vector<std::pair<std::string, Tensor>>& tensors,
                           const std::map<std::string, std::string>& metadata = {}) {
    return message_of<ValueError>([&] { save_safetensors(folder.path("a"), tensors, metadata); });
  };
  CHECK(refusal({{"", x}}) == "save_safetensors: '' cannot be the name of a tensor");
  CHECK(refusal({{"__metadata__", x}}).ends_with("'__metadata__' cannot be the name of a tensor"));
  CHECK(refusal({{"a\nb", x}}).ends_with("'a\\x0Ab' cannot be the name of a tensor"));
  CHECK(refusal({{"a\xFF", x}}) == "save_safetensors: a tensor's name must be UTF-8, got 'a\\xFF'");
  CHECK(refusal({{"a", x}, {"a", x}}) == "save_safetensors: there are two tensors 'a'");
  CHECK(refusal({{"a", Tensor()}}) == "save_safetensors: the tensor 'a' is undefined");
  CHECK(refusal({{"a", x}}, {{"k", "\xFF"}}).ends_with("a text of the metadata must be UTF-8, got '\\xFF'"));
  CHECK(folder.names().empty());
}

// Run by safetensors_peer.py, which writes the one file and compares what it finds in the others.
TEST_CASE("a safetensors file of Python and one for it", "[.numpy]") {
  const char* variable = std::getenv("HEED_NUMPY_FOLDER");
  REQUIRE(variable != nullptr);
  const std::string folder = std::string(variable) + "/";
  const auto tensors = load_safetensors(folder + "python.safetensors");
  for (const auto& [name, tensor] : tensors) {
    save_npy(folder + name + ".npy", tensor);
  }
  save_safetensors(folder + "heed.safetensors", tensors, SafetensorsReader(folder + "python.safetensors").metadata());
}

TEST_CASE("a header holds at most 65,535 tensors and texts in 8 MiB, whether read or written") {
  const TemporaryFolder folder;
  const std::string path = folder.path("a.safetensors");
  const auto refusal_behind = [full = empty_entries(65'535)](const std::string& rest) {
    return refusal_of(file_of(std::string("{").append(full).append(rest), ""));
  };
  CHECK(refusal_behind("\"__metadata__\":{}}").find("more than 65535 tensors and texts") != std::string::npos);
  CHECK(refusal_behind("\"x\":?").find("more than 65535 tensors and texts") != std::string::npos);
  CHECK(refusal_of(file_of(std::string(8'388'609, '{'), "")) ==
        "is no safetensors file: a header of 8388609 bytes is longer than the 8388608 that can be read");

  std::vector<std::pair<std::string, Tensor>> tensors;
  for (int i = 0; i < 65'535; ++i) {
    tensors.emplace_back(std::to_string(i), zeros({0}));
  }
  save_safetensors(path, tensors);
  CHECK(SafetensorsReader(path).names().size() == tensors.size());
  const std::string bytes = read_file(path);
  CHECK(message_of<ValueError>([&] {
          save_safetensors(path, tensors, {{"a", "b"}});
        }).find("at most 65535 in") != std::string::npos);
  const std::string long_text(8 << 20, 'x');
  CHECK(message_of<ValueError>([&] {
          save_safetensors(path, {}, {{"a", long_text}});
        }).find("at most 65535 in") != std::string::npos);
  const bool is_as_before = read_file(path) == bytes;
  CHECK(is_as_before);
}

TEST_CASE("a device that is no safetensors file is not read on") {
  CHECK(message_of<FileError>([] { SafetensorsReader("/dev/zero"); }) ==
        "/dev/zero: is no safetensors file: byte 8 starts no header");
}

TEST_CASE("save_safetensors writes tensor by tensor: little-endian, and without a copy of them all") {
  const TemporaryFolder folder;
  const std::string path = folder.path("a.safetensors");
  save_safetensors(path, {{"b", tensor<bool>({true})}, {"x", tensor<float>({1, -2.5})}, {"i", tensor<int64_t>({258})}});
  CHECK(read_file(path).ends_with(std::string("\x02\x01\0\0\0\0\0\0\0\0\x80\x3F\0\0\x20\xC0\x01", 17)));

  const Tensor x = ones({1 << 24});  // 64 MiB
  const int64_t before = peak_memory(true);
  save_safetensors(path, {{"x", x}});
  CHECK(peak_memory() - before < 16 << 20);
  CHECK(SafetensorsReader(path).info("x").shape == x.shape());
}
