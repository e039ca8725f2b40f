#!/bin/sh
# The benchmark programs run at their smallest, without peers, and write rows with the promised names.
# usage: rows.sh FOLDER_OF_PROGRAMS
set -eu
programs=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# expect FILE NAME...: the file is an array of rows with just these names, in this order.
expect() {
  file=$1
  shift
  pattern=
  for name in "$@"; do
    pattern="$pattern${pattern:+, }\"$name\": [^,]*"
  done
  rows=$(grep -c '{' "$file")
  if [ "$rows" -lt 1 ] || [ "$(grep -c "^  {$pattern},\{0,1\}\$" "$file")" -ne "$rows" ]; then
    echo "not rows of $*:" >&2
    cat "$file" >&2
    exit 1
  fi
}

"$programs"/bench_steps --peer no --workload W1,W4 --size overhead,small --threads 1 --steps 2 --json "$folder/steps.json"
expect "$folder/steps.json" workload size threads heed_ms peer_ms ratio limit_fraction

"$programs"/bench_attention --peer no --length 16,64 --forward 64 --json "$folder/attention.json"
expect "$folder/attention.json" length heed_ms peer_ms ratio heed_mb peer_mb

"$programs"/bench_kernels --peer no --kernel function --threads 1 --json "$folder/kernels.json"
expect "$folder/kernels.json" kernel shape heed_gflops peer_gflops peak_fraction

"$programs"/bench_ops --peer no --operation scalar_add --json "$folder/ops.json"
expect "$folder/ops.json" operation shape heed_us peer_us ratio

status=0
"$programs"/bench_steps --sizes small >/dev/null 2>&1 || status=$?
[ "$status" -eq 2 ] || { echo "a wrong argument gave exit code $status" >&2; exit 1; }
for clock in CPU process; do
  status=0
  HEED_BENCH_CLOCK=$clock "$programs"/bench_ops --peer no --operation none >/dev/null 2>"$folder/error" || status=$?
  [ "$status" -eq 2 ] || { echo "an unknown clock gave exit code $status" >&2; exit 1; }
  grep -q "HEED_BENCH_CLOCK must be wall or cpu, got '$clock'" "$folder/error" || { cat "$folder/error" >&2; exit 1; }
done
HEED_BENCH_CLOCK=wall "$programs"/bench_ops --peer no --operation none >/dev/null
