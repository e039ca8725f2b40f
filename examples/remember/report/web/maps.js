"use strict";
// Draws maps: columns are source tokens, rows output tokens, a cell's colour is its weight. Pointer and keys: map_card.js.

/** Twenty colours of viridis (Smith and van der Walt 2015), as in examples/figure/src/color.cpp. */
const VIRIDIS = [
  0x440154, 0x481568, 0x482677, 0x453781, 0x3F4788, 0x39558C, 0x32648E, 0x2D718E, 0x287D8E, 0x238A8D,
  0x1F968B, 0x20A386, 0x29AF7F, 0x3CBC75, 0x56C667, 0x74D055, 0x94D840, 0xB8DE29, 0xDCE318, 0xFDE725];

function viridis(value) {
  if (!Number.isFinite(value)) {
    return "#bebebe";
  }
  const place = Math.max(0, Math.min(1, value)) * (VIRIDIS.length - 1);
  const below = Math.min(Math.floor(place), VIRIDIS.length - 2);
  const channel = (shift) => {
    const [a, b] = [VIRIDIS[below] >> shift & 255, VIRIDIS[below + 1] >> shift & 255];
    return Math.round(a + (b - a) * (place - below));
  };
  return `rgb(${channel(16)} ${channel(8)} ${channel(0)})`;
}

const MAP_GAP = 18;
const CARD_PADDING = 36;

/** The first letters of a token, as a reader counts them. */
function shortToken(token, longest) {
  const letters = [...token];
  return letters.length > longest ? letters.slice(0, longest - 1).join("") + "…" : token;
}

function colourBar(name) {
  const stops = VIRIDIS.map((_, i) => svg("stop", {offset: i / (VIRIDIS.length - 1), "stop-color": viridis(i / (VIRIDIS.length - 1))}));
  const bar = svg("svg", {width: 236, height: 30, role: "img", "aria-label": "Colour bar: dark violet is 0, yellow is 1"},
    svg("defs", {}, svg("linearGradient", {id: "viridis"}, ...stops)),
    svg("rect", {x: 8, y: 0, width: 220, height: 12, rx: 2, fill: "url(#viridis)"}),
    ...[0, 0.25, 0.5, 0.75, 1].map((value) => svg("text", {x: 8 + 220 * value, y: 25, "text-anchor": "middle"}, String(value))));
  return element("div", {class: "key"}, bar, element("span", {}, name));
}

/** Rows that add up to 1, and what they added up to before. An empty row stays empty. */
function shares(rows) {
  const sums = rows.map((row) => row.reduce((sum, value) => sum + value, 0));
  return {values: rows.map((row, t) => row.map((value) => sums[t] > 0 ? value / sums[t] : 0)), sums};
}

/** The maps of an example: the known alignment, then a map a model. `memory`: memory maps where there are weights too. */
function mapsOf(example, memory) {
  const maps = [];
  if (example.alignment.length) {
    const values = example.alignment.map((places) =>
      example.source.map((_, s) => places.includes(s) ? 1 / places.length : 0));
    maps.push({model: "known alignment", kind: "where each token of the right answer comes from", right: null,
      wrong: [], tokens: example.answer, values, sums: values.map((row) => row.reduce((a, b) => a + b, 0)), known: true, yellow: 1});
  }
  for (const output of example.outputs) {
    const looks = output.weights && !(memory && output.memory);
    const rows = looks ? output.weights : output.memory;
    if (!rows) {
      continue;
    }
    const {values, sums} = looks ? {values: rows, sums: rows.map((row) => row.reduce((a, b) => a + b, 0))} : shares(rows);
    const yellow = looks ? 1 : Math.max(...values.flat(), 1e-9);
    const upTo = `; yellow is ${yellow.toFixed(2)}`;
    maps.push({...output, values, sums, memory: !looks, yellow,
      kind: looks ? "attention: the weights" : (output.weights ? "attention: the memory map" : "one fixed vector: the memory map") + upTo});
  }
  return maps;
}

const LONGEST_LABEL = 9;
const SUM_WIDTH = 50;

function widestLabel(tokens) {
  return Math.max(1, ...tokens.map((token) => Math.min(LONGEST_LABEL, [...token].length)));
}

function labelWidth(map) {
  return 20 + 7 * (Math.max(4, widestLabel(map.tokens)) + 2);
}

/** How many of the maps stand side by side in a room: as many as can with cells that are still easy to read. */
function mapColumns(maps, source, room) {
  const widest = Math.max(...maps.map((map) => labelWidth(map) + SUM_WIDTH + source.length * 12), 230);
  return Math.max(1, Math.min(maps.length, Math.floor((room + MAP_GAP) / (widest + CARD_PADDING + MAP_GAP))));
}

/** Sizes for a map in `room` pixels: cells as large as fit, down to what can still be read. */
function mapFrame(map, source, room) {
  const wanted = source.length <= 12 ? 27 : source.length <= 22 ? 21 : source.length <= 32 ? 18 : 15;
  const left = labelWidth(map);
  const cell = Math.max(12, Math.min(wanted, Math.floor((room - left - SUM_WIDTH) / source.length)));
  const font = Math.min(12, cell - 1);
  const upright = widestLabel(source) * font * 0.62 <= cell;
  const top = 22 + (upright ? font + 4 : widestLabel(source) * font * 0.62 + 8);
  return {left, top, cell, font, upright, width: left + cell * source.length + SUM_WIDTH, height: top + cell * map.tokens.length + 4};
}

function drawLabels(map, source, frame) {
  const group = svg("g", {"font-size": frame.font});
  const middle = (index) => (index + 0.5) * frame.cell;
  const end = frame.left + frame.cell * source.length;
  source.forEach((token, s) => {
    const x = frame.left + middle(s);
    const place = frame.upright ? {x, y: frame.top - 6, "text-anchor": "middle"} :
      {transform: `translate(${x + frame.font * 0.35} ${frame.top - 6}) rotate(-90)`};
    group.append(svg("text", {...place, "data-column": s}, shortToken(token, LONGEST_LABEL)));
  });
  map.tokens.forEach((token, t) => {
    const y = frame.top + middle(t) + frame.font * 0.36;
    const wrong = map.wrong[t] === true;
    group.append(svg("text", {x: frame.left - 7, y, "text-anchor": "end", "data-row": t, class: wrong ? "wrong" : null},
      (wrong ? "✗ " : "") + shortToken(token, LONGEST_LABEL)));
    const sum = map.memory ? Number(map.sums[t].toPrecision(2)) : map.sums[t].toFixed(2);
    const sumText = map.memory && map.sums[t] !== 0 && map.sums[t] < 0.001 ? map.sums[t].toExponential(0) : String(sum);
    group.append(svg("text", {class: "sum", x: end + 7, y, "font-size": Math.min(11, frame.font)}, sumText));
  });
  group.append(svg("text", {class: "axis-name", x: frame.left, y: 11, "font-size": 11}, "input →"),
    svg("text", {class: "axis-name", x: end + 7, y: frame.top - 6, "font-size": 11}, map.memory ? "total" : "sum"),
    svg("text", {class: "axis-name", "text-anchor": "end", "font-size": 11,
      transform: `translate(11 ${frame.top}) rotate(-90)`}, "← output"));
  return group;
}

function drawCells(map, frame) {
  const group = svg("g", {"shape-rendering": "crispEdges"});
  map.values.forEach((row, t) => row.forEach((value, s) => {
    group.append(svg("rect", {x: frame.left + s * frame.cell, y: frame.top + t * frame.cell, width: frame.cell, height: frame.cell,
      fill: viridis(value / map.yellow), "data-row": t, "data-column": s}));
  }));
  return group;
}

/** Rings where the known alignment is; not on the known alignment itself. */
function drawRings(map, alignment, frame) {
  const group = svg("g", {"pointer-events": "none"});
  alignment.slice(0, map.tokens.length).forEach((places, t) => places.forEach((s) => {
    group.append(svg("circle", {class: "ring", cx: frame.left + (s + 0.5) * frame.cell, cy: frame.top + (t + 0.5) * frame.cell,
      r: Math.max(2, frame.cell * 0.26)}));
  }));
  return group;
}

/** What a cell says, as lines of nodes and texts for the eye. */
function cellLines(map, source, answer, t, s) {
  const code = (token) => element("code", {}, token);
  const sum = map.memory ? ["the row's total |∂ loss / ∂ embedding|: ", element("b", {}, String(Number(map.sums[t].toPrecision(3))))] :
    ["row sum ", element("b", {}, map.sums[t].toFixed(3))];
  const lines = [
    [`output ${t + 1} `, code(map.tokens[t]), ` ← input ${s + 1} `, code(source[s])],
    [`${map.memory ? "share of the row" : "weight"} `, element("b", {}, map.values[t][s].toFixed(3)), ", ", ...sum]];
  if (map.wrong[t] === true) {
    lines.push([element("span", {class: "wrong"}, "wrong"), "; right: ", t < answer.length ? code(answer[t]) : "nothing"]);
  }
  return lines;
}
