#!/bin/sh
# Options of `remember`, from files and from the command line, and what --resume keeps of them.
# usage: remember_config.sh PROGRAM
. "$(dirname "$0")/remember_checks.sh"

small="--symbols 5 --hidden 4 --train-length 2:3 --batch 4 --warmup 1 --steps 2 --valid-every 20 --quiet --threads 1"

# file LINES: the configuration; `\n` between its lines.
file() { printf "$1" >run.ini; }
# refuses MESSAGE COMMAND...: with the configuration, by a message about the file, as wrong usage.
refuses() {
  message=$1
  shift
  rm -rf made
  run 2 --config run.ini "$@"
  says "$message"
  [ ! -e made ] || fail "wrong usage made a folder: $message"
}
# refuses_train LINES MESSAGE
refuses_train() {
  file "$1"
  refuses "$2" train --out made
}

# ---- one value is one value, as on the command line
refuses_train '[train]\n\nlr=0,002\n' "run.ini:3: --lr: must be a number, got '0,002'"
refuses_train '[train]\nlr=0.5 0.25\n' "run.ini:2: --lr: must be a number, got '0.5 0.25'"
for value in 0x10 0.5x 1_0 5k "'[1, 2]'" 1,5 --1; do
  refuses_train "[train]\nlr=$value\n" "run.ini:2: --lr: must be a number, got"
  run 2 train --out made --lr "$value"
  says "--lr: must be a number, got"
done
for value in 1e3 1.5 1,5 10k 0x10 '[1, 2]' '1 2' 1_000; do
  refuses_train "[train]\nsteps=$value\n" "run.ini:2: --steps: must be a whole number, got '$value'"
  run 2 train --out made --steps "$value"
  says "--steps: must be a whole number, got '$value'"
done
for value in inf nan -inf -1 0; do
  refuses_train "[train]\nlr=$value\n" "run.ini:2: --lr: must be a finite number above 0, got $value"
done
refuses_train '[train]\nsteps=99999999999999999999\n' "run.ini:2: --steps: must be a whole number that 64 bits can hold, got"
refuses_train '[train]\nlr=1e400\n' "run.ini:2: --lr: must be a number that 64 bits can hold, got '1e400'"
refuses_train '[train]\nseed=-1\n' "run.ini:2: --seed: must be a whole number of at least 0, got '-1'"
refuses_train '[train]\nhidden=0\n' "run.ini:2: --hidden: must be a whole number from 1 to 65536, got 0"
refuses_train '[train]\ntask=copy,sort\n' "run.ini:2: --task: must be one of copy"
refuses_train '[train]\nlr="0.1","0.2"\n' "run.ini:2: nothing may follow a value in quotation marks, got ',\"0.2\"'"
refuses_train '[train]\nlr="0.1\n' "run.ini:2: a value must end with its quotation mark"
refuses_train '[train]\nout="a\\qb"\n' "run.ini:2: a backslash between"
refuses_train '[train]\nlr=\n' "run.ini:2: lr: must be given a value, got none"
refuses_train '[train]\nlr= # half\n' "run.ini:2: lr: must be given a value, got none"
refuses_train '[train]\nlr\n' "run.ini:2: lr: must be given a value, as in lr=…, got none"
refuses_train '[train]\nlr=1\nhidden=4\nlr=1\n' "run.ini:4: lr: must be given once, got it in line 2 too"
refuses_train '[train]\nsource-marks=yes\nno-source-marks=no\n' "run.ini:3: no-source-marks: must be given once, got the same option in line 2 too"
for value in maybe 2 -1 '""'; do
  refuses_train "[train]\nbidirectional=$value\n" "run.ini:2: bidirectional: must be true or false, got '"
done
for value in maybe 2 -1; do
  run 2 train --out made --bidirectional=$value
  says "--bidirectional: must be true or false, got '$value'"
done

# ---- keys, sections and files that there are not
refuses_train '[train]\nhiddn=4\n' "run.ini:2: train has no option 'hiddn'; did you mean hidden?"
refuses_train '[train]\nHidden=4\n' "run.ini:2: train has no option 'Hidden'; did you mean hidden?"
refuses_train '[train]\n--hidden=4\n' "run.ini:2: train has no option '--hidden'; did you mean hidden?"
refuses_train '[train]\ntrain_length=4\n' "run.ini:2: train has no option 'train_length'; did you mean train-length?"
refuses_train '[train]\nmodels=lstm\n' "run.ini:2: train has no option 'models'"
refuses_train '[trian]\nhidden=4\n' "run.ini:1: there is no command 'trian' for a section; did you mean train?"
refuses_train '[Train]\nhidden=4\n' "run.ini:1: there is no command 'Train' for a section; did you mean train?"
refuses_train '[[train]]\n' "run.ini:1: there is no command '[train]' for a section; did you mean train?"
refuses_train '[]\n' "run.ini:1: a section must be [NAME], got '[]'"
refuses_train '[train\nhidden=4\n' "run.ini:1: a section must be [NAME], got '[train'"
refuses_train 'hidden=4\n[train]\n' "run.ini:1: hidden: must stand in the section of a command, such as [demo], [train]"
refuses_train '[train]\n=4\n' "run.ini:2: must be key=value, got '=4'"
refuses_train '[train]\n[compare]\nmodel=lstm\n' "run.ini:3: compare has no option 'model'; did you mean models?"
refuses_train '[train]\n[compare]\nmatch-parameters=perhaps\n' "run.ini:3: match-parameters: must be true or false"
refuses_train 'train.hiddn=4\n' "run.ini:1: train has no option 'hiddn'; did you mean hidden?"
refuses_train '[train]\ntrain.hidden=4\n' "run.ini:2: train has no option 'train.hidden'"
for key in help config version; do
  refuses_train "[train]\n$key=1\n" "run.ini:2: train has no option '$key'"
done
refuses_train '' "--config: must be a file with a section [train], got run.ini without one"
refuses_train '[compare]\nsteps=2\n' "--config: must be a file with a section [train], got run.ini without one"
refuses_train '[\0t\0r\0' "run.ini:1: must be a line of text in UTF-8, got a byte 0"
for command in demo compare attend evaluate cost reproduce; do
  file "[$command]\noutt=made\n"
  refuses "run.ini:2: $command has no option 'outt'" $command
  file '[trian]\n'
  refuses "run.ini:1: there is no command 'trian'" $command
done
file '[reproduce]\nname=uvva\nout=made\n'
refuses "run.ini:2: name: must be one of wang" reproduce
file '[reproduce]\nnam=uva\nout=made\n'
refuses "run.ini:2: reproduce has no option 'nam'; did you mean name?" reproduce
mkdir folder
for missing in missing.ini folder ''; do
  run 2 train --config "$missing" --out made
  says "--config: cannot read"
done
file '[train]\n'
run 2 train --config run.ini --config run.ini --out made
says "--config: must be given once, got 2 files"
run 2 trian
says "there is no command 'trian'; did you mean train?"

# ---- what a file can say: comments, blanks, quotes, other line ends and a byte-order mark
# shellcheck disable=SC2086
run 0 train $small --lr 0.0025 --bidirectional --out given
# reads LINES: gives the same run
reads() {
  file "$1"
  rm -rf read
  # shellcheck disable=SC2086
  run 0 train $small --config run.ini
  same given/last.npz read/last.npz
}
reads '[train]\nlr=0.0025\nbidirectional=true\nout=read\n'
reads '\357\273\277[train]\r\nlr = 25e-4 # slow\r\nbidirectional=Yes\t; both\r\nout=read\r\n'
reads "# one\n\n ; two\n [ train ] # three\n  lr=\"0.0025\"#\nbidirectional\nout = 'read'\n"
reads '[compare]\nmodels=lstm, gru\nsteps=7\n[train]\nlr=.0025\n[demo]\n[train]\nbidirectional=on\nno-source-marks=off\nout=read'
reads 'train.lr=0.0025\ntrain.bidirectional=1\ntrain.out="read"\n'
mkfifo fifo
printf '[train]\nlr=0.0025\nbidirectional=1\nout=fromfifo\n' >fifo &
# shellcheck disable=SC2086
run 0 train $small --config fifo
same given/last.npz fromfifo/last.npz
file '[train]\nsteps=9\nlr=1\nout="a # b=c;d"\n'
# shellcheck disable=SC2086
run 0 train --config run.ini $small --lr 0.0025 --bidirectional
same given/last.npz 'a # b=c;d/last.npz'
# shellcheck disable=SC2086
run 0 train $small --steps 010 --out ten
grep -q '"step":10,' ten/metrics.jsonl || fail "--steps 010 is not ten steps: $(cat ten/metrics.jsonl)"
file '[compare]\nmodels=lstm, gru+additive\nseeds=1,2\ntest-length=2, 3:4\ntask="copy"\n'
# shellcheck disable=SC2086
run 0 compare --config run.ini $small --count 5 --out listed
[ "$(find listed/runs -name result.json | wc -l)" -eq 4 ] || fail "lists in a file are not what they are on the command line"

# ---- a list has everything once, a model is refused with the reason, and what has no effect is not passed over
run 2 compare --out made --seeds 1,01
says "--seeds: must be different numbers, got 1 twice"
run 2 compare --out= --seeds 1
says "--out: must be given a value after =, got none"
run 2 compare --out made --test-length 5,7,5
says "--test-length: must be different lengths, got 5 twice"
run 2 cost --length 50,50
says "--length: must be different numbers, got 50 twice"
run 2 compare --out made --models bilstm+dot
says "--models: must be one of none, additive, general, concat, location with a bidirectional encoder, whose states are twice as wide as the decoder's, got 'bilstm+dot'"
run 2 compare --out made --models lstm+adittive
says "--models: must be a cell + one of additive, dot"
run 2 compare --out made --models lstm+additive --hidden 0
says "--hidden: must be a whole number from 1 to 65536, got 0"
[ ! -e made ] || fail "wrong usage made a folder"

# ---- what has no effect is named, and the command goes on (here as far as a folder that cannot be made)
: >blocked
# notes MESSAGE COMMAND...: goes on after one such message, which --quiet leaves out
notes() {
  message=$1
  shift
  run 1 "$@" --out blocked/made
  says "remember: $message"
  says "blocked/made"
  [ "$(grep -c 'has no effect' err)" -eq 1 ] || fail "not one option is named: $*"
  run 1 "$@" --out blocked/made --quiet
  grep -q 'has no effect' err && fail "--quiet says what has no effect: $*"
}
notes "--heads 2 has no effect without a transformer" train --heads 2
notes "--positions none has no effect without a transformer" train --positions none
notes "--embedding 8 has no effect with a transformer, whose" train --encoder transformer --embedding 8
notes "--symbols 5 has no effect with --task pairs, whose" train --task pairs --data x.tsv --symbols 5
notes "--tokens char has no effect without --task pairs" train --tokens char
notes "--heads 2 has no effect without a transformer" compare --models lstm --heads 2
notes "--positions relative has no effect without a transformer" compare --models lstm --positions relative
notes "--positions relative has no effect where --models names positions itself" compare --models transformer+none --positions relative
notes "--seeds 2 has no effect with cost" reproduce cost --seeds 2
notes "--force has no effect with --resume" compare --resume --force --task copy
# shellcheck disable=SC2086
run 0 train $small --heads 2 --out headed
run 0 train --resume headed --steps 3

# ---- what is kept reads back the same
run 0 train --config given/options.ini --quiet --out again
same given/last.npz again/last.npz
same given/options.ini again/options.ini

# ---- compare --resume needs no options, keeps those it began with, and refuses others by name
# shellcheck disable=SC2086
run 0 compare --task copy --models lstm,gru --seeds 1 --test-length 2,4 --count 5 --match-parameters --no-source-marks $small --out compared
cp compared/results.json first.json
cp -r compared half
rm -r half/runs/copy-gru-seed1
run 0 compare --resume --out half
[ "$(grep -c 'finished before' err)" -eq 1 ] || fail "not one of two runs was kept"
grep -v 'seconds\|tokens_per\|peak' first.json >first.txt
grep -v 'seconds\|tokens_per\|peak' half/results.json >half.txt
same first.txt half.txt
same compared/options.ini half/options.ini
run 0 compare --resume --out compared --models lstm,gru --lr 2e-3 --threads 2
grep -qx 'threads=2' compared/options.ini || fail "--resume forgets --threads"
run 2 compare --resume --out compared --models lstm --hidden 5 --reverse-source --source-marks
says "--resume: must be given the options that the run in compared was made with, got others"
for line in "--models: lstm,gru in compared, lstm asked" "--hidden: 4 in compared, 5 asked" \
  "--reverse-source: false in compared, true asked" "--source-marks: false in compared, true asked"; do
  says "  $line"
done
[ "$(grep -c asked err)" -eq 4 ] || fail "--resume names options that do not differ"
run 0 compare --resume --out compared --models "lstm, gru" --test-length " 2 ,4" --quiet
cp -r compared without
rm without/options.ini
for folder in nowhere without; do
  run 1 compare --resume --threads 1 --out $folder
  says "$folder: has no options.ini; give the options it was started with"
  [ ! -e $folder/options.ini ] || fail "--resume begins something new"
done
[ ! -e nowhere ] || fail "--resume makes a folder"
begun="compare --task copy --models lstm,gru --seeds 1 --test-length 2,4 --count 5 --match-parameters --no-source-marks $small"
# shellcheck disable=SC2086
run 0 $begun --resume --out without
same compared/runs/copy-gru-seed1/last.npz without/runs/copy-gru-seed1/last.npz
# shellcheck disable=SC2086
run 0 $begun --resume --out started
same compared/runs/copy-gru-seed1/last.npz started/runs/copy-gru-seed1/last.npz
# broken LINES MESSAGE: an options.ini that somebody has written to
broken() {
  printf "$1" >started/options.ini
  run 2 compare --resume --out started
  says "$2"
}
broken '[compare]\nhidden=x\n' "started/options.ini:2: --hidden: must be a whole number, got 'x'"
broken '[compare]\nthreads=0\n' "started/options.ini:2: --threads: must be a whole number from 1 to 1024, got 0"
broken '[compare]\nmatch-parameters=x\n' "started/options.ini:2: "
broken '\nhidden=4\n[compare]\n' "started/options.ini:2: hidden: must be in the section [compare], got it before the first"
broken '[compare]\n\nhiden=4\n' "started/options.ini:3: compare has no option 'hiden'"
rm started/options.ini
mkdir started/options.ini
run 1 compare --resume --out started
says "started/options.ini"
run 2 demo --resume --out compared
says "--resume: must be given a folder that remember demo made, got compared, which remember compare made"
before=$(find compared -type f | sort | xargs cksum)
run 1 demo --out compared
says "compared: must be empty or new"
[ "$(find compared -type f | sort | xargs cksum)" = "$before" ] || fail "demo changes the folder of another command"
# shellcheck disable=SC2086
run 0 train $small --steps 4 --stop-at 2 --threads 2 --out threaded
run 0 train --resume threaded --quiet
grep -qx 'threads=2' threaded/options.ini || fail "train --resume forgets --threads"
run 0 train --resume threaded --quiet --steps 6 --threads 1
grep -qx 'threads=1' threaded/options.ini || fail "train --resume does not keep the new --threads"
grep -qx 'steps=6' threaded/options.ini || fail "train --resume does not keep the new --steps"

# ---- a folder stands for its best checkpoint; one without says which there are
run 0 attend --checkpoint given --input "a b"
[ -s given/figures/memory-ab.png ] || fail "the picture is not beside the checkpoint"
run 0 evaluate --checkpoint given/ --count 2
run 1 attend --checkpoint compared --input "a b"
says "cannot read compared/best.npz: No such file or directory; there are:"
says "  compared/runs/copy-lstm-seed1/best.npz"
says "  compared/runs/copy-gru-seed1/best.npz"
# shellcheck disable=SC2086
run 0 train $small --steps 9 --stop-at 2 --out stopped
run 1 evaluate --checkpoint stopped
says "  stopped/last.npz"
run 1 evaluate --checkpoint folder
says "cannot read folder/best.npz: No such file or directory; no checkpoint is in that folder"
run 2 train --resume compared
says "--resume: must be given a folder that remember train made, got compared, which remember compare made"
rm compared/options.ini
run 1 train --resume compared
says "  compared/runs/copy-lstm-seed1/last.npz"
run 1 train --resume given/last.npz
says "given/last.npz: must be the folder of a run for --resume, got a file"

# ---- a command that is printed can be given to a shell as it is
mkdir bin
ln -s "$program" bin/remember
# follow TEXT FILE: runs the command that stands behind TEXT in FILE
follow() {
  sed -n "s/.*$1//p" "$2" >command.sh
  [ -s command.sh ] || fail "no command behind $1"
  PATH="$PWD/bin:$PATH" sh command.sh >out 2>err || fail "a printed command fails: $(cat command.sh)"
}
# follows TOKENS SOURCE: trains with the source held out, and looks at it with the command that train prints.
follows() {
  rm -rf 'my run'
  printf 'q r\tX\n' >pairs.tsv
  printf '%s\tX\n' "$2" >valid.tsv
  run 0 train --task pairs --data pairs.tsv --valid valid.tsv --tokens "$1" --steps 1 --hidden 4 --threads 1 --out 'my run'
  follow 'try next:  ' out
  wanted=$(python3 -c 'import sys; print("input:  " + (sys.argv[2] if sys.argv[1] == "char" else " ".join(sys.argv[2].split())))' "$1" "$2")
  grep -qxF -- "$wanted" out || fail "$(cat command.sh) does not say: $wanted"
}
for source in 'ab cd' "it's" '$HOME `ls` "x"' '-x' '--' '--help' '\n' 'é ü' ' before' 'behind ' '*' '#;&|' '!!' '~' '[a,b]' '{}' '%%' "''"; do
  follows char "$source"
  follows space "$source"
done
# shellcheck disable=SC2086
run 0 train $small --steps 9 --stop-at 2 --out "-it's a run"
"$program" train --resume "-it's a run" --stop-at 4 >out 2>err || fail "a folder that begins with - cannot be resumed"
follow 'to go on: ' err
"$program" train --resume "-it's a run" >again.txt
follow 'to train it further: ' again.txt
# shellcheck disable=SC2086
"$program" compare --task copy --models lstm,gru --test-length 2 --count 5 $small --steps 100000 --out 'two  runs' >out 2>err &
process=$!
tries=0
while [ ! -s 'two  runs/runs/copy-lstm-seed1/metrics.jsonl' ] && [ $tries -lt 1200 ]; do
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
says "interrupted, saved; to go on: remember compare --resume --out 'two  runs'"

if [ $failures -gt 0 ]; then
  printf '%s checks failed\n' "$failures"
  exit 1
fi
echo "all checks passed"
