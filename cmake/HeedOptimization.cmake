# Sets heed_optimization: what optimises heed where nobody said how to compile. A project that includes heed may have no build
# type, and CMake then asks for no optimisation: kernels are some 80 times slower. A debug build, and any -O of the
# user's, stands.

string(TOUPPER "${CMAKE_BUILD_TYPE}" heed_build_type)
get_directory_property(heed_given_options COMPILE_OPTIONS)
set(heed_given_flags "${CMAKE_CXX_FLAGS} ${CMAKE_CXX_FLAGS_${heed_build_type}} ${heed_given_options}")
set(heed_optimization)
if(CMAKE_CONFIGURATION_TYPES OR heed_given_flags MATCHES "(^|[ ;])-O([1-9szg]|fast)?([ ;]|$)")
  # Optimised, or the user's choice at each build.
elseif(heed_build_type STREQUAL DEBUG OR heed_given_flags MATCHES "(^|[ ;])-O")
  message(STATUS "heed: compiled without optimisation, as this build asks: its kernels are many times slower")
else()
  set(heed_optimization -O3 -DNDEBUG)
  message(STATUS "heed: this build says nothing of optimisation: heed itself is compiled with -O3 (CMAKE_BUILD_TYPE=Debug: without)")
endif()
