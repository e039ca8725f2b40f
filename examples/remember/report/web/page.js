"use strict";
// Shared by all parts of the page: elements, the tooltip, announcements for screen readers, light and dark colours.

const SVG = "http://www.w3.org/2000/svg";

/** An element with attributes and children; text children are text, whatever they hold. */
function element(name, attributes, ...children) {
  return filled(document.createElement(name), attributes, children);
}

function svg(name, attributes, ...children) {
  return filled(document.createElementNS(SVG, name), attributes, children);
}

function filled(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name.startsWith("on")) {
      node.addEventListener(name.slice(2), value);
    } else if (value !== null && value !== undefined && value !== false) {
      node.setAttribute(name, value === true ? "" : value);
    }
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/** Who showed the tip last, and whether keys made it do so. */
let tipOwner = null;
let tipByKeys = false;

/** Shows lines (arrays of nodes and texts) beside a rectangle of the window. */
function showTip(lines, rectangle, owner, byKeys) {
  [tipOwner, tipByKeys] = [owner, byKeys];
  const tip = document.getElementById("tip");
  tip.replaceChildren(...lines.map((line) => element("p", {}, ...line)));
  tip.hidden = false;
  const size = tip.getBoundingClientRect();
  const gap = 10;
  const right = rectangle.right + gap;
  const left = right + size.width < window.innerWidth - 4 ? right : rectangle.left - gap - size.width;
  const below = rectangle.bottom + gap;
  const top = below + size.height < window.innerHeight - 4 ? below : rectangle.top - gap - size.height;
  tip.style.left = Math.max(4, left) + "px";
  tip.style.top = Math.max(4, top) + "px";
}

/** Whether the pointer's leaving ends what `owner` shows. What keys showed stays until the focus goes: a page that the keys
    scroll under a resting pointer makes that pointer leave. */
function endsWithPointer(owner) {
  return !(tipOwner === owner && tipByKeys);
}

/** Hides the tip that `owner` showed; that of another stays. */
function hideTip(owner) {
  if (tipOwner === owner) {
    document.getElementById("tip").hidden = true;
  }
}

/** Has a screen reader say something. */
function say(text) {
  document.getElementById("live").textContent = text;
}

/** A row of buttons of which one is chosen; calls choose(index). */
function segments(label, names, chosen, choose) {
  const group = element("div", {class: "segments", role: "group", "aria-label": label});
  names.forEach((name, index) => {
    const button = element("button", {type: "button", "aria-pressed": String(index === chosen)}, name);
    button.addEventListener("click", () => {
      for (const other of group.children) {
        other.setAttribute("aria-pressed", String(other === button));
      }
      choose(index);
    });
    group.append(button);
  });
  return group;
}

/** Calls draw(width) now, and again when the width of `node` changes. */
function drawnToWidth(node, draw) {
  let width = 0;
  new ResizeObserver(() => {
    if (node.clientWidth > 0 && Math.abs(node.clientWidth - width) >= 1) {
      width = node.clientWidth;
      draw(width);
    }
  }).observe(node);
}

/** Light and dark: the system's choice until the reader makes one, which is kept where the browser allows it. */
function startTheme() {
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const buttons = [...document.querySelectorAll("#theme button")];
  let choice = "auto";
  try {
    choice = localStorage.getItem("heed-theme") || "auto";
  } catch (error) {
    // A page from disk may have no storage: then the choice is lost when the page closes.
  }
  const apply = () => {
    document.documentElement.dataset.theme = choice === "auto" ? (dark.matches ? "dark" : "light") : choice;
    buttons.forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.theme === choice)));
  };
  buttons.forEach((button) => button.addEventListener("click", () => {
    choice = button.dataset.theme;
    try {
      localStorage.setItem("heed-theme", choice);
    } catch (error) {
      // As above.
    }
    apply();
  }));
  dark.addEventListener("change", apply);
  apply();
}
