"use strict";
// The table of videos: sorting by a click on a column, filtering by name and status.
(() => {
  const table = document.getElementById("videos");
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const headers = [...table.tHead.rows[0].cells];

  const value = (row, column) => {
    const cell = row.cells[column];
    const text = cell.dataset.value ?? cell.textContent.trim();
    return headers[column].classList.contains("number") ? parseFloat(text) : text;
  };
  const compare = (one, other) =>
    typeof one === "string" ? one.localeCompare(other, undefined, { numeric: true }) : one - other;

  headers.forEach((header, column) => {
    header.querySelector("button").addEventListener("click", () => {
      // Numbers begin with the largest, names with the first.
      const first = header.classList.contains("number") ? "descending" : "ascending";
      const second = first === "ascending" ? "descending" : "ascending";
      const direction = header.getAttribute("aria-sort") === first ? second : first;
      for (const other of headers) other.removeAttribute("aria-sort");
      header.setAttribute("aria-sort", direction);
      const sign = direction === "ascending" ? 1 : -1;
      const known = (row) => !Number.isNaN(value(row, column));
      rows.sort((one, other) => {
        if (known(one) !== known(other)) return known(one) ? -1 : 1; // what is missing comes last
        return known(one) ? sign * compare(value(one, column), value(other, column)) : 0;
      });
      body.append(...rows);
    });
  });

  const name = document.getElementById("filter");
  const status = document.getElementById("status");
  const shown = document.getElementById("shown");
  const filter = () => {
    const wanted = name.value.toLowerCase();
    let count = 0;
    for (const row of rows) {
      const fits =
        row.cells[0].textContent.toLowerCase().includes(wanted) &&
        (!status.value || row.dataset.status === status.value);
      row.hidden = !fits;
      count += fits;
    }
    shown.textContent = `${count} of ${rows.length} videos`;
  };
  name.addEventListener("input", filter);
  status.addEventListener("change", filter);
  filter(); // browsers keep what was typed when a page is opened again
})();
