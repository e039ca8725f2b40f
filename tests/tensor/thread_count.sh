#!/bin/sh
# How many threads a program has that says nothing: HEED_NUM_THREADS, else OMP_NUM_THREADS, else the processors it may use.
# usage: thread_count.sh PROGRAM
set -eu
program=$1
unset HEED_NUM_THREADS OMP_NUM_THREADS

# expect WANTED WHAT...: the command prints it.
expect() {
  wanted=$1
  shift
  got=$(env "$@" || true)
  [ "$got" = "$wanted" ] || { echo "$*: expected $wanted, got $got" >&2; exit 1; }
}

all=$("$program")
[ "$all" -ge 1 ] && [ "$all" -le "$(nproc)" ] || { echo "$all threads on $(nproc) processors" >&2; exit 1; }
expect 3 HEED_NUM_THREADS=3 "$program"
expect 3 HEED_NUM_THREADS=3 OMP_NUM_THREADS=5 "$program"
expect 5 OMP_NUM_THREADS=5 "$program"
expect 5 OMP_NUM_THREADS=" 5 ,2" "$program"
expect 1024 OMP_NUM_THREADS=5000 "$program"
for nonsense in "" 0 -2 many 3x; do
  expect "$all" OMP_NUM_THREADS="$nonsense" "$program"
done
expect "HEED_NUM_THREADS: must be a whole number from 1 to 1024, got '0'" HEED_NUM_THREADS=0 "$program"
if command -v taskset >/dev/null 2>&1; then
  first=$(taskset -cp $$ | sed 's/.*: *\([0-9]*\).*/\1/')
  expect 1 taskset -c "$first" "$program"
fi
