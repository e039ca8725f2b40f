#!/bin/sh
# resume.sh PROGRAM: a run stopped after k = 1 … 30 of 31 steps and resumed in a new process ends in the same bytes.
set -eu
steps=31
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$1" 0 $steps "$folder"
k=1
while [ $k -lt $steps ]; do
  "$1" $k $steps "$folder"
  cmp "$folder/from-0.npz" "$folder/from-$k.npz" || { echo "resumed after step $k: other bytes"; exit 1; }
  k=$((k + 1))
done
# The comparison must be able to fail: an earlier state has other bytes.
! cmp -s "$folder/from-0.npz" "$folder/30.npz" || { echo "step 31 changed nothing"; exit 1; }
echo "$((k - 1)) resumed runs, each in a new process: $(wc -c <"$folder/from-0.npz") bytes, all equal"
