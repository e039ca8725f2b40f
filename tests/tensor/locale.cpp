// Nothing that heed writes or reads depends on the locale.
#include <cstdio>
#include <limits>
#include <sstream>

#include <heed/tensor/create.h>
#include <heed/tensor/elementwise.h>
#include <heed/tensor/error.h>
#include <heed/tensor/file.h>
#include <heed/tensor/matmul.h>
#include <heed/tensor/npz.h>
#include <heed/tensor/print.h>
#include <heed/tensor/scalar.h>
#include <heed/tensor/text_file.h>
#include <heed/tensor/text_stream.h>
#include <heed/tensor/view.h>

#include "support/catch.h"
#include "support/comma_locale.h"
#include "support/message.h"
#include "support/temporary_folder.h"

using namespace heed;

TEST_CASE("the locale of these tests writes a comma and groups of three") {
  const CommaLocale locale;
  std::ostringstream text;
  text << 1234567 << ' ' << 0.5;
  CHECK(text.str() == "1.234.567 0,5");
  if (locale.covers_c()) {
    char number[16];
    std::snprintf(number, sizeof number, "%.1f", 0.5);
    CHECK(std::string(number) == "0,5");
  } else {
    WARN("no localedef: C's locale is not tried");
  }
}

TEST_CASE("errors say the same under every locale") {
  const CommaLocale locale;
  CHECK(message_of<ShapeError>([] { add(zeros({1'234'567}), zeros({7})); }).find("(1234567,)") != std::string::npos);
  CHECK(message_of<ShapeError>([] { matmul(zeros({1, 2345}), zeros({1, 1})); }).find("(1, 2345)") != std::string::npos);
  CHECK(message_of<ValueError>([] { fail("rate", "got ", 0.5, " at ", int64_t{1'234'567}, ' ', true, ' ', 1e-7F); }) ==
        "rate: got 0.5 at 1234567 1 1e-07");
  TextStream text;
  text << 1'234'567 << ' ' << 0.5;
  CHECK(text.str() == "1234567 0.5");
}

TEST_CASE("what the system says of a file is English under every locale") {
  const TemporaryFolder folder;
  const CommaLocale locale;
  CHECK(message_of<FileError>([&] { read_file(folder.path("none")); }) ==
        "cannot read " + folder.path("none") + ": No such file or directory");
  CHECK(message_of<FileError>([&] { LineReader reader(folder.path()); }) ==
        "cannot read " + folder.path() + ": Is a directory");
  CHECK(message_of<FileError>([&] { NpzReader archive(folder.path()); }).ends_with(": Is a directory"));
  write_file(folder.path("file"), "x");
  CHECK(message_of<FileError>([&] { NpzReader archive(folder.path("file/none.npz")); }).ends_with(": Not a directory"));
  CHECK(system_message(99'999) == "Unknown error 99999");
}

TEST_CASE("shapes and tensors are written the same to any stream") {
  std::ostringstream stream;
  stream.imbue(CommaLocale::made());
  stream << std::hex << Shape{1'234'567, 16} << ' ' << tensor({123.5F, -0.25F}) << ' '
         << full({1}, 1'234'567, DType::int64);
  CHECK(stream.str() == "(1234567, 16) [123.5   -0.25] [1234567]");
  stream.str("");
  stream << Scalar(1'234'567) << ' ' << Scalar(1.5);
  CHECK(stream.str() == "1234567 1.5");
  const CommaLocale locale;
  CHECK(to_string(tensor({1e-9, 1e9})) == "[1.e-09 1.e+09]");
  CHECK(to_string(full({1}, 1'234'567, DType::int64)) == "[1234567]");
}

TEST_CASE("files are written and read the same under every locale") {
  const TemporaryFolder folder;
  NpzWriter writer;
  writer.add("x", full({1'500}, 0.1, DType::float64));
  save_npy(folder.path("a.npy"), zeros({1, 2'345}));
  writer.save(folder.path("a.npz"));
  const CommaLocale locale;
  save_npy(folder.path("b.npy"), zeros({1, 2'345}));
  writer.save(folder.path("b.npz"));
  CHECK((read_file(folder.path("a.npy")) == read_file(folder.path("b.npy"))));
  CHECK((read_file(folder.path("a.npz")) == read_file(folder.path("b.npz"))));
  CHECK(load_npy(folder.path("a.npy")).shape() == Shape{1, 2'345});
  CHECK(NpzReader(folder.path("a.npz")).tensor("x").at({1'234}) == 0.1);
  std::string bytes = read_file(folder.path("a.npy"));
  write_file(folder.path("b.npy"), bytes.substr(0, bytes.size() - 1));
  CHECK(message_of<FileError>([&] { load_npy(folder.path("b.npy")); }) ==
        folder.path("b.npy") + ": shape (1, 2345) of 4-byte elements needs 9380 bytes, got 9379 from byte 128 on");
  write_file(folder.path("a.txt"), std::string(1'233, '\n') + std::string(1, '\0') + "\n");
  CHECK(message_of<FileError>([&] {
          LineReader reader(folder.path("a.txt"));
          for (std::string line; reader.next(line);) {
          }
        }) == folder.path("a.txt") + ":1234: a NUL byte: this is no text file");
}
