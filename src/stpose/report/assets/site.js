"use strict";
// What all pages share: small pictures that are loaded when they come into view.
const stpose = {
  shapes: { frames: [4, 16], flow: [4, 16], crops: [16, 256] }, // columns and cells of a sheet

  // Show picture `place` of `count` of a video in an element.
  showCell(element, folder, video, shows, place, count) {
    const [columns, cells] = this.shapes[shows];
    const sheet = Math.floor(place / cells);
    const here = Math.min(cells, count - sheet * cells);
    const across = Math.min(columns, here);
    const down = Math.ceil(here / columns);
    const row = Math.floor((place % cells) / columns);
    const column = place % columns;
    const style = element.style;
    style.setProperty("--across", across);
    style.setProperty("--down", down);
    style.setProperty("--x", `${(100 * column) / Math.max(across - 1, 1)}%`);
    style.setProperty("--y", `${(100 * row) / Math.max(down - 1, 1)}%`);
    style.backgroundImage = `url("${folder}/${video}-${shows}-${sheet}.jpg")`;
  },

  // Bytes held as text in base64.
  bytes(text) {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0)).buffer;
  },

  // An element with text, which is never read as HTML.
  element(name, properties = {}, text = "") {
    const made = Object.assign(document.createElement(name), properties);
    made.append(text);
    return made;
  },

  // The part of the address behind #, as names and values.
  place() {
    return new URLSearchParams(location.hash.slice(1));
  },
};

const inView = new IntersectionObserver(
  (entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      entry.target.style.backgroundImage = `url("${entry.target.dataset.sheet}")`;
      inView.unobserve(entry.target);
    }
  },
  { rootMargin: "300px" },
);
for (const thumb of document.querySelectorAll(".thumb[data-sheet]")) inView.observe(thumb);
