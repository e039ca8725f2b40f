#!/bin/sh
# `remember capacity` from outside: its files, going on, time, and what it refuses. usage: remember_capacity.sh PROGRAM
. "$(dirname "$0")/remember_checks.sh"

tiny="--symbols 3 --longest 3 --count 20 --batch 8 --warmup 5 --lr 0.02 --valid-every 20 --patience 2 --max-steps 400 --threads 2"
capacity="capacity --task copy --models gru,lstm+additive --hidden 6,8 --seeds 1,2 $tiny --out cap"
header=model,hidden,seed,parameters,longest_99,longest_50,bits,bits_per_unit,bits_per_parameter,examples,converged

run 0 $capacity
says "8 searches, 2 at a time"
says "gru 6 seed 1"
prints "copy: the longest input remembered"
prints "report (opens in a browser): cap/report.html"
[ "$(head -n 1 cap/capacity.csv)" = "$header" ] || fail "the header of capacity.csv is $(head -n 1 cap/capacity.csv)"
[ "$(wc -l <cap/capacity.csv)" -eq 9 ] || fail "capacity.csv must have a line per model, size and seed"
for file in capacity.json report.html options.ini figures/capacity-copy.png figures/capacity-copy.svg \
  figures/capacity-copy-parameters.png; do
  exists cap/$file
done

# Finished searches are kept, and give the same figures.
cp cap/capacity.csv before.csv
run 0 capacity --resume --quiet --out cap
same cap/capacity.csv before.csv
run 2 capacity --resume --hidden 6 --out cap
says "--hidden: 6,8 in cap, 6 asked"
run 1 $capacity
says "must be empty or new"
run 0 capacity --models gru --hidden 6 --seeds 1 $tiny --quiet --force --out cap
[ "$(wc -l <cap/capacity.csv)" -eq 2 ] || fail "--force must replace what was there"

# What the time is not enough for is said beforehand and marked; with more time it goes on to the same figures.
run 0 capacity --models gru --hidden 6 --seeds 1 $tiny --minutes 0.000001 --out little
says "these will probably be cut off: gru 6"
prints "cut off"
grep -q ",false$" little/capacity.csv || fail "a search that is cut off must have converged = false"
run 0 capacity --resume --minutes 0 --quiet --out little
same little/capacity.csv cap/capacity.csv

# More steps may be given to what the most steps cut off; a search at its end has no part of the time.
run 0 capacity --models gru --hidden 6 --seeds 1 ${tiny%--max-steps*} --max-steps 1 --out few
grep -q ",false$" few/capacity.csv || fail "a search that --max-steps cuts off must have converged = false"
run 0 capacity --resume --max-steps 400 --out few
says "1 search, 1 at a time"
[ "$(tail -n 1 few/capacity.csv | cut -d , -f 5)" -gt 0 ] || fail "a search with more steps must go on"
run 0 capacity --help
prints "Most parameter updates per length"

run 2 capacity --task sort --out x
says "--task: must be one of copy, reverse"
run 2 capacity --hidden 8,8 --out x
says "--hidden: must be different"
run 2 capacity --hidden 8,a --out x
run 2 capacity --hidden 0 --out x
says "--hidden: must be sizes of at least 1, got '0'"
run 2 capacity --models transformer,transformer+sinusoidal --out x
says "--models: must be different models, got transformer+sinusoidal twice"
run 2 capacity --models lsmt --out x
says "--models: must be"
for option in --steps --until --schedule --train-length --train-size --grow-lengths --seed; do
  run 2 capacity $option 5 --out x
  says "there is no option '$option'"
done
run 2 capacity --minutes -1 --out x
says "--minutes: must be a number of at least 0, got -1"
[ ! -e x ] || fail "a refused command must write nothing"

exit $((failures > 0))
