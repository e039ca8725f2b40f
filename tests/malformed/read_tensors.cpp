// read_tensors npy|npz|safetensors FILE: reads all of a file, and prints the names of what is in it.
#include <exception>
#include <iostream>
#include <new>
#include <string>

#include <heed/tensor/npz.h>
#include <heed/tensor/print.h>
#include <heed/tensor/safetensors.h>

namespace {

void read_npz(const std::string& path) {
  const heed::NpzReader archive(path);
  for (const std::string& name : archive.names()) {
    const heed::TensorInfo info = archive.info(name);
    const heed::Tensor tensor = archive.tensor(name);
    std::cout << name << ' ' << info.shape << (tensor.shape() == info.shape ? "" : " against info()") << '\n';
  }
}

void read(const std::string& kind, const std::string& path) {
  if (kind == "npy") {
    std::cout << heed::load_npy(path).shape() << '\n';
  } else if (kind == "safetensors") {
    for (const auto& [name, tensor] : heed::load_safetensors(path)) {
      std::cout << name << ' ' << tensor.shape() << '\n';
    }
  } else {
    read_npz(path);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    return 2;
  }
  try {
    read(argv[1], argv[2]);
    return 0;
  } catch (const std::bad_alloc&) {
    std::cerr << "out of memory\n";
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
  }
  return 1;
}
