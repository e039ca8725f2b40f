#!/bin/sh
# Builds all of heed again as a part of examples/consumer's two projects that include it, and runs them. It takes minutes for each
# compiler, so it is no part of ./dev test: ./dev consumers runs it.
# usage: inside.sh BUILD_DIR SOURCE_DIR CXX...
set -eu
work=$1/inside-test
source=$2
shift 2
for compiler in "$@"; do
  for way in subdirectory fetched; do
    folder=$work/$way-$(basename "$compiler")
    cmake -S "$source/examples/consumer/$way" -B "$folder" -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_COMPILER="$compiler" >/dev/null
    cmake --build "$folder"
    "$folder/consumer"
    echo "inside: $way with $compiler: passed"
  done
done
