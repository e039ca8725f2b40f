// Catch2 version 2 without its main function; version 3 is a library.
#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>
