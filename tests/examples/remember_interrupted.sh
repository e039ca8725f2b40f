#!/bin/sh
# What ends `remember` or disturbs it from outside: signals, closed streams, limits, a second process, numbers that are not
# finite. Nothing is lost.
# usage: remember_interrupted.sh PROGRAM
. "$(dirname "$0")/remember_checks.sh"

small="--task copy --symbols 5 --encoder gru --train-length 2:4 --hidden 8 --batch 4 --warmup 3 --valid-every 20 --threads 1"
nothing_left() {
  # shellcheck disable=SC2012
  left=$(find "$1" -name '.heed-*.tmp' -o -name .remember.lock | head -n 3)
  [ -z "$left" ] || fail "left behind: $left"
}
# begin FOLDER COMMAND...: starts the program, and waits until it has trained in the folder.
begin() {
  folder=$1
  shift
  "$@" >/dev/null 2>began &
  process=$!
  tries=0
  until [ -s "$folder/last.npz" ] || [ $tries -ge 1200 ]; do
    sleep 0.05
    tries=$((tries + 1))
  done
  [ $tries -lt 1200 ] || fail "nothing was trained within a minute: $*"
}
# in_a_slow_step FOLDER SIGNAL: starts a run whose steps take seconds, sends it the signal in the second one, and waits while
# that step goes on.
in_a_slow_step() {
  "$program" train --task copy --encoder lstm --train-length 64 --hidden 512 --batch 256 --steps 9 --checkpoint-every 1 --threads 1 --out "$1" >out 2>began &
  process=$!
  until [ -s "$1/last.npz" ] || ! kill -0 $process 2>/dev/null; do
    sleep 0.05
  done
  sleep 0.2 # the checkpoint is saved, and the next step begins
  kill "-$2" $process
  sleep 0.4
  kill -0 $process 2>/dev/null || fail "the step has ended already"
}
# ended STATUS: the program that was begun ends with that status. Its messages are in `err`.
ended() {
  wait $process
  status=$?
  cp began err
  [ $status -eq "$1" ] || fail "status $status, not $1"
}

# ---- a weight that is not finite stops training with the step, and the checkpoint before it stays
# shellcheck disable=SC2086
run 1 train $small --lr 2e38 --steps 60 --warmup 2 --checkpoint-every 1 --out huge
says "train: weights must stay finite, got "
says " after Adam's update of step 1 of the run in huge; a lower --lr may help"
[ ! -e huge/last.npz ] || fail "weights that are not finite were saved"
nothing_left huge
# shellcheck disable=SC2086
run 0 train $small --lr 3e37 --hidden 32 --schedule constant --warmup 0 --steps 60 --checkpoint-every 1 --stop-at 1 --out large --quiet
cp large/last.npz before.npz
run 1 train --resume large --quiet
same large/last.npz before.npz
says "train: "
says " at step 2 of the run in large"
run 1 train --resume large --quiet --detect-anomaly
says "train: at step 2 of the run in large: "
says "made a value that is not finite from finite inputs"
says "encoder"
same large/last.npz before.npz
# shellcheck disable=SC2086
run 1 compare --task copy --models gru,lstm --seeds 1 --test-length 3 --count 5 --steps 9 --symbols 5 --train-length 2:4 --hidden 8 \
  --batch 4 --warmup 2 --lr 2e38 --checkpoint-every 1 --jobs 1 --threads 1 --quiet --out compared
says "train: weights must stay finite, got "
says " of the run in compared/runs/copy-gru-seed1"
[ -z "$(find compared -name '*.npz')" ] || fail "a trial saved weights that are not finite"
nothing_left compared
run 1 capacity --models rnn --hidden 4 --seeds 1 --count 20 --lr 2e38 --warmup 2 --checkpoint-every 1 --threads 1 --quiet --out capacity
says "train: "
run 0 evaluate --checkpoint capacity/runs/copy-rnn-h4-seed1-length1/last.npz --count 2

# ---- started without standard streams: no file gets their numbers
# shellcheck disable=SC2086
"$program" train $small --steps 40 --out closed 2>&- >&- <&-
[ $? -eq 1 ] || fail "an output that is closed goes unnoticed"
grep -qv '^{' closed/metrics.jsonl && fail "metrics.jsonl has lines that are no measurements"
# shellcheck disable=SC2086
"$program" train $small --steps 40 --out silent 2>&- || fail "a closed standard error is no failure"
grep -qv '^{' silent/metrics.jsonl && fail "metrics.jsonl has lines that are no measurements"
run 0 train --resume silent --steps 60

# ---- SIGHUP, SIGTERM and SIGINT: a checkpoint is saved, and the status names the signal
for signal in HUP:129 TERM:143 INT:130; do
  name=${signal%:*}
  # shellcheck disable=SC2086
  begin $name "$program" train $small --steps 1000000 --checkpoint-every 10 --out $name
  kill -$name $process
  ended ${signal#*:}
  says "remember: interrupted after step "
  says "saved; to go on: remember train --resume $name"
  step=$(sed -n 's/.*after step \([0-9]*\) of.*/\1/p' err)
  nothing_left $name
  run 0 train --resume $name --stop-at $((step + 3)) --quiet
done
begin halted/runs/copy-gru-seed1 "$program" compare --task copy --models gru --seeds 1 --test-length 3 --count 5 --steps 1000000 --symbols 5 \
  --train-length 2:4 --hidden 8 --checkpoint-every 10 --jobs 1 --threads 1 --out halted
kill -TERM $process
ended 143
says "remember: interrupted, saved; to go on: remember compare --resume --out halted"
nothing_left halted
# under nohup SIGHUP does nothing
# shellcheck disable=SC2086
begin nohup nohup "$program" train $small --steps 1000000 --checkpoint-every 10 --out nohup
kill -HUP $process
sleep 0.3
kill -0 $process 2>/dev/null || fail "SIGHUP ends a run under nohup"
kill -TERM $process
ended 143

# the time that `ulimit -t` allows is over
(
  ulimit -S -t 1
  # shellcheck disable=SC2086
  run 152 train $small --steps 10000000 --checkpoint-every 10000 --quiet --out timed
  says "saved; to go on: remember train --resume timed"
  exit $failures
) || failures=$((failures + 1))
exists timed/last.npz
# a signal that is sent twice, as `timeout` does, is one
# shellcheck disable=SC2086
begin twice "$program" train $small --steps 1000000 --checkpoint-every 10 --out twice
kill -TERM $process
kill -TERM $process 2>/dev/null
ended 143
says "saved; to go on: remember train --resume twice"

# ---- a second interrupt ends the program at once, in the middle of a step that takes seconds
in_a_slow_step slow INT
kill -INT $process
ended 130
grep -qF interrupted err && fail "a second interrupt waits for the end of the step"

# ---- SIGHUP and then SIGTERM, as the end of a session sends them, let the step end and save
in_a_slow_step session HUP
kill -TERM $process
ended 129
says "saved; to go on: remember train --resume session"

# ---- a test of long strings ends within a step of its decode, and is made when the comparison goes on
"$program" compare --task copy --models lstm+additive --seeds 1 --symbols 5 --hidden 128 --steps 1 --batch 1 --train-length 1:2 \
  --test-length 8000 --count 4 --jobs 1 --threads 1 --out long >out 2>began &
process=$!
until [ -s long/runs/copy-lstm+additive-seed1/last.npz ] || ! kill -0 $process 2>/dev/null; do
  sleep 0.05
done
sleep 1
kill -INT $process
tries=0
while kill -0 $process 2>/dev/null && [ $tries -lt 80 ]; do # a decode takes longer
  sleep 0.1
  tries=$((tries + 1))
done
kill -KILL $process 2>/dev/null && fail "an interrupted test goes on"
ended 130
says "interrupted, saved; to go on: remember compare --resume --out long"

# ---- a lock file that somebody removed: the first process leaves the second one's alone
# shellcheck disable=SC2086
begin taken "$program" train $small --steps 1000000 --checkpoint-every 10 --out taken
first=$process
rm taken/.remember.lock
"$program" train --resume taken --steps 1000000 >/dev/null 2>second &
second=$!
until [ -s taken/.remember.lock ] || ! kill -0 $second 2>/dev/null; do
  sleep 0.05
done
kill -TERM $first
wait $first
[ -e taken/.remember.lock ] || fail "the lock of another process was removed"
kill -TERM $second
wait $second

# ---- a reader that has gone: the run is trained and saved to its end
# shellcheck disable=SC2086
{ "$program" train $small --steps 200 --out piped 2>&1; echo $? >status; } | head -n 1 >out
[ "$(cat status)" -eq 1 ] || fail "status $(cat status), not 1, without a reader"
for file in last.npz best.npz report.html; do
  exists piped/$file
done
# shellcheck disable=SC2086
run 0 train $small --steps 200 --quiet --out unpiped
same piped/last.npz unpiped/last.npz

# ---- a file size limit is an error, and leaves no temporary file
(
  ulimit -f 8
  # shellcheck disable=SC2086
  run 1 train $small --steps 20 --checkpoint-every 1 --hidden 32 --out limited
  says "cannot write limited/last.npz: File too large"
  exit $failures
) || failures=$((failures + 1))
nothing_left limited

# ---- one process holds the folder of a run
# shellcheck disable=SC2086
begin held "$program" train $small --steps 1000000 --checkpoint-every 10 --out held
run 0 attend --checkpoint held --input "a b" --out maps
run 0 evaluate --checkpoint held/last.npz --count 2
for way in "--resume held" "--out held --force $small"; do
  # shellcheck disable=SC2086
  run 1 train $way
  [ "$(cat err)" = "remember: held: must be written by one process at a time, got process $process, which is writing to it" ] ||
    fail "the process that holds the folder is not named: $(cat err)"
done
kill -INT $process
ended 130
step=$(sed -n 's/.*after step \([0-9]*\) of.*/\1/p' err)
run 0 train --resume held --stop-at $((step + 3)) --quiet
begin together/runs/copy-gru-seed1 "$program" compare --task copy --models gru --seeds 1 --test-length 3 --count 5 --steps 1000000 --symbols 5 \
  --train-length 2:4 --hidden 8 --checkpoint-every 10 --jobs 1 --threads 1 --out together
run 1 compare --resume --out together
says "together: must be written by one process at a time, got process $process"
run 1 demo --out together
says "together: must be written by one process at a time, got process $process"
run 1 capacity --models rnn --force --out together
says "together: must be written by one process at a time, got process $process"
run 1 train --resume together/runs/copy-gru-seed1
says "together/runs/copy-gru-seed1: must be written by one process at a time, got process $process"
kill -KILL $process
ended 137
exists together/.remember.lock
# shellcheck disable=SC2086
begin whole/runs/copy-gru-seed1 "$program" train $small --steps 1000000 --checkpoint-every 10 --out whole/runs/copy-gru-seed1
run 1 compare --models gru --force --quiet --out whole
says "whole/runs/copy-gru-seed1: must be written by one process at a time, got process $process"
exists whole/runs/copy-gru-seed1/last.npz
kill -KILL $process
ended 137

# ---- what a killed process left goes when the next one holds the folder; what is being written stays
for place in "" figures/; do
  mkdir -p whole/runs/copy-gru-seed1/$place
  : >whole/runs/copy-gru-seed1/$place.heed-1-2.tmp
  : >whole/runs/copy-gru-seed1/$place.heed-mine
done
run 0 train --resume whole/runs/copy-gru-seed1 --stop-at 1000 --quiet
nothing_left whole/runs/copy-gru-seed1
[ -e whole/runs/copy-gru-seed1/figures/.heed-mine ] || fail "a file of another was removed"

# ---- --keep: older checkpoints, from which one can go on
# shellcheck disable=SC2086
run 0 train $small --steps 60 --checkpoint-every 10 --keep 2 --stop-at 45 --out keeps --quiet
[ "$(cd keeps && echo step-*)" = "step-30.npz step-40.npz" ] || fail "kept: $(cd keeps && echo step-*)"
run 0 train --resume keeps --quiet
[ "$(cd keeps && echo step-*)" = "step-45.npz step-50.npz" ] || fail "kept: $(cd keeps && echo step-*)"
# shellcheck disable=SC2086
run 0 train $small --steps 60 --checkpoint-every 10 --out keeps-none --quiet
same keeps/last.npz keeps-none/last.npz
cp keeps/step-45.npz keeps/last.npz
run 0 train --resume keeps --keep 1 --quiet
[ "$(cd keeps && echo step-*)" = "step-50.npz" ] || fail "kept: $(cd keeps && echo step-*)"
same keeps/last.npz keeps-none/last.npz
run 0 evaluate --checkpoint keeps/step-50.npz --count 2
# shellcheck disable=SC2086
run 0 train $small --steps 4 --out keeps --force --quiet
[ ! -e keeps/step-50.npz ] || fail "--force leaves a checkpoint of the run before"
run 2 train --keep -1 --out x
says "--keep: must be a whole number from 0 to 10000, got -1"

# ---- --force with data that are wrong leaves the run that is there
run 1 train --task pairs --data missing.tsv --force --out keeps-none
says "missing.tsv"
exists keeps-none/last.npz

if [ $failures -gt 0 ]; then
  printf '%s checks failed\n' "$failures"
  exit 1
fi
echo "all checks passed"
