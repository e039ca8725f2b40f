#!/bin/sh
# Installs heed into an empty prefix and builds and runs examples/consumer against it.
# usage: consumer.sh BUILD_DIR SOURCE_DIR CXX
set -eu
work=$1/consumer-test
rm -rf "$work"
mkdir -p "$work"
cmake --install "$1" --prefix "$work/prefix" >"$work/install.log"
cmake -S "$2/examples/consumer" -B "$work/build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_COMPILER="$3" \
  -DCMAKE_PREFIX_PATH="$work/prefix"
cmake --build "$work/build"
"$work/build/consumer"
