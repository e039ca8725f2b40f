#!/bin/sh
# A project that includes heed with add_subdirectory keeps its own options, and gets neither tests nor programs of heed.
# It is configured, not built: what compiles where stands in compile_commands.json.
# usage: subdirectory.sh BUILD_DIR SOURCE_DIR CXX
set -eu
work=$1/subdirectory-test
rm -rf "$work"
mkdir -p "$work"
cat >"$work/CMakeLists.txt" <<END
cmake_minimum_required(VERSION 3.25)
project(parent LANGUAGES CXX)
add_subdirectory("$2" heed)
add_executable(parent main.cpp)
target_link_libraries(parent PRIVATE heed::nn)
END
cp "$2/examples/consumer/main.cpp" "$work/main.cpp"
cmake -S "$work" -B "$work/build" -G Ninja -DCMAKE_CXX_COMPILER="$3" -DCMAKE_EXPORT_COMPILE_COMMANDS=ON >"$work/log"
commands=$work/build/compile_commands.json

fail() {
  echo "subdirectory: $*" >&2
  exit 1
}
own=$(grep '"command"' "$commands" | grep 'main\.cpp\.o') || fail "the parent's own file is not compiled"
for option in -Werror -Wall -Wshadow -ffp-contract; do
  case $own in *" $option"*) fail "the parent's own file is compiled with heed's $option" ;; esac
done
case $own in *-std=c++20* | *-std=gnu++20*) ;; *) fail "the parent is not compiled as C++20" ;; esac
grep -q '"command".*lstm' "$commands" || fail "heed's own files are not compiled"
if grep '"command"' "$commands" | grep -q -e -Werror; then fail "heed makes warnings errors in another project"; fi
if grep '"file"' "$commands" | grep -q -e "$2/tests/" -e "$2/examples/" -e "$2/bench/"; then
  fail "heed's tests, examples or benchmarks are built in another project"
fi
