"use strict";
// Sorts a table by the column whose heading is pressed, and hides the rows without the text that is looked for.
for (const table of document.querySelectorAll("table")) {
  const body = table.tBodies[0];
  const headings = [...table.tHead.rows[0].cells];
  const shown = (cell) => cell.dataset.order ?? cell.textContent;
  headings.forEach((heading, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...heading.childNodes);
    heading.append(button);
    button.addEventListener("click", () => {
      const descending = heading.getAttribute("aria-sort") === "ascending";
      headings.forEach((other) => other.removeAttribute("aria-sort"));
      heading.setAttribute("aria-sort", descending ? "descending" : "ascending");
      const rows = [...body.rows].sort((one, other) => shown(one.cells[column]).localeCompare(shown(other.cells[column])));
      body.append(...(descending ? rows.reverse() : rows));
    });
  });
  const filter = table.closest("section").querySelector(".filter");
  const input = filter.querySelector("input");
  const found = filter.querySelector(".found");
  filter.hidden = false;
  input.addEventListener("input", () => {
    const words = input.value.toLowerCase().split(/\s+/);
    let count = 0;
    for (const row of body.rows) {
      const text = [...row.cells].map((cell) => cell.textContent.toLowerCase()).join(" ");
      row.hidden = !words.every((word) => text.includes(word));
      count += row.hidden ? 0 : 1;
    }
    found.textContent = input.value ? ` ${count} of ${body.rows.length}` : "";
  });
}
