#!/bin/sh
# What the program `remember` makes of files of pairs: pipes, signals while it waits for them, text that is not UTF-8,
# and names that are not.
# usage: remember_data_files.sh PROGRAM
. "$(dirname "$0")/remember_checks.sh"
limit="timeout 120" # of a program that waits for a pipe

pairs="train --task pairs --attention dot --hidden 8 --threads 1"
i=0
while [ "$i" -lt 60 ]; do
  printf 'w%d x\tW X\n' "$i"
  i=$((i + 1))
done >pairs.tsv
gzip -k pairs.tsv
mkfifo fifo other

# ---- a pipe is read once, and a run on one is the run on the file
cat pairs.tsv >fifo &
run 0 $pairs --steps 10 --data fifo --out piped
wait
exists piped/report.html
cat pairs.tsv >fifo &
run 0 $pairs --steps 10 --stop-at 5 --data fifo --out stopped
wait
says "to go on: remember train --resume stopped --data FILE (a file or a pipe with the data that the run began with)"
run 0 $pairs --steps 10 --stop-at 5 --data pairs.tsv --out stopped-file
says "to go on: remember train --resume stopped-file"
! grep -q -- "--data FILE" err || fail "--data is asked for that need not be given"
mkdir file
cp pairs.tsv file/fifo
(cd file && timeout 120 "$program" $pairs --steps 10 --data fifo --out ../filed) >out 2>err || fail "a run on a file"
for file in piped filed; do
  grep -o '"exact outputs[^]]*' $file/report.html >$file.curve
done
same piped.curve filed.curve
cat pairs.tsv.gz >fifo &
run 0 $pairs --steps 5 --data fifo --out gzipped
wait
exists gzipped/report.html
{ cat pairs.tsv >fifo; head -n 5 pairs.tsv >other; } &
run 0 $pairs --steps 5 --data fifo --valid other --out both
wait
prints "data: 55 pairs to train on, 5 sources held out"
cat pairs.tsv >fifo &
run 0 evaluate --checkpoint piped/best.npz --data fifo
wait
{ cat pairs.tsv >fifo; head -n 5 pairs.tsv >other; } &
run 0 reproduce g2p --data fifo --valid other --seeds 1 --budget 0.05 --threads 2 --out g2p
wait
exists g2p/report.html
cat piped/best.npz >fifo &
run 0 attend --checkpoint fifo --input "w1 x" --out looked.svg
wait

# ---- a run that read a pipe goes on when it is given the data again, and only with the same
cat pairs.tsv >fifo &
run 0 $pairs --steps 10 --stop-at 4 --data fifo --out going
wait
run 2 train --resume going
says "--data: must be given with --resume, which needs the data that the run began with, got $work/fifo, no file"
head -n 40 pairs.tsv >fewer.tsv
run 1 train --resume going --data fewer.tsv
says "must hold the data that the run began with, got others"
cat pairs.tsv >fifo &
run 0 train --resume going --data fifo --threads 1
wait
same going/last.npz piped/last.npz
cp pairs.tsv moved.tsv
run 0 $pairs --steps 10 --stop-at 4 --data moved.tsv --out moving
mv moved.tsv elsewhere.tsv
run 0 train --resume moving --data elsewhere.tsv
grep -qx "data=$work/elsewhere.tsv" moving/options.ini || fail "options.ini does not say where the data are now"
run 2 train --resume moving --valid pairs.tsv
says "--valid: must be left out for a run without such a file"
g2p="reproduce g2p --seeds 1 --budget 0.02 --threads 2"
{ cat pairs.tsv >fifo; head -n 5 pairs.tsv >other; } &
run 0 $g2p --data fifo --valid other --out trials
wait
cp -r trials half
rm -r half/runs/*bilstm-seed1
run 2 reproduce g2p --resume --out half
says "--data: must be given with --resume, which needs the data that the run began with, got $work/fifo, no file"
run 2 reproduce g2p --resume --out half --data pairs.tsv
says "--valid: must be given with --resume"
head -n 5 pairs.tsv >valid.tsv
for folder in trials half; do
  run 1 reproduce g2p --resume --out $folder --data fewer.tsv --valid valid.tsv
  says "fewer.tsv: must hold the data that the run began with, got others"
done
run 0 reproduce g2p --resume --out half --data pairs.tsv --valid valid.tsv
exists half/runs/pairs-bilstm-seed1/result.json
run 0 reproduce g2p --resume --out half

# ---- what is counted is the test file, which chooses nothing, and stays the same when a run goes on
printf 'w1 x\tW X\nw2 x\tW X\nv1\tV\n' >tests.tsv
run 0 $g2p --data pairs.tsv --test tests.tsv --out tested
prints "the words counted are those of --test"
[ "$(grep -c '"test_count": 3,' tested/results.json)" -eq 2 ] || fail "the words of the test file are not those counted"
run 0 reproduce g2p --resume --out tested
run 1 reproduce g2p --resume --out tested --test pairs.tsv
seq 200000 | sed 's/.*/z& x y x y x\tW X/' >many.tsv
run 0 reproduce g2p --seeds 1 --data pairs.tsv --test many.tsv --minutes 0.1 --threads 1 --out hurried
grep -q '"test_count": 200000,' hurried/results.json || fail "results.json does not say how many words there are"
! grep -q '"problems": 200000,' hurried/results.json || fail "--minutes does not bound the tests"
prints "bilstm+additive: tested on "
for file in results.json report.html; do
  grep -q 'bilstm+additive: tested on .* of 200,000 words, for want of time' hurried/$file || fail "$file does not say that not all words were tested"
done
run 0 $pairs --steps 4 --stop-at 2 --data pairs.tsv --test tests.tsv --out tested-run
prints "data: 56 pairs to train on, 2 sources held out, 3 to test with; 2 sources that are in both files were left out"
mv tests.tsv tests-moved.tsv
run 2 train --resume tested-run
says "--test: must be given with --resume"
run 0 train --resume tested-run --test tests-moved.tsv
run 0 evaluate --checkpoint tested-run --data tests-moved.tsv
run 2 train --task copy --test tests-moved.tsv --out x
says "--test: must be given with --task pairs only"
for option in --data --valid --test; do
  run 2 reproduce uva $option tests-moved.tsv --out x
  says "$option: must be left out except for g2p, got given with uva"
done

# ---- data that cannot be used leave nothing that the next try would stumble over
printf 'no tab\n' >broken.tsv
for command in "$pairs --steps 2" "$g2p"; do
  run 1 $command --data broken.tsv --out tried
  says "broken.tsv:1: a line must be source TAB target"
  run 0 $command --data pairs.tsv --out tried
  rm -r tried
done
run 0 $pairs --steps 4 --stop-at 2 --data pairs.tsv --out tried
run 1 train --resume tried --data fewer.tsv
run 0 train --resume tried

# ---- a file that goes away while a run trains on it is not asked for again
cp pairs.tsv passing.tsv
timeout 600 "$program" $pairs --steps 1000 --quiet --data passing.tsv --out passing >out 2>err &
training=$!
until [ -s passing/metrics.jsonl ] || ! kill -0 $training 2>/dev/null; do sleep 0.05; done
rm passing.tsv
wait $training || fail "a run whose file was removed"
exists passing/report.html

# ---- a signal ends the program while it waits for a pipe: nobody writes, or nothing more comes
# interrupt SIGNAL ARGUMENT...: expects that the program ends with the status of the signal.
interrupt() {
  signal=$1
  shift
  "$program" "$@" >out 2>err &
  waiting=$!
  # Until it handles SIGTERM: the fourth hexadecimal digit of the mask has the bit 4.
  tries=0
  until [ "$tries" -ge 400 ] || grep -q '^SigCgt:.*[4-7c-f][0-9a-f][0-9a-f][0-9a-f]$' "/proc/$waiting/status" 2>/dev/null; do
    tries=$((tries + 1))
    sleep 0.05
  done
  sleep 0.3
  kill -"$signal" "$waiting"
  { sleep 60 && kill -KILL "$waiting"; } >/dev/null 2>&1 &
  guard=$!
  wait "$waiting"
  status=$?
  kill "$guard" 2>/dev/null
  wanted=130
  [ "$signal" = INT ] || wanted=143
  [ "$status" -eq $wanted ] || fail "status $status after SIG$signal: remember $*"
  says "remember: interrupted"
}
for signal in INT TERM; do
  interrupt $signal $pairs --data fifo --out waiting-$signal
  interrupt $signal evaluate --checkpoint piped/best.npz --data fifo
done
{ head -n 5 pairs.tsv; sleep 3; } >fifo &
interrupt TERM $pairs --data fifo --out stalled
wait
run 0 $pairs --data pairs.tsv --steps 5 --out waiting-INT

# ---- text that is not UTF-8 is refused when it is read, whatever a token is
# refuses BYTES TEXT: a third line that ends in those bytes, given to printf, is refused so at column 4.
refuses() {
  { head -n 2 pairs.tsv; printf "ü\tb$1\n"; } >bad.tsv
  gzip -kf bad.tsv
  for file in bad.tsv bad.tsv.gz; do
    for tokens in auto space char; do
      rm -rf refused
      run 1 $pairs --tokens $tokens --data $file --out refused
      says "$file:3:4: must be UTF-8, got $2"
    done
  done
}
refuses '\377' 'the byte FF, which begins no character'
refuses '\355\240\200' 'the bytes ED A0 80, a surrogate'
refuses '\300\257' 'the bytes C0 AF, an overlong form'
refuses '\364\220\200\200' 'the bytes F4 90 80 80, above U+10FFFF'
refuses '\342\202' 'the bytes E2 82, a character that is cut off'
run 1 evaluate --checkpoint piped/best.npz --data bad.tsv
says "bad.tsv:3:4: must be UTF-8"
run 1 $pairs --data pairs.tsv --valid bad.tsv --out refused-valid
says "bad.tsv:3:4: must be UTF-8"
{ printf '\357\273\277'; sed 's/$/\r/' pairs.tsv; } >marked.tsv
run 0 $pairs --steps 10 --data marked.tsv --out marked
run 0 evaluate --checkpoint marked/best.npz --data pairs.tsv
grep -q "never seen" out && fail "a byte-order mark or CR became part of a token"

# ---- a file's name is any bytes, through to the report
odd=$(printf 'caf\351 \377.tsv')
cp pairs.tsv "$odd"
cp fewer.tsv "$odd.2"
run 0 $pairs --steps 10 --stop-at 4 --data "$odd" --valid "$odd.2" --out "out-$odd"
run 0 train --resume "out-$odd"
exists "out-$odd/report.html"
iconv -f UTF-8 -t UTF-8 "out-$odd/report.html" >/dev/null 2>err || fail "report.html is not UTF-8"
grep -q 'caf\\\\xE9 \\\\xFF.tsv' "out-$odd/report.html" || fail "report.html does not show the file's name"
run 0 reproduce g2p --data "$odd" --valid "$odd.2" --seeds 1 --budget 0.05 --out "g2p-$odd"
run 0 evaluate --checkpoint "out-$odd/best.npz" --data "$odd" --json "$odd.json"
exists "$odd.json"
run 0 attend --checkpoint "out-$odd/best.npz" --input "w1 x" --out "$odd.svg"
exists "$odd.svg"

# ---- an input is UTF-8 too, whatever a token is
run 0 $pairs --tokens char --steps 2 --data pairs.tsv --out spelled
for model in spelled piped; do
  run 2 attend --checkpoint $model --input "$(printf 'w\351')"
  says "--input: must be UTF-8, got the byte E9"
done

# ---- more different words than a checkpoint may hold: said before anything is trained or written
awk 'BEGIN { for (i = 0; i < 70000; ++i) print "a" i " b" i " c" i " d" i "\te" i " f" i " g" i " h" i }' >words.tsv
run 1 $pairs --data words.tsv --steps 2 --out words
says "train: a checkpoint with the 560006 words of this data could not be read again"
[ -z "$(ls words)" ] || fail "a run that cannot be saved has begun"

if [ "$failures" -gt 0 ]; then
  echo "$failures failed"
  exit 1
fi
