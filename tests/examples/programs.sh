#!/bin/sh
# Runs the small example programs in an empty folder and looks at what they leave and say.
# usage: programs.sh BIN_DIR
set -eu
bin=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

fail() {
  echo "$*" >&2
  exit 1
}

"$bin/quickstart" >quickstart.txt
grep -q 'step 400 .*right 100 %' quickstart.txt || fail "quickstart did not learn: $(cat quickstart.txt)"
[ -s quickstart.npz ] || fail "quickstart left no checkpoint"

"$bin/new_layer" >new_layer.txt || fail "new_layer: $(cat new_layer.txt)"

"$bin/self_attention" --out map.png >self_attention.txt
[ "$(head -c 8 map.png | od -An -tx1 | tr -d ' \n')" = 89504e470d0a1a0a ] || fail "self_attention drew no PNG"
# The scores are divided by 8, each row of weights adds up to 1, and the library's layer agrees.
grep -q 'Q Kt / 8:' self_attention.txt || fail "self_attention did not divide by 8"
[ "$(grep -A4 'sums of the rows' self_attention.txt | grep -c ' 1\.0000')" = 3 ] || fail "rows do not add up to 1"
grep -Eq 'largest difference .* ([0-9.]+e-0[789]|0)$' self_attention.txt || fail "the layer differs: $(tail -2 self_attention.txt)"

status=0
"$bin/self_attention" --head-size 0 2>error.txt || status=$?
[ "$status" = 2 ] || fail "a head size of 0 must be a usage error, got $status"
grep -q -e '--head-size' error.txt || fail "the message does not name the option: $(cat error.txt)"
for arguments in "--seed -1" "--seed 99999999999999999999" "--model-size 0x10" "--head-size 8x"; do
  status=0
  # shellcheck disable=SC2086
  "$bin/self_attention" $arguments >/dev/null 2>error.txt || status=$?
  [ "$status" = 2 ] || fail "self_attention $arguments must be a usage error, got $status"
  grep -q -e "${arguments%% *}: must be a whole number" error.txt || fail "the message does not say why: $(cat error.txt)"
done
"$bin/self_attention" --model-size 010 >ten.txt
grep -q 'a vector of 10 numbers' ten.txt || fail "010 is not ten: $(head -n 1 ten.txt)"
status=0
"$bin/self_attention" --out /nonexistent/map.png >/dev/null 2>error.txt || status=$?
[ "$status" = 1 ] || fail "a folder that is not there must end with 1, got $status"

# ---- unknown arguments are refused, --help explains, and a full standard output does not go unnoticed
for program in quickstart new_layer self_attention; do
  for arguments in --hlep --hidden=3 word; do
    status=0
    "$bin/$program" $arguments >out.txt 2>error.txt || status=$?
    [ "$status" = 2 ] || fail "$program $arguments must be a usage error, got $status"
    grep -q -e "$program: .*$arguments" error.txt || fail "$program does not name $arguments: $(cat error.txt)"
    [ ! -s out.txt ] || fail "$program $arguments did something"
  done
  "$bin/$program" --help >out.txt || fail "$program --help fails"
  grep -q -i "usage: $program" out.txt || fail "$program --help does not say how it is used: $(cat out.txt)"
  if [ -e /dev/full ]; then
    status=0
    "$bin/$program" >/dev/full 2>error.txt || status=$?
    [ "$status" = 1 ] || fail "$program must fail when its output cannot be written, got $status"
  fi
done
status=0
"$bin/self_attention" --text " " 2>error.txt || status=$?
[ "$status" = 2 ] || fail "no words must be a usage error, got $status"
mkdir quickstart.d && ln -s /nonexistent/quickstart.npz quickstart.d/quickstart.npz
status=0
(cd quickstart.d && "$bin/quickstart" >/dev/null 2>../error.txt) || status=$?
[ "$status" = 1 ] || fail "a checkpoint that cannot be written must end with 1, got $status"
grep -q 'quickstart.npz' error.txt || fail "the message does not name the checkpoint: $(cat error.txt)"
