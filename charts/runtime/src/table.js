// The numbers of a chart, folded, as the text/html of the chart has them.
const maxRows = 100;

function cell(name, content, numeric) {
  const e = document.createElement(name);
  e.textContent = content;
  if (numeric) e.style.textAlign = 'right';
  return e;
}

function row(cells) {
  const e = document.createElement('tr');
  e.append(...cells);
  return e;
}

// table returns what is to stand under a chart: nothing, or one element. Texts
// are only ever set as text.
export function table(t) {
  const columns = (t && t.columns) || [], rows = (t && t.rows) || [];
  if (!columns.length) return [];
  const details = document.createElement('details'), summary = document.createElement('summary');
  summary.append(cell('small', 'numbers'));
  const e = document.createElement('table'), head = document.createElement('thead'), body = document.createElement('tbody');
  head.append(row(columns.map((c) => cell('th', c.unit ? `${c.name} (${c.unit})` : c.name))));
  body.append(...rows.slice(0, maxRows).map((r) => row(columns.map((_, i) => cell('td', r[i], typeof r[i] === 'number')))));
  e.append(head, body);
  details.append(summary, e);
  if (rows.length > maxRows) details.append(cell('p', `and ${rows.length - maxRows} more rows`));
  return [details];
}
