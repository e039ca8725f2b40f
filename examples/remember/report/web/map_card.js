"use strict";
// MapCard: a map on the page, read by pointer and arrow keys. How it is drawn: maps.js.

/** One map in its card. `linked` holds the cards drawn beside it, so that all show the same cell. */
class MapCard {
  constructor(map, example, linked) {
    Object.assign(this, {map, example, linked, t: 0, s: 0, rings: false});
    const badge = map.right === null ? null :
      element("span", {class: map.right ? "badge right" : "badge wrong"}, map.right ? "✓ right" : "✗ wrong");
    this.place = element("div", {class: "map", tabindex: 0, role: "application", "aria-roledescription": "map",
      "aria-label": `${map.model}, ${map.kind}: ${map.tokens.length} output tokens by ${example.source.length} input tokens` +
        `${map.right === null ? "" : map.right ? ", output right" : ", output wrong"}. Arrow keys move, Home and End go to the ends ` +
        "of a row, Enter goes to its largest value."});
    this.readout = element("p", {class: "readout"}, "Point at a cell, or move with the arrow keys.");
    this.card = element("figure", {class: "card", "data-model": map.model},
      element("figcaption", {}, element("p", {class: "map-title"}, element("b", {}, map.model), badge),
        element("p", {class: "kind"}, map.kind)), this.place, this.readout);
    this.listen();
  }

  draw(room) {
    const frame = mapFrame(this.map, this.example.source, room);
    this.frame = frame;
    this.cursor = svg("g", {});
    const drawing = svg("svg", {width: frame.width, height: frame.height, "aria-hidden": "true"},
      drawCells(this.map, frame), drawLabels(this.map, this.example.source, frame));
    if (this.rings && !this.map.known) {
      drawing.append(drawRings(this.map, this.example.alignment, frame));
    }
    drawing.append(this.cursor);
    this.place.replaceChildren(drawing);
    this.readout.style.maxWidth = Math.max(270, frame.width) + "px";
  }

  listen() {
    this.place.addEventListener("pointermove", (event) => {
      const cell = event.target.closest("rect[data-row]");
      if (cell) {
        this.choose(Number(cell.dataset.row), Number(cell.dataset.column), false);
      } else {
        this.leaveByPointer();
      }
    });
    this.place.addEventListener("pointerleave", () => this.leaveByPointer());
    this.place.addEventListener("blur", () => this.leave());
    this.place.addEventListener("focus", () => this.place.matches(":focus-visible") && this.choose(this.t, this.s, true));
    this.place.addEventListener("keydown", (event) => this.key(event));
  }

  key(event) {
    const row = this.map.values[this.t];
    const moves = {
      ArrowUp: [this.t - 1, this.s], ArrowDown: [this.t + 1, this.s], ArrowLeft: [this.t, this.s - 1], ArrowRight: [this.t, this.s + 1],
      Home: [this.t, 0], End: [this.t, row.length - 1], Enter: [this.t, row.indexOf(Math.max(...row))]};
    if (event.key in moves) {
      event.preventDefault();
      this.choose(...moves[event.key], true);
    } else if (event.key === "Escape") {
      this.leave();
    }
  }

  /** Goes to a cell, here and in the maps beside; says it when the keyboard did it. */
  choose(row, column, spoken) {
    const t = Math.max(0, Math.min(this.map.tokens.length - 1, row));
    const s = Math.max(0, Math.min(this.example.source.length - 1, column));
    this.linked.forEach((card) => card.point(t, s));
    const {left, top, cell} = this.frame;
    const box = this.place.firstChild.getBoundingClientRect();
    const place = {left: box.left + left + s * cell, top: box.top + top + t * cell};
    const lines = cellLines(this.map, this.example.source, this.example.answer, t, s);
    showTip(lines, {...place, right: place.left + cell, bottom: place.top + cell}, this, spoken);
    if (spoken) {
      this.place.scrollLeft = Math.max(0, left + (s + 1) * cell - this.place.clientWidth + 20);
      say(lines.map((line) => line.map((part) => part.textContent ?? part).join("")).join(", "));
    }
  }

  /** Marks a cell and reads it out below; a row that this output does not have is left alone. */
  point(t, s) {
    this.clear();
    if (t >= this.map.tokens.length) {
      this.readout.textContent = `This output ends before place ${t + 1}.`;
      return;
    }
    [this.t, this.s] = [t, s];
    const {left, top, cell} = this.frame;
    for (const kind of ["outer", "inner"]) {
      this.cursor.append(svg("rect", {class: `cursor ${kind}`, x: left + s * cell, y: top + t * cell, width: cell, height: cell}));
    }
    this.place.querySelector(`text[data-row="${t}"]`).classList.add("here");
    this.place.querySelector(`text[data-column="${s}"]`).classList.add("here");
    const lines = cellLines(this.map, this.example.source, this.example.answer, t, s);
    this.readout.replaceChildren(...lines.flatMap((line, i) => i ? [element("br", {}), ...line] : line));
  }

  clear() {
    this.cursor.replaceChildren();
    this.place.querySelectorAll(".here").forEach((label) => label.classList.remove("here"));
  }

  leaveByPointer() {
    if (endsWithPointer(this)) {
      this.leave();
    }
  }

  leave() {
    hideTip(this);
    if (!this.linked.some((card) => card !== this && card === tipOwner)) {
      this.linked.forEach((card) => card.clear());
    }
  }
}
