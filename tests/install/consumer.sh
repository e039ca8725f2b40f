#!/bin/sh
# Installs heed into an empty prefix and builds and runs examples/consumer against it: with find_package, with pkg-config, and with
# the build folder in place of the prefix. What heed's package refuses, and what a library that has heed in it exports.
# usage: consumer.sh BUILD_DIR SOURCE_DIR CXX
set -eu
build=$1
work=$1/consumer-test
consumer=$2/examples/consumer
export CXX="$3"
rm -rf "$work"
mkdir -p "$work"

fail() {
  echo "consumer: $*" >&2
  exit 1
}

# in_cmake FOLDER ARGUMENT of cmake...: the consumer made in FOLDER, and run.
in_cmake() {
  folder=$work/$1
  shift
  cmake -S "$consumer" -B "$folder" -G Ninja -DCMAKE_BUILD_TYPE=Release "$@"
  cmake --build "$folder"
  "$folder/consumer"
}

cmake --install "$build" --prefix "$work/prefix" >"$work/install.log"
in_cmake installed -DCMAKE_PREFIX_PATH="$work/prefix"
in_cmake from-build -Dheed_DIR="$build"
"$work/prefix/bin/remember" --version
grep -q 'MIT License' "$work"/prefix/share/doc/*/copyright || fail "the license is not installed"

# A folder that was moved still works with pkg-config.
mv "$work/prefix" "$work/moved"
package=$(dirname "$(find "$work/moved" -name heed.pc)")
mkdir "$work/make"
cp "$consumer/main.cpp" "$consumer/Makefile" "$work/make"
PKG_CONFIG_PATH="$package" make -C "$work/make"
LD_LIBRARY_PATH=$(dirname "$package") "$work/make/consumer"
[ "$(PKG_CONFIG_PATH="$package" pkg-config --modversion heed)" = "$(sed -n 's/^project(heed VERSION \([0-9.]*\).*/\1/p' "$2/CMakeLists.txt")" ] ||
  fail "heed.pc has another version than the project"

# refused WHAT ARGUMENT of find_package...: configuring fails and says WHAT.
refused() {
  what=$1
  shift
  printf 'cmake_minimum_required(VERSION 3.25)\nproject(p LANGUAGES CXX)\nfind_package(heed %s)\n' "$*" >"$work/CMakeLists.txt"
  if cmake -S "$work" -B "$work/refused" -G Ninja -DCMAKE_PREFIX_PATH="$work/moved" >"$work/log" 2>&1; then
    fail "find_package(heed $*) is accepted"
  fi
  grep -q "$what" "$work/log" || fail "find_package(heed $*) is refused without '$what': $(cat "$work/log")"
}
refused "no component 'convolution'" 0.1 CONFIG REQUIRED COMPONENTS nn convolution
refused '"0.2"' 0.2 CONFIG REQUIRED

# A user's library that is linked with heed privately can be exported, and a plugin shows nothing of heed's sources.
cat >"$work/CMakeLists.txt" <<END
cmake_minimum_required(VERSION 3.25)
project(own LANGUAGES CXX)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
find_package(heed CONFIG REQUIRED)
add_library(own STATIC own.cpp)
add_library(plugin MODULE own.cpp)
foreach(target own plugin)
  target_link_libraries(\${target} PRIVATE heed::nn)
endforeach()
install(TARGETS own EXPORT own-targets)
install(EXPORT own-targets DESTINATION lib/cmake/own)
END
cat >"$work/own.cpp" <<'END'
#include <heed/heed.h>
extern "C" __attribute__((visibility("default"))) double own_sum() {
  heed::LSTM lstm(2, 3);
  return sum(lstm.forward(heed::ones({1, 2, 2})).output).item();
}
END
cmake -S "$work" -B "$work/own" -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_PREFIX_PATH="$work/moved"
cmake --build "$work/own"
cmake --install "$work/own" --prefix "$work/own-prefix" >"$work/install.log"
exported=$(nm -DC --defined-only "$(find "$work/own" -name 'libplugin.*')")
echo "$exported" | grep -q own_sum || fail "the plugin lost its own function"
if ! grep -q 'BUILD_SHARED_LIBS:BOOL=ON' "$build/CMakeCache.txt"; then
  # The standard library makes what it instantiates visible, with heed's types too.
  count=$(echo "$exported" | grep -c -e ' heed::' -e ' for heed::' || true)
  [ "$count" -eq 0 ] || fail "the plugin exports $count symbols of heed: $(echo "$exported" | grep ' heed::' | head -3)"
fi
