"use strict";
// Tables: results, settings, and the numbers behind a chart.

function tableCell(cell) {
  if (cell.rate === null || cell.rate === undefined) {
    return element("td", {}, cell.text);
  }
  const width = Math.max(0, Math.min(1, cell.rate)) * 100;
  const bar = element("span", {class: "bar", "aria-hidden": "true"}, element("i", {style: `width: ${width}%`}));
  return element("td", {}, cell.text, bar);
}

function table(header, rows) {
  const head = element("tr", {}, ...header.map((name) => element("th", {scope: "col"}, name)));
  const lines = rows.map((row) =>
    element("tr", {}, element("th", {scope: "row"}, row[0].text), ...row.slice(1).map(tableCell)));
  return element("div", {class: "scroll"},
    element("table", {}, element("thead", {}, head), element("tbody", {}, ...lines)));
}

function tableCard(data) {
  return element("div", {class: "card"}, element("h3", {}, data.title),
    data.note ? element("p", {class: "note"}, data.note) : null, table(data.header, data.rows));
}

function settingsCard(settings) {
  const pairs = settings.map(([name, value]) => element("div", {}, element("dt", {}, name), element("dd", {}, value)));
  return element("div", {class: "card"}, element("dl", {class: "settings"}, ...pairs));
}
