# What the tests of `remember` from outside share; each begins with `. remember_checks.sh`, its argument the program. They
# run in a folder of their own, which goes when they end.
set -u
program=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
failures=0

fail() {
  printf 'FAILED: %s\n' "$*"
  [ ! -s err ] || sed 's/^/  stderr: /' err | head -n 5
  failures=$((failures + 1))
}

# run STATUS ARGUMENT...: runs the program, its output in `out` and `err`, and expects that exit status.
run() {
  wanted=$1
  shift
  ${limit:-} "$program" "$@" >out 2>err
  status=$?
  [ "$status" -eq "$wanted" ] || fail "status $status, not $wanted: remember $*"
}

# says TEXT: the last run said TEXT on stderr.
says() { grep -qF -- "$1" err || fail "stderr does not say: $1"; }
# prints TEXT: the last run printed TEXT on stdout.
prints() { grep -qF -- "$1" out || fail "stdout does not have: $1"; }
exists() { [ -s "$1" ] || fail "no file $1"; }
same() { cmp -s "$1" "$2" || fail "$1 and $2 differ"; }
