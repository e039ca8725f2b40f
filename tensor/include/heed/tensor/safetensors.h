// Safetensors: named tensors in one file, as Hugging Face's library and PyTorch's users exchange weights.
// Format: https://github.com/huggingface/safetensors, "Format" in its README.
// Read as: F16, BF16, F32 → float32; F64 → float64; all integers → int64; BOOL → bool.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <heed/tensor/npz.h>
#include <heed/tensor/tensor.h>

namespace heed {

/// A file open for reading, by one thread at a time.
class SafetensorsReader {
 public:
  /// Reads the header. Throws FileError naming the file when it is missing, or not what the format asks for: a header
  /// of at most 8 MiB of JSON, 65,535 tensors and texts, without a key given twice; tensors of a known type, as many
  /// bytes as their shape needs; one tensor after the other, without gap or overlap, to the end of the file. A pipe is
  /// read as a whole, up to 256 MiB.
  explicit SafetensorsReader(const std::string& path);
  ~SafetensorsReader();
  SafetensorsReader(SafetensorsReader&&) noexcept;

  /// The tensors' names, in the order of the header.
  const std::vector<std::string>& names() const;
  bool contains(std::string_view name) const;
  /// Shape and element type as tensor() returns them. Throws FileError naming file and tensor when it is missing.
  TensorInfo info(std::string_view name) const;
  /// Throws FileError naming file and tensor when it is missing, cannot be read, or is of a type heed does not have.
  Tensor tensor(std::string_view name) const;
  /// The texts under "__metadata__".
  const std::map<std::string, std::string>& metadata() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// All tensors of a file, in the order of the header: a state dict for Module::load_state_dict. Throws FileError.
std::vector<std::pair<std::string, Tensor>> load_safetensors(const std::string& path);

/// Writes named tensors, such as Module::state_dict(), as F32, F64, I64 and BOOL; the largest element types first, so
/// that each tensor is aligned, and equal tensors give equal bytes. Replaces the file whole or not at all (see file.h).
/// Throws FileError, and ValueError for an undefined tensor, a name that is empty, given twice, "__metadata__", not
/// UTF-8 or with control characters, for metadata that is not UTF-8, and for a header above what SafetensorsReader
/// reads. Needs little memory beside the tensors: they are written one by one.
void save_safetensors(const std::string& path, const std::vector<std::pair<std::string, Tensor>>& tensors,
                      const std::map<std::string, std::string>& metadata = {});

}  // namespace heed
