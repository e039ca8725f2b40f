#!/bin/sh
# A worker whose OpenBLAS does not know the processor is started anew with a core that fits; one that cannot is refused.
# usage: blas.sh FAKE_WORKER
set -eu
worker=$1
unset OPENBLAS_CORETYPE FAKE_CORE FAKE_STUBBORN HEED_BENCH_FIRST_CORE
grep -qw avx2 /proc/cpuinfo || { echo "no AVX2: nothing to choose"; exit 77; }
wanted=Haswell
if grep -qw avx512vl /proc/cpuinfo; then wanted=SkylakeX; fi

# expect STATUS TEXT COMMAND...: the command's exit status, and text in what it prints.
expect() {
  status=$1 text=$2
  shift 2
  got=0
  output=$(env "$@" 2>&1) || got=$?
  case $output in *"$text"*) ;; *) got="$got, not '$text'" ;; esac
  [ "$got" = "$status" ] || { printf '%s: expected %s, got %s\n%s\n' "$*" "$status" "$got" "$output" >&2; exit 1; }
}

expect 0 "core $wanted (set here: it had chosen Prescott), OpenBLAS 0.0" "$worker" 2 job
expect 0 "results 7 7" "$worker" 2 job
expect 0 "core Cooperlake, OpenBLAS 0.0" FAKE_CORE=Cooperlake "$worker" 2 job
expect 0 "core Nehalem (OPENBLAS_CORETYPE=Nehalem, below what the processor has)" OPENBLAS_CORETYPE=Nehalem "$worker" 2 job
expect 1 "runs its core Prescott, below what the processor has, in spite of OPENBLAS_CORETYPE=$wanted" FAKE_STUBBORN=1 "$worker" 2 job
expect 1 "does not say which core it runs" FAKE_CORE= "$worker" 2 job

answers=$(printf 'about\nmake job\nrun 1 1\n' | "$worker")
case $answers in "ok BLAS "*"core $wanted (set here"*ok*ok*) ;; *) echo "answers: $answers" >&2; exit 1 ;; esac
answers=$(printf 'about\nmake job\n' | FAKE_STUBBORN=1 "$worker")
[ "$(printf '%s\n' "$answers" | grep -c '^error .*runs its core Prescott')" -eq 2 ] || { echo "answers: $answers" >&2; exit 1; }
