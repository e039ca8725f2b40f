// DLPack as a C program sees it: structs of plain numbers and pointers, filled in and read by hand.
#include <heed/tensor/dlpack.h>

#include <cstddef>
#include <string>
#include <vector>

#include <heed/tensor/blob.h>
#include <heed/tensor/elementwise.h>
#include <heed/tensor/error.h>
#include <heed/tensor/overlap.h>

#include "support/reference.h"

namespace heed::test {
namespace {

using namespace dlpack;

// The layout of dlpack.h on 64-bit machines.
static_assert(sizeof(DLTensor) == 48 && offsetof(DLTensor, device) == 8 && offsetof(DLTensor, ndim) == 16);
static_assert(offsetof(DLTensor, dtype) == 20 && offsetof(DLTensor, shape) == 24 && offsetof(DLTensor, strides) == 32);
static_assert(offsetof(DLTensor, byte_offset) == 40 && sizeof(DLDataType) == 4 && sizeof(DLDevice) == 8);
static_assert(sizeof(DLManagedTensor) == 64 && offsetof(DLManagedTensor, manager_ctx) == 48);
static_assert(sizeof(DLManagedTensorVersioned) == 80 && offsetof(DLManagedTensorVersioned, manager_ctx) == 8);
static_assert(offsetof(DLManagedTensorVersioned, flags) == 24 && offsetof(DLManagedTensorVersioned, dl_tensor) == 32);

/// Somebody else's (2, 3) matrix of floats, and how often its deleter was called.
struct Foreign {
  std::vector<float> values = {0, 1, 2, 3, 4, 5, 6};
  std::vector<int64_t> shape = {2, 3}, strides = {3, 1};
  int deleted = 0;
  DLManagedTensorVersioned managed = {};

  Foreign() {
    managed.version = {1, 1};
    managed.manager_ctx = this;
    managed.deleter = [](DLManagedTensorVersioned* self) { ++static_cast<Foreign*>(self->manager_ctx)->deleted; };
    managed.dl_tensor = {values.data(), {kDLCPU, 0}, 2, {kDLFloat, 32, 1}, shape.data(), strides.data(), 0};
  }
  Foreign(const Foreign&) = delete;
  Foreign& operator=(const Foreign&) = delete;
};

}  // namespace

TEST_CASE("a tensor of heed is handed out by DLPack without a copy, and held until it is deleted") {
  const int64_t before = allocator_stats().bytes_in_use;
  DLManagedTensorVersioned* managed = nullptr;
  const float* memory = nullptr;
  {
    const Tensor whole = to(reshape(arange(12), {3, 4}), DType::float32);
    const Tensor part = transpose(narrow(whole, 0, 1, 2), 0, 1);
    memory = whole.data<float>();
    managed = to_dlpack(part);
  }
  const DLTensor& got = managed->dl_tensor;
  CHECK(managed->version.major == 1);
  CHECK(managed->flags == 0);
  CHECK(got.device.device_type == 1);
  CHECK((got.dtype.code == 2 && got.dtype.bits == 32 && got.dtype.lanes == 1));
  REQUIRE(got.ndim == 2);
  CHECK((got.shape[0] == 4 && got.shape[1] == 2 && got.strides[0] == 1 && got.strides[1] == 4));
  CHECK(static_cast<const float*>(got.data) == memory + 4);
  CHECK(got.byte_offset == 0);
  CHECK(static_cast<const float*>(got.data)[1 * 1 + 1 * 4] == 9);
  CHECK(allocator_stats().bytes_in_use > before);
  managed->deleter(managed);
  CHECK(allocator_stats().bytes_in_use == before);
}

TEST_CASE("every dtype of heed goes out and comes back by both structs") {
  for (const DType dtype : {DType::float32, DType::float64, DType::int64, DType::boolean}) {
    const Tensor x = random_tensor({2, 3}, 5, dtype);
    const Tensor back = from_dlpack(to_dlpack(x)), old = from_dlpack(to_dlpack_unversioned(x));
    CHECK(back.dtype() == dtype);
    CHECK(same_bits(back, x));
    CHECK(same_bits(old, x));
    CHECK(back.storage().data() == x.storage().data());
    CHECK(shares_memory(back, x));
  }
  const Tensor nothing = from_dlpack(to_dlpack(zeros({0, 3})));
  CHECK(nothing.shape() == Shape{0, 3});
  CHECK(from_dlpack(to_dlpack(scalar(3))).item() == 3);
}

TEST_CASE("foreign memory comes in by DLPack, with byte_offset and without strides, and is given back once") {
  Foreign foreign;
  foreign.managed.dl_tensor.byte_offset = 4;
  foreign.managed.dl_tensor.strides = nullptr;
  {
    Tensor x = from_dlpack(&foreign.managed);
    CHECK(values(x) == std::vector<double>{1, 2, 3, 4, 5, 6});
    fill_(x, 9);
    CHECK(foreign.values == std::vector<float>{0, 9, 9, 9, 9, 9, 9});
    const Tensor view = reshape(x, {6});
    x = Tensor();
    CHECK(foreign.deleted == 0);
  }
  CHECK(foreign.deleted == 1);
}

TEST_CASE("read-only memory stays read-only through DLPack") {
  Foreign foreign;
  foreign.managed.flags = 1;
  Tensor x = from_dlpack(&foreign.managed);
  CHECK(message_of<ValueError>([&] { fill_(x, 0); }).starts_with("fill_: cannot write to read-only memory"));
  DLManagedTensorVersioned* const again = to_dlpack(x);
  CHECK(again->flags == 1);
  again->deleter(again);
  CHECK(message_of<ValueError>([&] { to_dlpack_unversioned(x); }) ==
        "to_dlpack_unversioned: cannot say that memory is read-only; clone the tensor, or use to_dlpack");
  x = Tensor();
  CHECK(foreign.deleted == 1);
}

TEST_CASE("from_dlpack refuses by name what heed does not have, and leaves it to its owner") {
  Foreign foreign;
  DLTensor& tensor = foreign.managed.dl_tensor;
  const DLTensor good = tensor;
  const auto refused = [&foreign] { return message_of<Error>([&foreign] { from_dlpack(&foreign.managed); }); };
  tensor.dtype = {kDLFloat, 16, 1};
  CHECK(refused() == "from_dlpack: needs float32, float64, int64 or bool, got float16");
  tensor.dtype = {kDLUInt, 8, 1};
  CHECK(refused() == "from_dlpack: needs float32, float64, int64 or bool, got uint8");
  tensor.dtype = {kDLFloat, 32, 4};
  CHECK(refused() == "from_dlpack: needs float32, float64, int64 or bool, got float32 in vectors of 4");
  tensor.dtype = {17, 8, 1};
  CHECK(refused() == "from_dlpack: needs float32, float64, int64 or bool, got code 17, 8 bits");
  tensor = good;
  tensor.device.device_type = 2;
  CHECK(refused() == "from_dlpack: needs memory of the CPU (device type 1), got device type 2");
  tensor = good;
  tensor.ndim = 9;
  CHECK(refused() == "from_dlpack: needs 0 to 8 axes, got 9");
  tensor.ndim = -1;
  CHECK(refused() == "from_dlpack: needs 0 to 8 axes, got -1");
  tensor = good;
  tensor.shape = nullptr;
  CHECK(refused() == "from_dlpack: the shape must not be null with 2 axes");
  tensor = good;
  foreign.strides = {3, -1};
  CHECK(refused() == "from_blob: strides must not be negative, got (3, -1)");
  foreign.strides = {0, 1};
  CHECK(refused() == "from_blob: elements must not share memory, got strides (0, 1) for shape (2, 3)");
  foreign.strides = {3, 1};
  tensor.data = nullptr;
  CHECK(refused() == "from_blob: the pointer must not be null for shape (2, 3)");
  tensor = good;
  foreign.managed.version = {2, 0};
  CHECK(refused() == "from_dlpack: needs version 1.x of DLPack, got 2.0");
  CHECK(foreign.deleted == 0);
  CHECK(message_of<ValueError>([] { from_dlpack(static_cast<DLManagedTensor*>(nullptr)); }) ==
        "from_dlpack: the pointer must not be null");
  CHECK(message_of<ValueError>([] { to_dlpack(Tensor()); }) == "to_dlpack: needs a defined tensor");
}

}  // namespace heed::test
