#!/bin/sh
# Every command of ./dev that a page names is there, and each function that its table calls is defined: dev_commands.sh SOURCE
set -eu
cd "$1"
failed=0
table=$(sed -n '/^case \$command in/,/^esac/p' dev)
for name in $(grep -rhoE '\./dev [a-z][a-z0-9]*' README.md CONTRIBUTING.md SECURITY.md docs examples dev | cut -d' ' -f2 | sort -u); do
  printf '%s\n' "$table" | grep -qE "^  $name\)" || { echo "a page names ./dev $name, which is not a command"; failed=1; }
done
for name in $(printf '%s\n' "$table" | sed -nE 's/^ +([a-z0-9]+\) )?([a-z][a-z0-9_]*)( "\$.*)?( ;;)?$/\2/p' | sort -u); do
  [ "$name" = esac ] || [ "$name" = usage ] || grep -qE "^$name\(\) \{" dev || { echo "dev calls $name, which is not defined"; failed=1; }
done
[ $failed -eq 0 ] && echo "$(printf '%s\n' "$table" | grep -cE '^  [a-z0-9]+\)') commands"
exit $failed
