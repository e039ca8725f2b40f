// .npy and .npz: files that NumPy made (data/make_npz.py), and files for NumPy to read (numpy_reads.py).
#include <heed/tensor/npz.h>

#include <bit>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <limits>

#include <heed/tensor/compare.h>
#include <heed/tensor/create.h>
#include <heed/tensor/error.h>
#include <heed/tensor/file.h>
#include <heed/tensor/random.h>
#include <heed/tensor/view.h>

#include "support/catch.h"
#include "support/message.h"
#include "support/temporary_folder.h"

using namespace heed;

namespace {

std::string data_file(const std::string& name) { return std::string(HEED_TEST_DATA) + "/" + name; }

using Floats = std::vector<float>;
using Integers = std::vector<int64_t>;
constexpr int64_t kLargest = std::numeric_limits<int64_t>::max();

}  // namespace

TEST_CASE("a compressed member of any length is read whole, in whatever pieces zlib gives it") {
  const TemporaryFolder folder;
  const std::string path = folder.path("zeros.npz");
  for (const int64_t about : {65'536, 131'072}) {
    for (int64_t length = about - 70; length <= about + 70; ++length) {
      CAPTURE(length);
      NpzWriter writer;
      writer.add("numbers", zeros({length}));
      writer.add("truths", zeros({length}, DType::boolean));
      writer.save(path);
      const NpzReader reader(path);
      REQUIRE(reader.tensor("numbers").shape() == Shape{length});
      REQUIRE(reader.tensor("truths").shape() == Shape{length});
    }
  }
}

TEST_CASE("load_npy reads NumPy's versions 1, 2 and 3") {
  for (const char* name : {"version1.npy", "version2.npy", "version3.npy"}) {
    const Tensor x = load_npy(data_file(name));
    CHECK(x.dtype() == DType::float32);
    CHECK(x.shape() == Shape{2, 3});
    CHECK(x.to_vector<float>() == Floats{0, .25F, .5F, .75F, 1, 1.25F});
  }
}

TEST_CASE("load_npy reads Fortran order and big endian") {
  const Tensor x = load_npy(data_file("fortran.npy"));
  CHECK(x.shape() == Shape{2, 3, 4});
  CHECK(x.is_contiguous());
  CHECK(x.to_vector<double>() == to(reshape(arange(24), {2, 3, 4}), DType::float64).to_vector<double>());
  CHECK(load_npy(data_file("big_endian.npy")).to_vector<float>() ==
        Floats{1.5F, -2.25F, std::numeric_limits<float>::infinity()});
}

TEST_CASE("NpzReader reads every element type, stored and deflated") {
  for (const char* name : {"stored.npz", "deflated.npz"}) {
    INFO(name);
    const NpzReader archive(data_file(name));
    CHECK(archive.names().size() == 19);
    CHECK(archive.names().front() == "table");
    CHECK(archive.contains("u4"));
    CHECK_FALSE(archive.contains("u4.npy"));
    CHECK(archive.tensor("table").shape() == Shape{2, 3});
    CHECK(archive.tensor("i1").to_vector<int64_t>() == Integers{-128, -1, 0, 127});
    CHECK(archive.tensor("i2").to_vector<int64_t>() == Integers{-32768, -1, 0, 32767});
    CHECK(archive.tensor("i4").to_vector<int64_t>() == Integers{-2147483648, -1, 0, 2147483647});
    CHECK(archive.tensor("i8").to_vector<int64_t>() == Integers{-kLargest - 1, -1, 0, kLargest});
    CHECK(archive.tensor("u1").to_vector<int64_t>() == Integers{0, 1, 255});
    CHECK(archive.tensor("u2").to_vector<int64_t>() == Integers{0, 1, 65535});
    CHECK(archive.tensor("u4").to_vector<int64_t>() == Integers{0, 1, 4294967295});
    CHECK(archive.tensor("u8").to_vector<int64_t>() == Integers{0, 1, kLargest});
    CHECK(archive.tensor("f8").to_vector<double>() == std::vector<double>{0.1, -1e300});
    CHECK(archive.tensor("b1").to_vector<bool>() == std::vector<bool>{true, false, true});
    CHECK(archive.tensor("scalar").shape() == Shape{});
    CHECK(archive.tensor("scalar").item<int64_t>() == 42);
    CHECK(archive.tensor("empty").shape() == Shape{0, 3});
    CHECK(archive.tensor("big_i2").to_vector<int64_t>() == Integers{1, -2, 300, -400});
    CHECK(archive.tensor("big_f8").item() == 0.1);
    CHECK(archive.tensor("fortran").to_vector<int64_t>() == Integers{0, 1, 2, 3, 4, 5});
    CHECK(archive.text("text") == "naïve\n");
  }
}

TEST_CASE("half precision becomes float32 exactly") {
  const Tensor x = NpzReader(data_file("stored.npz")).tensor("f2");
  const Floats values = x.to_vector<float>();
  CHECK(Floats(values.begin(), values.end() - 1) == Floats{0, -0.F, 0x1p-24F, 0x3FFp-24F, 0x1p-14F, 1, -2.5F, 65504,
                                                           std::numeric_limits<float>::infinity(),
                                                           -std::numeric_limits<float>::infinity()});
  CHECK(std::signbit(values[1]));
  CHECK(std::bit_cast<uint32_t>(values.back()) == 0x7FC02000);
}

TEST_CASE("a NaN keeps its bits on the way in and out") {
  const TemporaryFolder folder;
  const Tensor x = NpzReader(data_file("deflated.npz")).tensor("nan");
  save_npy(folder.path("a.npy"), x);
  for (const Tensor& tensor : {x, load_npy(folder.path("a.npy"))}) {
    CHECK(std::bit_cast<uint32_t>(tensor.data<float>()[0]) == 0x7FC12345);
    CHECK(std::bit_cast<uint32_t>(tensor.data<float>()[1]) == 0xFFA54321);
  }
}

TEST_CASE("NpzReader reads zip64 archives") {
  const NpzReader archive(data_file("zip64.npz"));
  CHECK(archive.names() == std::vector<std::string>{"table", "i1"});
  CHECK(archive.tensor("table").to_vector<float>() == Floats{0, .25F, .5F, .75F, 1, 1.25F});
}

TEST_CASE("NpzReader refuses what it cannot read and says what") {
  const TemporaryFolder folder;
  CHECK(message_of<FileError>([&] { NpzReader archive(folder.path("none")); }) ==
        "cannot read " + folder.path("none") + ": No such file or directory");
  write_file(folder.path("text.npz"), "no archive");
  CHECK(message_of<FileError>([&] { NpzReader archive(folder.path("text.npz")); }) ==
        "cannot read " + folder.path("text.npz") + ": Not a zip archive");
  CHECK_THROWS_AS(NpzReader(folder.path()), FileError);
  CHECK(message_of<FileError>([&] { NpzReader archive(data_file("duplicate.npz")); }) ==
        data_file("duplicate.npz") + ": two members are named 'a'");
  const NpzReader archive(data_file("stored.npz"));
  CHECK(message_of<FileError>([&] { archive.tensor("absent"); }) ==
        data_file("stored.npz") + ": member 'absent': is missing");
  CHECK(message_of<FileError>([&] { archive.text("i4"); }) ==
        data_file("stored.npz") + ": member 'i4': needs text, a rank-1 array of u1, got shape (4,) of i4");
  const NpzReader other(data_file("bzip2.npz"));
  CHECK(message_of<FileError>([&] { other.tensor("table"); }) ==
        data_file("bzip2.npz") + ": member 'table': compression method 12 cannot be read: needs stored or deflated");
}

TEST_CASE("a changed byte in a stored member fails its CRC") {
  const TemporaryFolder folder;
  NpzWriter writer;
  writer.add("a", rand({50}));
  writer.add_text("b", "configuration");
  writer.save(folder.path("a.npz"), false);
  std::string bytes = read_file(folder.path("a.npz"));
  bytes[bytes.find("configuration")] = 'K';
  bytes[bytes.find("NUMPY") + 200] ^= 1;
  write_file(folder.path("a.npz"), bytes);
  const NpzReader archive(folder.path("a.npz"));
  CHECK(message_of<FileError>([&] { archive.tensor("a"); }) ==
        folder.path("a.npz") + ": member 'a': is broken: CRC error");
  CHECK(message_of<FileError>([&] { archive.text("b"); }) ==
        folder.path("a.npz") + ": member 'b': is broken: CRC error");
}

TEST_CASE("save_npy and load_npy return every dtype, shape and layout") {
  const TemporaryFolder folder;
  const std::string path = folder.path("a.npy");
  for (const DType dtype : {DType::float32, DType::float64, DType::int64, DType::boolean}) {
    for (const Shape& shape :
         {Shape{}, Shape{0}, Shape{7}, Shape{3, 0, 2}, Shape{3, 4}, Shape{1, 2, 1, 3, 1, 2, 1, 2}}) {
      const Tensor x = to(randint(shape, -9, 9), dtype);
      save_npy(path, x);
      const Tensor y = load_npy(path);
      CHECK(y.dtype() == dtype);
      CHECK(y.shape() == shape);
      CHECK(to(y, DType::float64).to_vector<double>() == to(x, DType::float64).to_vector<double>());
    }
  }
  const Tensor strided = slice(transpose(rand({5, 6}), 0, 1), 0, 1, 6, 2);
  save_npy(path, strided);
  CHECK(load_npy(path).to_vector<float>() == strided.to_vector<float>());
  const Tensor broadcast = expand(rand({3, 1}), {3, 4});
  save_npy(path, broadcast);
  CHECK(load_npy(path).to_vector<float>() == broadcast.to_vector<float>());
}

TEST_CASE("arrays larger than one piece are read whole") {
  const TemporaryFolder folder;
  const Tensor x = rand({3, 70'001});
  NpzWriter writer;
  writer.add("x", x);
  for (const bool compress : {false, true}) {
    writer.save(folder.path("a.npz"), compress);
    CHECK(NpzReader(folder.path("a.npz")).tensor("x").to_vector<float>() == x.to_vector<float>());
  }
}

TEST_CASE("NpzWriter's archives are read back and are the same bytes each time") {
  const TemporaryFolder folder;
  NpzWriter writer;
  const Tensor x = rand({4, 5});
  writer.add("encoder.weight_ih_l0", x);
  writer.add("größe", scalar(3, DType::int64));
  writer.add_text("config", "{\"hidden\": 8}");
  writer.add_text("nothing", "");
  for (const bool compress : {true, false}) {
    writer.save(folder.path("a.npz"), compress);
    const NpzReader archive(folder.path("a.npz"));
    CHECK(archive.names() == std::vector<std::string>{"encoder.weight_ih_l0", "größe", "config", "nothing"});
    CHECK(archive.tensor("encoder.weight_ih_l0").to_vector<float>() == x.to_vector<float>());
    CHECK(archive.tensor("größe").item<int64_t>() == 3);
    CHECK(archive.text("config") == "{\"hidden\": 8}");
    CHECK(archive.text("nothing").empty());
    writer.save(folder.path("b.npz"), compress);
    CHECK(read_file(folder.path("a.npz")) == read_file(folder.path("b.npz")));
  }
  NpzWriter().save(folder.path("a.npz"));
  CHECK(NpzReader(folder.path("a.npz")).names().empty());
}

TEST_CASE("NpzWriter copies at add, and refuses names that are empty or taken") {
  const TemporaryFolder folder;
  NpzWriter writer;
  Tensor x = ones({2});
  writer.add("x", x);
  fill_(x, 5);
  CHECK(message_of<ValueError>([&] { writer.add("x", x); }) == "NpzWriter: there is a member 'x' already");
  CHECK_THROWS_AS(writer.add_text("x", "text"), ValueError);
  CHECK_THROWS_AS(writer.add("", x), ValueError);
  CHECK_THROWS_AS(writer.add(std::string("a\0b", 3), x), ValueError);
  CHECK_THROWS_AS(writer.add("undefined", Tensor()), ValueError);
  writer.save(folder.path("a.npz"));
  CHECK(NpzReader(folder.path("a.npz")).tensor("x").to_vector<float>() == Floats{1, 1});
}

TEST_CASE("an archive that cannot be written is an error that names it") {
  const TemporaryFolder folder;
  NpzWriter writer;
  writer.add("x", ones({2}));
  CHECK(message_of<FileError>([&] { writer.save(folder.path("no/a.npz")); }) ==
        "cannot write " + folder.path("no/a.npz") + ": No such file or directory");
  if (std::filesystem::exists("/dev/full")) {
    CHECK(message_of<FileError>([&] { writer.save("/dev/full"); }) ==
          "cannot write /dev/full: No space left on device");
  }
  CHECK(folder.names().empty());
}

// Run by numpy_reads.py, which has written the archive.
TEST_CASE("an archive that NumPy wrote and compressed is read whole, whatever its members' sizes", "[.numpy]") {
  const char* folder = std::getenv("HEED_NUMPY_FOLDER");
  REQUIRE(folder != nullptr);
  const NpzReader archive(std::string(folder) + "/compressed.npz");
  REQUIRE(archive.names().size() >= 30);
  for (const std::string& name : archive.names()) {
    CAPTURE(name);
    const Tensor x = archive.tensor(name);
    CHECK(x.numel() == std::stoll(name.substr(name.find('_') + 1)));
    CHECK(equal(x, name.starts_with("range") ? arange(x.numel()) : zeros_like(x)));
  }
}

// Run by numpy_reads.py, which then compares what NumPy finds in the folder.
TEST_CASE("files for NumPy to read", "[.numpy]") {
  const char* folder = std::getenv("HEED_NUMPY_FOLDER");
  REQUIRE(folder != nullptr);
  const std::string start = std::string(folder) + "/";
  save_npy(start + "matrix.npy", transpose(to(reshape(arange(6), {2, 3}), DType::float32), 0, 1));
  NpzWriter writer;
  writer.add("f4", full({2, 2}, 0.1, DType::float32));
  writer.add("f8", full({3}, 0.1, DType::float64));
  writer.add("i8", reshape(arange(24), {2, 3, 4}));
  writer.add("b1", tensor({true, false}));
  writer.add("scalar", scalar(-2.5));
  writer.add("empty", empty({0, 4}));
  writer.add("größe.x", ones({1}));
  writer.add("deep", ones({1, 1, 1, 1, 1, 1, 1, 100'000}));
  writer.add_text("text", "naïve\n");
  writer.save(start + "deflated.npz");
  writer.save(start + "stored.npz", false);
  NpzWriter().save(start + "nothing.npz");
}
