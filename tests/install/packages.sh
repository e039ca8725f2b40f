#!/bin/sh
# Makes the Debian packages of a build folder, unpacks them into an empty root, and uses what is there: `remember` and
# examples/consumer, with none of heed's sources or build.
# usage: packages.sh BUILD_DIR SOURCE_DIR CXX
set -eu
build=$1
work=$1/packages-test
rm -rf "$work" "$build/packages"
mkdir -p "$work/root"

fail() {
  echo "packages: $*" >&2
  exit 1
}

for tool in dpkg-deb dpkg-shlibdeps file; do
  if ! command -v $tool >/dev/null 2>&1; then
    echo "packages: no $tool here (Debian: dpkg-dev and file)"
    exit 77
  fi
done
(cd "$build" && cpack >"$work/cpack.log" 2>&1) || fail "cpack failed: $(tail -n 20 "$work/cpack.log")"
for package in "$build"/packages/*.deb; do
  name=$(dpkg-deb -f "$package" Package)
  printf '%s: %s; depends on %s\n' "$name" "$(du -h "$package" | cut -f 1)" "$(dpkg-deb -f "$package" Depends)"
  dpkg-deb -x "$package" "$work/root"
  [ -s "$work/root/usr/share/doc/$name/copyright" ] || fail "$name has no license"
done

if [ -n "$(find "$work/root" -name 'libheed_nn.so.*')" ]; then # what is linked with the libraries' package asks for it
  for name in libheed-dev heed-programs; do
    dpkg-deb -f "$build"/packages/"$name"_*.deb Depends | grep -q 'libheed[0-9.]* (=' || fail "$name does not depend on the libraries"
  done
fi

libraries=$(dirname "$(find "$work/root" -name 'libheed_nn.*' | head -n 1)")
export LD_LIBRARY_PATH="$libraries"
"$work/root/usr/bin/remember" train --task copy --steps 3 --hidden 8 --out "$work/run" >"$work/log" 2>&1 || fail "remember: $(cat "$work/log")"
"$work/root/usr/bin/remember" attend --checkpoint "$work/run" --input "a b c" --out "$work/figures" >"$work/log" 2>&1 || fail "remember attend: $(cat "$work/log")"
cmake -S "$2/examples/consumer" -B "$work/build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_COMPILER="$3" \
  -DCMAKE_PREFIX_PATH="$work/root/usr" >"$work/log"
cmake --build "$work/build"
"$work/build/consumer"
