#!/bin/sh
# The program `remember` from outside: exit codes, messages, files, interruption and resuming.
# usage: remember_cli.sh PROGRAM
. "$(dirname "$0")/remember_checks.sh"
says_not() { grep -qF -- "$1" err && fail "stderr says: $1"; }
# signature FILE HEX: the file begins with these bytes.
signature() { [ "$(od -An -tx1 -N4 "$1" | tr -d ' \n')" = "$2" ] || fail "$1 does not begin with $2"; }
json() {
  command -v python3 >/dev/null || return 0
  python3 -c 'import json,sys; [json.loads(l) for l in (open(sys.argv[1]) if sys.argv[1].endswith("l") else [open(sys.argv[1]).read()])]' "$1" 2>err || fail "$1 is not JSON"
}

small="--symbols 5 --hidden 12 --train-length 2:4 --batch 8 --warmup 5 --valid-every 20 --checkpoint-every 15 --threads 1"

# ---- help and wrong usage
run 0
prints "remember demo --out demo"
run 0 --help
prints "remember train --task reverse"
run 0 train --help
prints "--teacher-forcing"
prints "Model:"
prints "Example:"
for command in "" demo train compare capacity attend evaluate cost reproduce; do
  run 0 $command --help
  prints "Usage: remember ${command:-COMMAND}"
  widest=$(LC_ALL=C.UTF-8 wc -L <out)
  [ "$widest" -le 80 ] || fail "remember $command --help is $widest columns wide"
done
run 0 --version
prints "remember "
run 2 sing
says "there is no command 'sing'"
run 2 train --hiden 8 --out x
says "there is no option '--hiden'; did you mean --hidden?"
run 2 train --hidden 0 --out x
says "--hidden: must be a whole number from 1 to 65536, got 0"
run 2 train --hidden 8.5 --out x
says "--hidden: must be a whole number, got '8.5'"
run 1 train --hidden +8 --lr +0.1 --out /dev/null/x
run 2 train --hidden +-8 --out x
says "--hidden: must be a whole number, got '+-8'"
run 2 train --lr nan --out x
says "--lr: must be a finite number above 0, got nan"
run 2 train --train-length 20:5 --out x
says "--train-length: must be MIN:MAX with MIN not above MAX, got 20:5"
run 2 train --task sing --out x
says "--task: must be one of copy, reverse, reduplicate, duplicate, bigram-flip, odds-first, sort, missing-duplicate, parity, recall, lookup, lookup-prefix, pairs-recall, pairs, got 'sing'"
run 2 train --encoder conv --out x
says "--encoder: must be one of rnn, lstm, gru"
run 2 train --encoder transformer --attention dot --out x
says "--attention: must be left out with a transformer"
run 2 train --encoder transformer --positions left --out x
says "--positions: must be one of none, sinusoidal, relative, randomized, both-ends, rotary"
run 2 train --task bigram-flip --train-length 5 --out x
says "bigram-flip, lengths: must be multiples of 2"
run 2 train --task lookup --train-length 3 --out x
says "lookup, lengths: must be multiples of 1 from 4 on"
run 2 train --task pairs-recall --train-length 64 --symbols 6 --out x
says "--symbols: must be at least 8 for pairs-recall at length 64, got 6"
run 2 reproduce sing --out x
says "must be one of wang, grefenstette, uva, chomsky, jelassi, mqar, parity, recall, g2p, cost, got 'sing'"
run 2 reproduce g2p --out x
says "--data: must be given"
run 2 reproduce uva --data pairs.tsv --out x
says "--data: must be left out except for g2p"
for option in --minutes --budget; do
  run 2 reproduce uva $option -1 --out x
  says "--minutes: must be a number of at least 0, got -1"
done
run 2 compare --jobs -1 --out x
says "--jobs: must be"
run 2 train --until now --out x
says "--until: must be one of steps, plateau, got 'now'"
run 2 train --until plateau --patience 0 --out x
says "--patience: must be a whole number from 1 to"
run 2 train --attention dot --bidirectional --out x
says "--attention: must be one of none, additive, general, concat, location with a bidirectional encoder"
run 2 train --threads 0 --out x
says "--threads: must be"
run 2 train
says "--out: must be given"
run 2 train --task pairs --out x
says "--data: must be given"
run 2 train --resume x --hidden 8
says "--hidden: must not be given with --resume"
run 2 compare --models lstm,lsmt --out x
says "--models: must be one of rnn, lstm, gru"
run 2 compare --seeds 1,a --out x
says "--seeds"
run 2 compare --test-length 5,,6 --out x
says "--test-length"
run 2 compare
says "--out"
run 2 evaluate
says "--checkpoint: must be given, got nothing"
run 2 train --out x --steps
says "--steps: must be given a value, got none"
run 2 reproduce --out x
says "name: must be one of wang, "
run 2 cost --length 0
says "--length"
for count in 0 1000001; do
  run 2 compare --count $count --out x
  says "--count: must be a whole number from 1 to 1000000, got $count"
  run 2 evaluate --checkpoint x --count $count
  says "--count: must be"
done
HEED_SIMD=sing run 2 --version
says "sing"
HEED_NUM_THREADS=0 run 2 --version
says "HEED_NUM_THREADS"
[ ! -e x ] || fail "wrong usage made a folder"

# ---- a run, uninterrupted; its files
# shellcheck disable=SC2086
train="train --task reverse --encoder gru --bidirectional --attention additive --dropout 0.2 --teacher-forcing 0.8 --steps 60 --seed 3 $small"
# shellcheck disable=SC2086
run 0 $train --out whole
says "threads: 1"
prints "trained bigru+additive"
prints "attend --checkpoint whole/best.npz --input"
says "step 60/60"
grep -q "$(printf '\033')" err && fail "colours outside a terminal"
exists whole/last.npz
exists whole/best.npz
grep -q "<!DOCTYPE html>" whole/report.html || fail "train left no report"
json whole/metrics.jsonl

# ---- --quiet says nothing, and the same run gives the same bytes with any number of threads
# shellcheck disable=SC2086
run 0 $train --out twin --quiet --threads 2
[ ! -s out ] && [ ! -s err ] || fail "--quiet is not quiet"
same whole/last.npz twin/last.npz

# ---- stopped and resumed at odd steps, through new processes: the same bytes
# shellcheck disable=SC2086
run 0 $train --out pieces --stop-at 17
says "remember train --resume pieces"
run 0 train --resume pieces --stop-at 40 --quiet
run 0 train --resume pieces
same whole/last.npz pieces/last.npz
same whole/best.npz pieces/best.npz
without_clock() { sed 's/,"tokens_per_second.*//' "$1"; }
[ "$(without_clock whole/metrics.jsonl)" = "$(without_clock pieces/metrics.jsonl)" ] || fail "metrics of a resumed run differ"

# ---- a finished run says so, and can be given more steps
run 0 train --resume whole
prints "the run in whole was finished before, at step 60; to train it further: remember train --resume whole --steps 120"
says_not "step 60/60"
run 0 train --resume whole --quiet
[ ! -s out ] && [ ! -s err ] || fail "--quiet is not quiet about a finished run"
same whole/last.npz twin/last.npz
run 2 train --resume whole --steps 60
says "--steps: must be above 60, the step of the run in whole, got 60"
run 2 train --resume whole --steps 60.5
run 2 train --resume whole --stop-at 17
says "--stop-at: must be above 60"
cp -r whole longer
run 0 train --resume longer --steps 64 --stop-at 62 --quiet
run 0 train --resume longer
prints "64 steps in"
says "step 64/64"

# ---- to a plateau: what has no effect is named, the end is named, and --max-steps goes on
# shellcheck disable=SC2086
plateau="train --task copy --encoder rnn --until plateau --patience 2 $small --valid-every 5"
# shellcheck disable=SC2086
run 0 $plateau --lr 1e-9 --steps 7 --out flat
says "remember: --steps 7 has no effect with --until plateau"
says "at most "
prints ", converged, "
grep -q '"valid_loss":' flat/metrics.jsonl || fail "metrics have no loss of validation"
grep -q '"multiply_adds":[1-9]' flat/metrics.jsonl || fail "metrics have no multiply-adds"
run 0 train --resume flat
prints "the run in flat was finished before, at step 45: converged"
run 2 train --resume flat --steps 100
says "--steps: must be left out for a run to its plateau, whose ceiling is --max-steps"
# shellcheck disable=SC2086
run 0 $plateau --max-steps 12 --out ceiling
prints ", cut off at 12 steps in "
run 0 train --resume ceiling
prints "to train it further: remember train --resume ceiling --max-steps 24"
run 2 train --resume ceiling --max-steps 12
says "--max-steps: must be above 12, the step of the run in ceiling, got 12"
run 0 train --resume ceiling --max-steps 15 --quiet
grep -q '"step":15,' ceiling/metrics.jsonl || fail "--max-steps does not go on"
# shellcheck disable=SC2086
run 0 $plateau --patience 1000 --minutes 0.01 --out minute
prints ", cut off at "
says "saved; to go on: remember train --resume minute"
step=$(sed -n 's/.*after step \([0-9]*\) of at most 100000,.*/\1/p' err)
run 0 train --resume minute --minutes 0 --stop-at $((step + 3)) --quiet
run 2 train --minutes -1 --out x
says "--minutes: must be a number of at least 0, got -1"
run 0 train --task copy --patience 3 --steps 2 --out patient --hidden 4 --threads 1
says "remember: --patience 3 has no effect without --until plateau"

# ---- Ctrl-C saves, exits 130 and can be resumed
# shellcheck disable=SC2086
"$program" $train --steps 100000 --out interrupted >out 2>err &
process=$!
tries=0
while [ ! -s interrupted/metrics.jsonl ] && [ $tries -lt 1200 ]; do
  sleep 0.05
  tries=$((tries + 1))
done
if [ $tries -lt 1200 ]; then
  kill -INT $process
else
  kill -KILL $process
  fail "nothing was trained within a minute"
fi
wait $process
status=$?
[ $status -eq 130 ] || fail "status $status after an interruption, not 130"
says "to go on: remember train --resume interrupted"
exists interrupted/last.npz
step=$(sed -n 's/.*after step \([0-9]*\) of.*/\1/p' err)
run 0 train --resume interrupted --stop-at $((step + 5)) --quiet

# ---- folders that are not empty, cannot be made, or are full
# shellcheck disable=SC2086
run 1 $train --out whole
says "whole: must be empty or new"
# shellcheck disable=SC2086
run 0 $train --out twin --force --steps 20 --quiet
# shellcheck disable=SC2086
run 1 $train --out /proc/remember
says "cannot make the folder /proc/remember: "
# shellcheck disable=SC2086
run 1 $train --out whole/last.npz
says "whole/last.npz"
if [ -e /dev/full ]; then
  mkdir full
  ln -s /dev/full full/metrics.jsonl
  # shellcheck disable=SC2086
  run 1 $train --out full --force
  says "cannot write full/metrics.jsonl: No space left on device"
  "$program" --help >/dev/full 2>err
  [ $? -eq 1 ] || fail "a full standard output goes unnoticed"
  ln -s /dev/full full.png
  run 1 attend --checkpoint whole/best.npz --input "a b" --out full.png
  says "full.png"
  run 1 evaluate --checkpoint whole/best.npz --json /dev/full
  says "/dev/full"
fi

# ---- on a terminal: one line, rewritten, in colours unless NO_COLOR
if script -qec true /dev/null >/dev/null 2>&1; then
  rewritten=$(printf '\r\033[J')
  green=$(printf '\033[32m')
  # on_terminal ENVIRONMENT: a short run, what a terminal gets in `screen`.
  on_terminal() {
    rm -rf shown
    # shellcheck disable=SC2086
    script -qec "env TERM=xterm $1 $program $train --out shown" /dev/null >screen 2>&1 </dev/null || fail "a run on a terminal"
  }
  on_terminal NO_COLOR=
  grep -qF "$rewritten" screen || fail "no line is rewritten on a terminal"
  grep -qF "$green" screen || fail "no colours on a terminal"
  on_terminal NO_COLOR=1
  grep -qF "$rewritten" screen || fail "no line is rewritten without colours"
  grep -qF "$green" screen && fail "colours in spite of NO_COLOR"
fi

# ---- what could not be written at the end is refused before training
mkdir -p blocked/report.html
# shellcheck disable=SC2086
run 1 $train --out blocked --force
says "cannot write blocked/report.html: Is a directory"
[ ! -e blocked/metrics.jsonl ] || fail "a run began whose report cannot be written"
mkdir -p taken && : >taken/figures
# shellcheck disable=SC2086
run 1 compare --models lstm --steps 4 $small --out taken --force
says "cannot make the folder taken/figures: "
[ ! -e taken/runs ] || fail "a comparison began whose figures cannot be drawn"
run 1 evaluate --checkpoint whole/best.npz --json missing/measured.json
says "cannot write missing/measured.json: No such file or directory"
cp whole/best.npz kept.npz
run 2 evaluate --checkpoint whole --json whole/best.npz
says "--json: must be another file than the one that is read, got whole/best.npz"
cmp -s whole/best.npz kept.npz || fail "evaluate writes over its checkpoint"
run 2 evaluate --checkpoint whole --json ""
says "--json: must be given a value, got none"
[ ! -s out ] || fail "measured before the output was looked at"

# ---- attend
run 0 attend --checkpoint whole/best.npz --input "a b c"
prints "attention weights"
prints "["
signature whole/figures/attention-abc.png 89504e47
grep -q "<svg" whole/figures/attention-abc.svg || fail "no SVG"
run 0 attend --checkpoint whole/best.npz --input "a b" --out maps/one.svg
exists maps/one.svg
run 0 attend --checkpoint whole/best.npz --input "a b" --beam 3 --out maps
exists maps/attention-ab.png
run 0 attend --checkpoint whole/best.npz --input "a b" --n-best 3 --out maps
prints "3 best outputs (natural logarithm of the probability):"
[ "$(grep -c '^ *[1-3]  *-[0-9]*\.[0-9][0-9][0-9][0-9]  ' out)" -eq 3 ] || fail "--n-best 3 printed another number of outputs"
sed -n 's/^ *[1-3]  *\(-[0-9.]*\)  .*/\1/p' out >scores
sort -rn -c scores || fail "the outputs are not in the order of their scores"
[ "output: $(sed -n 's/^ *1  *-[0-9.]*  //p' out)" = "$(grep '^output: ' out)" ] || fail "the first of --n-best is not the output"
run 0 attend --checkpoint whole/best.npz --input "a b" --n-best 2 --beam 5 --out maps
prints "2 best outputs"
run 2 attend --checkpoint whole/best.npz --input "a b" --n-best 3 --beam 2
says "--n-best: must be at most --beam, which is 2, got 3"
for count in 0 1001; do
  run 2 attend --checkpoint whole/best.npz --input "a b" --n-best $count
  says "--n-best: must be a whole number from 1 to 1000, got $count"
done
run 0 attend --checkpoint whole/best.npz --input "a b" --memory --out maps
exists maps/memory-ab.png
run 2 attend --checkpoint whole/best.npz --input "a b" --out map.jpg
says "--out: must be a .png or .svg file or a folder, got 'map.jpg'"
run 2 attend --checkpoint whole/best.npz --input "a q"
says "--input: 'q' is not a token of this model, which knows a b c d e (5 tokens)"
run 2 attend --checkpoint whole/best.npz --input " "
says "--input: must be at least one token"
run 1 attend --checkpoint missing.npz --input "a"
says "cannot read missing.npz: No such file or directory"
run 1 attend --checkpoint whole/best.npz --input "a" --out /dev/full/x.png
says "/dev/full"
head -c 300 whole/best.npz >broken.npz
: >nothing.npz
for file in broken.npz nothing.npz whole/metrics.jsonl; do
  run 1 attend --checkpoint $file --input "a"
  says "$file: must be a checkpoint that remember wrote, got: "
done
run 1 train --resume nowhere
says "cannot read nowhere/last.npz: No such file or directory"

# ---- evaluate
run 0 evaluate --checkpoint whole/best.npz --test-length 3,4:5 --count 20 --beam 2 --json measured.json
says "threads: "
prints "bigru+additive on reverse"
prints "outputs wrong"
grep -q "words wrong" out && fail "strings of symbols are called words"
json measured.json
run 2 evaluate --checkpoint whole/best.npz --data x.tsv
says "--data: must be left out"

# ---- pairs, plain and gzip
i=0
while [ $i -lt 60 ]; do
  printf 'w%s%s\tX Y%s\n' $((i % 10)) $((i / 10)) $((i % 3))
  i=$((i + 1))
done >pairs.tsv
gzip -k pairs.tsv
run 0 train --task pairs --data pairs.tsv.gz --attention dot --steps 10 --hidden 8 --threads 1 --out words
run 0 attend --checkpoint words/best.npz --input w12
prints "input:  w12"
printf 'ab\tX\na b\tX\n\303\274\tX\n\303\266\tX\n' >names.tsv
run 0 train --task pairs --data names.tsv --valid pairs.tsv --tokens char --attention dot --steps 2 --hidden 4 --out names
prints "data: 4 pairs to train on, 60 sources held out"
for input in ab "a b" ü ö; do
  run 0 attend --checkpoint names/best.npz --input "$input"
  grep -qx "input:  $input" out || fail "the input is not printed as it was given: $input"
done
[ "$(find names/figures -name '*.png' | wc -l)" -eq 4 ] || fail "names of pictures collide"
run 0 evaluate --checkpoint words/best.npz --data pairs.tsv
prints "words wrong"
run 2 evaluate --checkpoint words/best.npz
says "--data: must be given"
printf 'a\tb\nbroken line\n' >broken.tsv
run 1 train --task pairs --data broken.tsv --out y
says "broken.tsv:2: a line must be source TAB target, got no tab"
run 1 train --task pairs --data missing.tsv --out z
says "missing.tsv"

# ---- maps show a string that the best model gets right, with the wrong tokens of the others marked
run 0 compare --task copy --symbols 5 --train-length 1:5 --models lstm,lstm+additive --seeds 1 --test-length 5,7 --count 20 --steps 500 --lr 0.01 \
  --hidden 24 --batch 16 --threads 1 --quiet --out mapped
grep -qF ">length 5: right<" mapped/figures/attention-copy-lstm-additive.svg || fail "the map shows a string that is wrong"

# ---- compare, with a model that has no attention; finished runs are kept
# shellcheck disable=SC2086
compare="compare --task reverse,copy --models lstm,bilstm+additive --seeds 1,2 --test-length 2,4,6 --count 20 --steps 12 $small --out compared"
# shellcheck disable=SC2086
run 0 $compare
prints "bilstm+additive"
prints "compared/figures/accuracy-reverse.png"
says "[8/8] copy bilstm+additive seed 2"
for task in reverse copy; do
  signature compared/figures/accuracy-$task.png 89504e47
  exists compared/figures/accuracy-$task.svg
  signature compared/figures/attention-$task-bilstm-additive.png 89504e47
done
signature compared/figures/memory-reverse-lstm.png 89504e47
grep -q "<!DOCTYPE html>" compared/report.html || fail "compare left no report"
prints "report (opens in a browser): compared/report.html"
json compared/results.json
[ "$(wc -l <compared/results.csv)" -eq 25 ] || fail "results.csv must have 25 lines"
rm -r compared/runs/copy-lstm-seed2
# shellcheck disable=SC2086
run 0 $compare --resume
[ "$(grep -c "finished before" err)" -eq 7 ] || fail "not 7 of 8 runs were kept"
# shellcheck disable=SC2086
run 2 $compare --resume --hidden 13
says "--resume: must be given the options that the run in compared was made with, got others"
says "  --hidden: 12 in compared, 13 asked"
grep -qF '"' err && fail "--resume with other options prints JSON"
[ "$(grep -c asked err)" -eq 1 ] || fail "--resume names options that do not differ"
# shellcheck disable=SC2086
run 1 $compare
says "compared: must be empty or new"
sed 's/"length": "2"/"length": "two"/' compared/runs/reverse-lstm-seed1/result.json >result.json
cp result.json compared/runs/reverse-lstm-seed1/result.json
# shellcheck disable=SC2086
run 1 $compare --resume
says "compared/runs/reverse-lstm-seed1/result.json: must be a result that remember wrote"
run 0 attend --checkpoint compared/runs/copy-lstm-seed1/best.npz --input "a b"
prints "memory map"
signature compared/runs/copy-lstm-seed1/figures/memory-ab.png 89504e47
prints "output:"

# ---- compare goes to a plateau with three seeds unless --steps is given; --minutes says what fits, cuts off, and goes on
# shellcheck disable=SC2086
run 0 compare --task copy --models rnn --test-length 3 --count 5 --lr 1e-9 --patience 1 --jobs 2 $small --valid-every 3 --out levelled
says "[3/3] copy rnn seed 3  converged"
[ "$(grep -c '"converged": true' levelled/results.json)" -eq 3 ] || fail "not three converged runs"
head -1 levelled/results.csv | grep -q ',converged,examples,multiply_adds,examples_to_50,' || fail "columns of results.csv"
# shellcheck disable=SC2086
run 0 compare --task copy --models lstm --seeds 1,2 --test-length 3 --count 5 --patience 1000 --minutes 0.02 --jobs 1 $small --out hurried
says "time: 0:01 for 2 runs, 1 at once: about "
says "  copy lstm: 2 runs of up to about "
says "too few for a plateau unless all is learned"
says "[2/2] copy lstm seed 2  cut off at "
[ "$(grep -c '"converged": false' hurried/results.json)" -eq 2 ] || fail "not two runs that were cut off"
run 0 compare --resume --minutes 0.03 --out hurried
grep -q "finished before" err && fail "a run that was cut off counts as finished"
grep -qx 'until=plateau' hurried/options.ini || fail "options.ini does not keep --until"
grep -qx 'until=steps' compared/options.ini || fail "--steps does not end training after so many steps"

# ---- every task, every kind of attention and of positions trains, attends and is evaluated
for task in copy reverse reduplicate duplicate bigram-flip odds-first sort missing-duplicate parity recall lookup \
  lookup-prefix pairs-recall; do
  length=4
  [ $task != pairs-recall ] || length=16
  # shellcheck disable=SC2086
  run 0 train --task $task --attention location --steps 2 $(echo "$small" | sed "s/2:4/2:$length/") --out task-$task
  run 0 evaluate --checkpoint task-$task/best.npz --test-length $length --count 3
done
for attention in none additive dot general concat scaled location; do
  # shellcheck disable=SC2086
  run 0 train --task copy --attention $attention --steps 2 --train-size 5 $small --out kind-$attention
done
for positions in none sinusoidal relative randomized both-ends rotary alibi hard-alibi; do
  # shellcheck disable=SC2086
  run 0 train --task copy --encoder transformer --positions $positions --heads 2 --steps 2 $small --out positions-$positions
  run 0 attend --checkpoint positions-$positions/best.npz --input "a b"
  prints "attention weights"
done

# ---- steps of warm-up and of growing lengths that training does not have are said
# shellcheck disable=SC2086
run 0 train --task copy $small --steps 2 --warmup 3 --grow-lengths 4 --out late
says "remember: --warmup 3 is more than --steps 2: the learning rate never comes to --lr"
says "remember: --grow-lengths 4 is more than --steps 2: the longest inputs are never trained on"
# shellcheck disable=SC2086
run 0 compare --models rnn --seeds 1 --test-length 4 --count 5 --max-steps 2 --grow-lengths 100 $small --out late-compared
says "remember: --grow-lengths 100 is more than --max-steps 2"
prints "cut off at 2 steps, trained up to length 2"

# ---- options from a file
printf '[train]\ntask="sort"\nhidden=7\nsteps=2\nout="configured"\n' >settings.ini
run 0 train --config settings.ini --symbols 5 --quiet
run 0 evaluate --checkpoint configured/best.npz --count 2
prints "lstm on sort"
run 2 train --config missing.ini --out x
says "missing.ini"

# ---- compare with sizes matched; reproduce within a budget, and go on
# shellcheck disable=SC2086
run 0 compare --models lstm+additive,transformer+none --seeds 1 --match-parameters --test-length 3 --count 5 --steps 2 $small --out matched
says "threads: 1"
run 0 reproduce uva --seeds 1 --budget 0.02 --threads 1 --out uva
prints "published, tokens"
prints "differences from the published setting"
prints "were cut off before"
json uva/results.json
steps() { sed -n 's/^ *"steps": *\([0-9]*\),*$/\1/p' uva/runs/reverse-bigru+location-seed1/result.json | head -n 1; }
before=$(steps)
run 0 reproduce uva --budget 0.04 --threads 1 --out uva --resume
[ "$(steps)" -gt "$before" ] || fail "a run that was cut off does not go on"

# ---- cost
mkdir -p full/cost-memory.svg
run 1 cost --length 10 --size 8 --out full --threads 1
says "cannot write full/cost-memory.svg: Is a directory"
[ ! -s out ] || fail "cost measures before it looks at its folder"
run 0 cost --length 10,50 --size 8 --json cost.json --out cost --threads 1
prints "2,500"
json cost.json
signature cost/cost-time.png 89504e47

if [ $failures -gt 0 ]; then
  printf '%s checks failed\n' "$failures"
  exit 1
fi
echo "all checks passed"
