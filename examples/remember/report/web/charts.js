"use strict";
// Line charts: one SVG each, with a legend that hides lines and a guide that shows values.

const DASHES = ["", "7 4", "2 3", "9 3 2 3", "12 5", "4 2", "1 4", "6 2 1 2 1 2"];
const lineColor = (index) => `var(--line-${index % 8})`;

/** Round steps (1, 2, 5 × 10^n) from low to high, about `count` of them. */
function ticks(low, high, count) {
  const raw = (high - low) / Math.max(1, count) || 1;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * [1, 2, 5, 10].find((factor) => factor * power >= raw * 0.999);
  const values = [];
  for (let value = Math.ceil(low / step - 1e-9) * step; value <= high + step * 1e-9; value += step) {
    values.push(Math.abs(value) < step / 1e6 ? 0 : value);
  }
  return values;
}

/** Powers of ten, with what is between when there are few; one at or beyond either end. */
function logarithmicTicks(low, high) {
  const decades = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.floor(Math.log10(high)) + 1; ++power) {
    decades.push(10 ** power);
  }
  const factors = decades.length > 5 ? [1] : [1, 2, 5];
  const all = decades.flatMap((decade) => factors.map((factor) => Number((decade * factor).toPrecision(1))));
  const first = all.findLastIndex((value) => value <= low);
  const last = all.findIndex((value) => value >= high);
  return all.slice(first, last + 1);
}

function numberText(value, percent) {
  if (percent) {
    return value === 1 ? "100 %" : (Math.floor(value * 1000) / 10).toString() + " %";
  }
  const size = Math.abs(value);
  if (size >= 1000) {
    return Math.round(value).toLocaleString("en");
  }
  return size !== 0 && size < 0.001 ? value.toExponential(1) : String(Number(value.toPrecision(3)));
}

const logarithmOr = (logarithmic) => logarithmic ? Math.log10 : (value) => value;

/** Round ticks inside [low, high] of an x axis of that width. */
function xTicks(data, low, high, width) {
  if (!data.logarithmic_x) {
    return ticks(low, high, Math.max(2, Math.floor(width / 90)));
  }
  const inside = logarithmicTicks(low, high).filter((value) => value >= low * 0.999 && value <= high * 1.001);
  return inside.length < 2 ? [low, high] : inside.length <= width / 55 ? inside : inside.filter((value) => Math.log10(value) % 1 === 0);
}

/** What is drawn where: scales for a chart of that width. */
function chartFrame(data, width) {
  const finite = data.lines.flatMap((line) => [...line.y, ...line.low, ...line.high])
    .filter((value) => Number.isFinite(value) && (!data.logarithmic || value > 0));
  const xs = data.lines.flatMap((line) => line.x).concat(data.mark === null ? [] : [data.mark]);
  const frame = {left: 58, right: width - 14, top: 22, bottom: 252, height: 300};
  let [x0, x1] = xs.length ? [Math.min(...xs), Math.max(...xs)] : [0, 1];
  if (x0 === x1) {
    [x0, x1] = data.logarithmic_x ? [x0 / 2, x1 * 2] : [x0 - 1, x1 + 1];
  }
  const scale = logarithmOr(data.logarithmic);
  const scaleX = logarithmOr(data.logarithmic_x);
  let [y0, y1] = data.percent || !finite.length ? [0, 1] : [Math.min(...finite), Math.max(...finite)];
  if (!data.logarithmic && !data.percent) {
    y0 = Math.min(0, y0);
  }
  if (y0 === y1) {
    y1 = data.logarithmic ? y0 * 2 : y0 + 1;
  }
  frame.yTicks = data.logarithmic ? logarithmicTicks(y0, y1) : ticks(y0, y1, 5);
  if (data.logarithmic) {
    [y0, y1] = [frame.yTicks[0], frame.yTicks.at(-1)];
  }
  frame.x = (value) => frame.left + (scaleX(value) - scaleX(x0)) / (scaleX(x1) - scaleX(x0)) * (frame.right - frame.left);
  frame.y = (value) => frame.bottom - (scale(value) - scale(y0)) / (scale(y1) - scale(y0)) * (frame.bottom - frame.top);
  frame.xTicks = xTicks(data, x0, x1, width);
  return frame;
}

function drawAxes(data, frame) {
  const group = svg("g", {});
  for (const value of frame.yTicks) {
    const y = frame.y(value);
    group.append(svg("line", {class: "grid", x1: frame.left, x2: frame.right, y1: y, y2: y}),
      svg("text", {x: frame.left - 8, y: y + 4, "text-anchor": "end"}, numberText(value, data.percent)));
  }
  for (const value of frame.xTicks) {
    group.append(svg("text", {x: frame.x(value), y: frame.bottom + 19, "text-anchor": "middle"}, numberText(value)));
  }
  group.append(svg("line", {class: "axis", x1: frame.left, x2: frame.right, y1: frame.bottom, y2: frame.bottom}),
    svg("text", {x: (frame.left + frame.right) / 2, y: frame.height - 6, "text-anchor": "middle"}, data.x_title),
    svg("text", {x: 2, y: 10}, data.y_title));
  if (data.mark !== null) {
    const x = frame.x(data.mark);
    const inner = x < (frame.left + frame.right) / 2;
    group.append(svg("line", {class: "mark", x1: x, x2: x, y1: frame.top, y2: frame.bottom}),
      svg("text", {x: x + (inner ? 6 : -6), y: frame.bottom - 8, "text-anchor": inner ? "start" : "end"}, data.mark_name));
  }
  return group;
}

/** A circle, square, diamond or triangle, by the line's number; hollow where the line is of a model that was cut off. */
function marker(index, x, y, hollow) {
  const paint = hollow ? {fill: "var(--surface)", stroke: lineColor(index), "stroke-width": 1.5} : {fill: lineColor(index)};
  const shapes = [
    () => svg("circle", {cx: x, cy: y, r: 3.6, ...paint}),
    () => svg("rect", {x: x - 3.3, y: y - 3.3, width: 6.6, height: 6.6, ...paint}),
    () => svg("path", {d: `M${x} ${y - 4.8}L${x + 4.8} ${y}L${x} ${y + 4.8}L${x - 4.8} ${y}Z`, ...paint}),
    () => svg("path", {d: `M${x} ${y - 4.6}L${x + 4.4} ${y + 3.4}L${x - 4.4} ${y + 3.4}Z`, ...paint}),
  ];
  return shapes[index % shapes.length]();
}

function drawLine(data, line, index, frame) {
  const group = svg("g", {});
  const points = line.x.map((x, i) => [x, line.y[i], i])
    .filter(([, y]) => Number.isFinite(y) && (!data.logarithmic || y > 0));
  const path = (pairs) => pairs.map(([x, y]) => `${frame.x(x).toFixed(1)} ${frame.y(y).toFixed(1)}`).join("L");
  if (line.low.length) {
    const there = points.map(([x, , i]) => [x, line.high[i]]);
    const back = points.map(([x, , i]) => [x, line.low[i]]).reverse();
    const positive = there.concat(back).filter(([, y]) => !data.logarithmic || y > 0);
    group.append(svg("path", {d: `M${path(positive)}Z`, fill: lineColor(index), opacity: 0.16}));
  }
  if (points.length) {
    group.append(svg("path", {d: `M${path(points)}`, fill: "none", stroke: lineColor(index), "stroke-width": 2,
      "stroke-dasharray": DASHES[index % 8], "stroke-linejoin": "round"}));
  }
  if (points.length <= 24) {
    group.append(...points.map(([x, y]) => marker(index, frame.x(x), frame.y(y), line.cut_off)));
  }
  return group;
}

function legend(data, hidden, redraw) {
  return element("ul", {class: "legend"}, ...data.lines.map((line, index) => {
    const sample = svg("svg", {width: 26, height: 12, "aria-hidden": "true"},
      svg("line", {x1: 0, x2: 26, y1: 6, y2: 6, stroke: lineColor(index), "stroke-width": 2, "stroke-dasharray": DASHES[index % 8]}),
      marker(index, 13, 6, line.cut_off));
    const button = element("button", {type: "button", "aria-pressed": "true", title: "Show or hide this line"}, sample, line.name);
    button.addEventListener("click", () => {
      hidden[index] = !hidden[index];
      button.setAttribute("aria-pressed", String(!hidden[index]));
      redraw();
    });
    return element("li", {}, button);
  }));
}

/** The lines of the tip at x, best first. */
function readings(data, hidden, x) {
  const found = [];
  data.lines.forEach((line, index) => {
    const at = line.x.indexOf(x);
    if (at >= 0 && !hidden[index] && line.y[at] !== null) {
      const range = line.low.length ? ` (${numberText(line.low[at], data.percent)} – ${numberText(line.high[at], data.percent)})` : "";
      found.push({index, name: line.name, value: line.y[at], text: numberText(line.y[at], data.percent) + range});
    }
  });
  return found.sort((a, b) => b.value - a.value);
}

/** A guide at one x: pointer and arrow keys move it. */
function addGuide(plot, data, hidden, current) {
  const xs = [...new Set(data.lines.flatMap((line) => line.x))].sort((a, b) => a - b);
  let at = -1;
  const leave = () => {
    hideTip(plot);
    plot.querySelector(".guide")?.remove();
  };
  const go = (index, spoken) => {
    at = Math.max(0, Math.min(xs.length - 1, index));
    leave();
    const frame = current.frame;
    const x = frame.x(xs[at]);
    plot.firstChild.append(svg("line", {class: "guide", x1: x, x2: x, y1: frame.top, y2: frame.bottom}));
    const found = readings(data, hidden, xs[at]);
    const box = plot.getBoundingClientRect();
    const left = box.left + x;
    const place = {left, right: left, top: box.top + frame.top, bottom: box.top + frame.top};
    const head = `${data.x_title}: ${numberText(xs[at])}`;
    showTip([[head], ...found.map((entry) =>
      [element("i", {style: `background: ${lineColor(entry.index)}`}), element("b", {}, entry.text), " " + entry.name])], place, plot, spoken);
    if (spoken) {
      say(head + ". " + found.map((entry) => `${entry.name}: ${entry.text}`).join(", "));
    }
  };
  const nearest = (event) => {
    const x = event.clientX - plot.getBoundingClientRect().left;
    return xs.reduce((best, value, i) =>
      Math.abs(current.frame.x(value) - x) < Math.abs(current.frame.x(xs[best]) - x) ? i : best, 0);
  };
  plot.addEventListener("pointermove", (event) => go(nearest(event), false));
  plot.addEventListener("pointerleave", () => endsWithPointer(plot) && leave());
  plot.addEventListener("blur", leave);
  plot.addEventListener("keydown", (event) => {
    const moves = {ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: xs.length - 1};
    if (event.key in moves) {
      event.preventDefault();
      go(moves[event.key], true);
    } else if (event.key === "Escape") {
      leave();
    }
  });
}

function chartNumbers(data) {
  const rows = data.lines.flatMap((line) => line.x.map((x, i) =>
    [{text: line.name}, {text: numberText(x)}, {text: line.y[i] === null ? "–" : numberText(line.y[i], data.percent)}]));
  const details = element("details", {}, element("summary", {}, "Numbers"));
  details.addEventListener("toggle", () => {
    if (details.children.length === 1) {
      details.append(table(["", data.x_title, data.y_title], rows));
    }
  });
  return details;
}

function chartCard(data) {
  const hidden = data.lines.map(() => false);
  const current = {frame: null};
  const plot = element("div", {class: "chart", tabindex: 0, role: "application", "aria-roledescription": "line chart",
    "aria-label": `${data.title}. Left and right arrow keys read values.`});
  const draw = (width) => {
    const frame = chartFrame(data, width);
    current.frame = frame;
    const drawing = svg("svg", {viewBox: `0 0 ${width} ${frame.height}`, height: frame.height, "aria-hidden": "true"}, drawAxes(data, frame));
    data.lines.forEach((line, index) => hidden[index] || drawing.append(drawLine(data, line, index, frame)));
    plot.replaceChildren(drawing);
  };
  const names = legend(data, hidden, () => draw(plot.clientWidth));
  drawnToWidth(plot, draw);
  addGuide(plot, data, hidden, current);
  return element("div", {class: "card"}, element("h3", {}, data.title), names, plot, chartNumbers(data));
}
