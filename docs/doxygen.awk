# What doxygen is given instead of a file: headers put into groups by their folder or name, as docs/groups.dox lists
# them, and the mathematics of Markdown as doxygen writes it.
BEGIN {
  split("recurrent attention transformer seq2seq optim loss data", rooms, " ")
  names["modules"] = "activation dropout embedding evaluation_scope init layer_norm rms_norm linear module module_list sequential unary_module config_problem buffers"
  names["training"] = "checkpoint"
  names["inside"] = "summary record recorder check_layer gradcheck anomaly graph_dot multiply_adds"
  names["graphs"] = "variable backward grad_mode node saved"
  names["recurrent"] = "rnn"
  names["attention"] = "mask attention attention_lstm"
  names["tensors"] = "tensor dtype shape scalar create print storage overlap random"
  names["files"] = "npz file text_file text_stream utf8 safetensors"
  names["running"] = "parallel simd error scope"
}
function group_of(path,    name, group, i, parts, n) {
  for (i in rooms) if (path ~ "/nn/" rooms[i] "/") return rooms[i] ~ /optim|loss/ ? "training" : rooms[i]
  n = split(path, parts, "/")
  name = parts[n]
  sub(/\.h$/, "", name)
  for (group in names) if ((" " names[group] " ") ~ (" " name " ")) return group
  return path ~ "/nn/" ? "modules" : "operations"
}
FNR == 1 { header = FILENAME ~ /\.h$/; opening = header; code = 0 }
header && opening && /^\/\// {
  text = substr($0, 3)
  if (text ~ /^   /) text = "   " text # an example: enough for Markdown to see code
  print (FNR == 1 ? "/// @file\n///" : "///") text
  next
}
header { opening = 0 }
header && /^namespace heed \{$/ { print "namespace heed {\n/** @addtogroup " group_of(FILENAME) "\n@{ */"; next }
header && /^\}  \/\/ namespace heed$/ { print "/** @} */\n}"; next }
header && /^namespace detail \{/ { detail = 1 }
header && !detail { print }
header && /^}  \/\/ namespace detail$/ { detail = 0 }
header { next }
/^```/ { code = !code }
!code && /\$/ {
  gsub(/`[^`]*`/, "&")
  while (match($0, /\$\$[^$]+\$\$/)) $0 = substr($0, 1, RSTART - 1) "\\f[" substr($0, RSTART + 2, RLENGTH - 4) "\\f]" substr($0, RSTART + RLENGTH)
  out = ""
  while (match($0, /\$[^$]+\$/)) {
    out = out substr($0, 1, RSTART - 1) "\\f\001" substr($0, RSTART + 1, RLENGTH - 2) "\\f\001"
    $0 = substr($0, RSTART + RLENGTH)
  }
  $0 = out $0
  gsub(/\001/, "$")
}
{ print }
