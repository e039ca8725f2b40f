"use strict";
// The page: reads the data embedded in it and builds the sections.

function section(id, title, lead, ...children) {
  document.getElementById("sections").append(element("a", {href: "#" + id}, title));
  document.getElementById("content").append(element("section", {id, "aria-labelledby": id + "-title"},
    element("h2", {id: id + "-title"}, title), lead ? element("p", {class: "lead"}, lead) : null, ...children));
}

/** The input and its right answer, in a line each. */
function sequences(example) {
  const line = (name, tokens) => element("p", {class: "sequences"}, name + " ", element("code", {}, tokens.join(" ")));
  return [line("input", example.source), example.answer.length ? line("right answer", example.answer) : null]
    .filter((node) => node !== null);
}

/** The maps with their controls: which example, which kind, rings or none. */
function mapsBoard(examples) {
  const state = {example: 0, memory: false, rings: false};
  const board = element("div", {class: "maps"});
  const shown = element("div", {});
  let cards = [];
  const redraw = (width) => {
    const columns = mapColumns(cards.map((card) => card.map), examples[state.example].source, width);
    board.style.gridTemplateColumns = `repeat(${columns}, minmax(0, 1fr))`;
    cards.forEach((card) => card.draw((width - (columns - 1) * MAP_GAP) / columns - CARD_PADDING));
  };
  const rebuild = () => {
    const example = examples[state.example];
    cards = [];
    mapsOf(example, state.memory).forEach((map) => cards.push(new MapCard(map, example, cards)));
    cards.forEach((card) => {
      card.rings = state.rings;
    });
    board.replaceChildren(...cards.map((card) => card.card));
    shown.replaceChildren(...sequences(example));
    if (board.clientWidth) {
      redraw(board.clientWidth);
    }
  };
  const controls = element("div", {class: "controls"});
  if (examples.length > 1) {
    controls.append(segments("Example", examples.map((example) => example.title), 0, (index) => {
      state.example = index;
      rebuild();
    }));
  }
  if (examples.some((example) => example.outputs.some((output) => output.weights && output.memory))) {
    controls.append(segments("Maps of models with attention", ["Weights", "Memory"], 0, (index) => {
      state.memory = index === 1;
      rebuild();
    }));
  }
  if (examples.some((example) => example.alignment.length)) {
    const box = element("input", {type: "checkbox"});
    box.addEventListener("change", () => {
      state.rings = box.checked;
      rebuild();
    });
    controls.append(element("label", {}, box, "ring the known alignment"));
  }
  rebuild();
  drawnToWidth(board, redraw);
  return element("div", {}, controls, colourBar("weight; in memory maps share of the row, up to the largest"), shown, board);
}

function build(data) {
  document.title = data.title;
  document.getElementById("title").textContent = data.title;
  document.getElementById("introduction").append(...data.introduction.map((text) => element("p", {}, text)));
  if (data.tables.length) {
    section("results", "Results", "", ...data.tables.map(tableCard));
  }
  if (data.accuracy.length) {
    section("accuracy", data.accuracy_title, "", element("div", {class: "charts"}, ...data.accuracy.map(chartCard)));
  }
  if (data.examples.length) {
    section("maps", "Where it looks, what it remembers",
      "Input across, output down. Attention: the weights with which the decoder looked back. Without attention: how much of each " +
      "input token still moves each output, |∂ loss at the output / ∂ embedding of the input|, as shares of the row.",
      mapsBoard(data.examples));
  }
  if (data.curves.length) {
    section("learning", "Learning", "", element("div", {class: "charts"}, ...data.curves.map(chartCard)));
  }
  if (data.settings.length) {
    section("settings", "Settings", "", settingsCard(data.settings));
  }
}

startTheme();
build(JSON.parse(document.getElementById("data").textContent));
