# Everything heed uses from outside, each with its reason. Debian and Ubuntu package names are in ./dev.

find_package(Threads REQUIRED)   # behind parallel_for
find_package(ZLIB REQUIRED)      # gzip text files, read as a stream
find_package(nlohmann_json REQUIRED) # headers of safetensors; metrics, results, configurations
find_package(PkgConfig REQUIRED)
pkg_check_modules(libhwy REQUIRED libhwy) # SIMD for every instruction set in one binary: headers only
pkg_check_modules(libzip REQUIRED IMPORTED_TARGET GLOBAL libzip) # .npz archives

if(HEED_BUILD_EXAMPLES)
  find_package(CLI11 REQUIRED)                                             # command lines
  pkg_check_modules(cairo REQUIRED IMPORTED_TARGET GLOBAL cairo cairo-png) # figures
endif()
if(HEED_BUILD_TESTS)
  find_package(Catch2 REQUIRED)      # version 2 or 3
  find_package(Eigen3 QUIET NO_MODULE) # whether its matrices are seen as tensors without a copy; left out where it is missing
endif()
if(HEED_BUILD_BENCH)
  find_package(benchmark REQUIRED)
endif()
