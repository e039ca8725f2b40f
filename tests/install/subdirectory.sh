#!/bin/sh
# A project that includes heed with add_subdirectory keeps its own options, and gets neither tests nor programs of heed.
# Heed is optimised unless the project says otherwise. It is configured, not built: what compiles where stands in
# compile_commands.json.
# usage: subdirectory.sh BUILD_DIR SOURCE_DIR CXX
set -eu
unset CXXFLAGS
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
cxx=$3
commands=$work/build/compile_commands.json

fail() {
  echo "subdirectory: $*" >&2
  exit 1
}

# configure ARGUMENT of cmake...: anew.
configure() {
  rm -rf "$work/build"
  cmake -S "$work" -B "$work/build" -G Ninja -DCMAKE_CXX_COMPILER="$cxx" -DCMAKE_EXPORT_COMPILE_COMMANDS=ON "$@" >"$work/log"
}
configure
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

# optimisation FILE: what its command says of it.
optimisation() {
  grep '"command"' "$commands" | grep -m 1 "$1" | grep -o -e ' -O[^ ]*' -e ' -DNDEBUG' | tr -d '\n'
}
# expect WHAT FOUND WANTED
expect() {
  [ "$2" = "$3" ] || fail "$1 is '$2' and should be '$3'"
}
kernel=kernels/gemm\.cpp
expect "without a build type, heed's optimisation" "$(optimisation "$kernel")" " -O3 -DNDEBUG"
expect "without a build type, the parent's optimisation" "$(optimisation 'main\.cpp')" ""
grep -q 'nothing of optimisation' "$work/log" || fail "configuring does not say that heed chose its optimisation"

configure -DCMAKE_BUILD_TYPE=Debug
expect "in a debug build, heed's optimisation" "$(optimisation "$kernel")" ""
grep -q 'without optimisation' "$work/log" || fail "configuring does not say that heed is slow in a debug build"

configure -DCMAKE_CXX_FLAGS=-O0
expect "with -O0 in the flags, heed's optimisation" "$(optimisation "$kernel")" " -O0"

configure -DCMAKE_CXX_FLAGS=-O1
expect "with -O1 in the flags, heed's optimisation" "$(optimisation "$kernel")" " -O1"
for flag in -Ofast -Og; do
  configure -DCMAKE_CXX_FLAGS=$flag
  expect "with $flag in the flags, heed's optimisation" "$(optimisation "$kernel")" " $flag"
  if grep -q 'without optimisation' "$work/log"; then fail "configuring says that $flag does not optimise"; fi
done

configure -DCMAKE_BUILD_TYPE=Own
expect "with a build type of one's own, heed's optimisation" "$(optimisation "$kernel")" " -O3 -DNDEBUG"

configure -DCMAKE_BUILD_TYPE=RelWithDebInfo
expect "in an optimised build, heed's optimisation" "$(optimisation "$kernel")" " -O2 -DNDEBUG"
