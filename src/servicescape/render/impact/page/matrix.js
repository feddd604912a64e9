"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const [REF, TITLE, OWNER, DOMAIN, TIER, STATES, TIMES, FIGURES, KIND, REACHES, MEMBERS, MORE] = Array(12).keys();
  const find = (id) => document.getElementById(id);
  const table = find("matrix"), body = table.tBodies[0], scroller = find("scroller"), dialog = find("detail");
  const form = find("filters"), heads = [...table.tHead.rows[table.tHead.rows.length - 1].cells];
  const rows = data.rows.map((row, index) => {
    let next = 0;
    row[STATES] = row[STATES].replace(/z(\d+)\./g, (_, count) => "0".repeat(count));  // long runs of "not hit"
    const times = [...row[STATES]].map((state) => (state === "0" ? null : data.times[row[TIMES][next++]]));
    const words = [row[TITLE], row[REF], data.owners[row[OWNER]][1], row[KIND], ...row[MEMBERS]].join(" ");
    return { row, index, times, words: words.toLowerCase(), hit: /[1-3]/.test(row[STATES]) };
  });
  let visible = rows, start = 0, sorted = { key: null, down: false }, focus = { line: 0, place: 0 };

  function make(tag, className, ...children) {
    const element = document.createElement(tag);
    if (className) element.className = className;
    element.append(...children.filter((child) => child !== null && child !== ""));
    return element;
  }
  function thousands(number) {
    return String(number).replace(/\B(?=(\d{3})+$)/g, ",");
  }
  function figure(value) {
    if (value === null) return "?";
    if (value === 0) return "0";
    if (value >= 9.95 || Math.abs(value - Math.round(value)) < 0.05) {
      return Math.round(value) ? thousands(Math.round(value)) : "< 0.1";
    }
    return value >= 0.05 ? value.toFixed(1) : "< 0.1";
  }
  const rate = (value) => (value === 0 ? "–" : figure(value));
  const count = (number) => `${thousands(number)} ${data.noun[number === 1 ? 0 : 1]}`;

  function mark(state, time) {
    const [glyph, letter, word] = data.states[state];
    const seen = make("span", "", state ? `${glyph} ${letter}${time[1] ? ` ${time[1]}` : ""}` : glyph);
    seen.setAttribute("aria-hidden", "true");
    return [seen, make("span", "sr", state ? `${word} ${time[2]}` : word)];
  }
  function opener(className, children, entry, column) {
    const button = make("button", className, ...children);
    button.type = "button";
    button.tabIndex = -1;
    button.addEventListener("click", () => open(entry, column));
    return button;
  }
  function line(entry, number) {
    const { row, times } = entry;
    const name = make("th", "name", opener("", [row[TITLE]], entry, null));
    name.scope = "row";
    const tr = make("tr", "", name);
    if (data.shows.owner) {
      const owner = make("td", "owner", data.owners[row[OWNER]][1]);
      owner.title = owner.textContent;
      tr.append(owner);
    }
    if (data.shows.tier) tr.append(make("td", "num tier", row[TIER] === null ? "" : String(row[TIER])));
    data.columns.forEach(([full, first], column) => {
      const state = Number(row[STATES][column]);
      const inner = mark(state, times[column]);
      const td = make("td", first ? "cell first" : "cell");
      td.append(state ? opener(`state s${state}`, inner, entry, column) : make("span", "state s0", ...inner));
      td.title = `${row[TITLE]} → ${full}: ${data.states[state][2]}${state ? ` ${times[column][2]}` : ""}`;
      tr.append(td);
    });
    row[FIGURES].forEach((value, place) => tr.append(make("td", place % 2 ? "num" : "num first", rate(value))));
    tr.setAttribute("aria-rowindex", String(number));
    for (const cell of tr.cells) if (!cell.querySelector("button")) cell.tabIndex = -1;
    return tr;
  }

  function draw() {
    const shown = visible.slice(start, start + data.pageRows);
    const headings = table.tHead.rows.length;
    body.replaceChildren(...shown.map((entry, place) => line(entry, start + place + headings + 1)));
    if (!shown.length) {
      const cell = make("td", "", "Nothing fits these filters.");
      cell.colSpan = heads.length;
      cell.tabIndex = -1;
      body.append(make("tr", "", cell));
    }
    table.setAttribute("aria-rowcount", String(visible.length + headings + 1));
    const pages = Math.ceil(visible.length / data.pageRows), page = start / data.pageRows + 1;
    const part = pages > 1 ? `${thousands(start + 1)} to ${thousands(start + shown.length)} of ` : "";
    const all = visible.length < rows.length ? `${thousands(visible.length)} of ` : "";
    const which = part || all ? "shown" : rows.length === 1 ? "shown" : "all shown";
    const order = sorted.key === null ? ", worst first" : "";
    find("shown").textContent =
      part && all
        ? `${part}${thousands(visible.length)} shown (${count(rows.length)} in all)${order}`
        : `${part || all}${count(rows.length)}, ${which}${order}`.replace(/, shown/, " shown");
    find("pages").hidden = pages < 2;
    find("page").textContent = `Page ${thousands(page)} of ${thousands(pages)}`;
    find("previous").disabled = page <= 1;
    find("next").disabled = page >= pages;
    place(0, 0, false);
    measure();
  }
  function turn(step) {
    start += step * data.pageRows;
    draw();
    scroller.scrollTop = 0;
    table.scrollIntoView({ block: "start" });
  }

  const chosen = (name) => form.elements[name]?.value ?? "";
  function filter() {
    const words = chosen("text").toLowerCase().split(/\s+/).filter(Boolean);
    const domain = chosen("domain"), owner = chosen("owner"), tier = chosen("tier"), hit = form.elements.hit.checked;
    visible = rows.filter(
      (entry) =>
        words.every((word) => entry.words.includes(word)) &&
        (!domain || domain === `=${data.domains[entry.row[DOMAIN]][0]}`) &&
        (!owner || owner === `=${data.owners[entry.row[OWNER]][0]}`) &&
        (!tier || tier === `=${entry.row[TIER] ?? ""}`) &&
        (!hit || entry.hit),
    );
    order();
    start = 0;
    draw();
  }

  const names = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
  function keyOf(key) {
    if (key === "name") return (entry) => entry.row[TITLE];
    if (key === "owner") return (entry) => data.owners[entry.row[OWNER]][1] || null;
    if (key === "tier") return (entry) => entry.row[TIER];
    if (key.startsWith("figure")) return (entry) => entry.row[FIGURES][Number(key.slice(6))];
    return (entry) => {
      const state = Number(entry.row[STATES][key]);
      return state ? state * 1e12 - entry.times[key][0] : 0;
    };
  }
  function order() {
    if (sorted.key === null) {
      visible.sort((a, b) => a.index - b.index);
      return;
    }
    const key = keyOf(sorted.key), sign = sorted.down ? -1 : 1;
    visible.sort((a, b) => {
      const x = key(a), y = key(b);
      if (x === y) return a.index - b.index;
      if (x === null) return 1;
      if (y === null) return -1;
      const difference = typeof x === "string" ? names.compare(x, y) : x - y;
      return sign * difference || a.index - b.index;
    });
  }
  function sort(head) {
    const key = head.dataset.sort, text = ["name", "owner", "tier"].includes(key);
    const same = sorted.key === key;
    const back = same && sorted.down === text;
    sorted = back ? { key: null, down: false } : { key, down: same ? !sorted.down : !text };
    for (const other of heads) other.setAttribute("aria-sort", "none");
    if (!back) head.setAttribute("aria-sort", sorted.down ? "descending" : "ascending");
    visible = [...visible];
    order();
    start = 0;
    draw();
    focus = { line: 0, place: heads.indexOf(head) };
    place(focus.line, focus.place, true);
  }

  // One stop for the Tab key in the whole table; arrows move within it.
  const lines = () => [table.tHead.rows[table.tHead.rows.length - 1], ...body.rows];
  function target(at) {
    const cell = lines()[at.line]?.cells[at.place];
    return cell && (cell.querySelector("button") ?? cell);
  }
  function place(lineNumber, placeNumber, move) {
    for (const old of table.querySelectorAll('[tabindex="0"]')) old.tabIndex = -1;
    focus = { line: lineNumber, place: placeNumber };
    const element = target(focus);
    if (!element) return;
    element.tabIndex = 0;
    if (move) element.focus();
  }
  table.addEventListener("focusin", (event) => {
    const cell = event.target.closest("td, th"), tr = cell?.parentElement;
    const number = lines().indexOf(tr);
    if (number >= 0 && (number !== focus.line || cell.cellIndex !== focus.place)) place(number, cell.cellIndex, false);
  });
  table.addEventListener("keydown", (event) => {
    if (event.altKey || event.metaKey) return;
    const last = { line: lines().length - 1, place: heads.length - 1 };
    let { line: y, place: x } = focus;
    switch (event.key) {
      case "ArrowUp": y -= 1; break;
      case "ArrowDown": y += 1; break;
      case "ArrowLeft": x -= 1; break;
      case "ArrowRight": x += 1; break;
      case "PageUp": y -= 10; break;
      case "PageDown": y += 10; break;
      case "Home": x = 0; if (event.ctrlKey) y = 0; break;
      case "End": x = last.place; if (event.ctrlKey) y = last.line; break;
      default: return;
    }
    event.preventDefault();
    place(Math.max(0, Math.min(y, last.line)), Math.max(0, Math.min(x, last.place)), true);
  });

  function report(headings, numbers, entries) {
    const head = make("tr", "");
    headings.forEach((text, column) => {
      const th = make(text ? "th" : "td", numbers.includes(column) ? "num" : "", text);
      if (text) th.scope = "col";
      head.append(th);
    });
    const filled = make("tbody", "");
    for (const entry of entries) {
      const cells = entry.cells.map((cell, column) => {
        const element = make(column ? "td" : "th", numbers.includes(column) ? "num" : "", cell);
        if (!column) element.scope = "row";
        return element;
      });
      const tr = make("tr", entry.chosen ? "chosen" : "", ...cells);
      if (entry.chosen) tr.setAttribute("aria-current", "true");
      filled.append(tr);
      if (entry.more?.length) {
        const cell = make("td", "more", ...entry.more);
        cell.colSpan = headings.length;
        filled.append(make("tr", entry.chosen ? "chosen" : "", cell));
      }
    }
    return make("div", "wide", make("table", "report", make("thead", "", head), filled));
  }
  function word(state) {
    const [glyph, , text] = data.states[state];
    return make("span", `word state s${state}`, `${glyph} ${text}`);
  }
  function stepsOf(why, number, steps, unfolded) {
    const parts = why ? [make("div", "", `Through ${why}.`)] : [];
    if (steps.length) {
      const list = make("ul", "", ...steps.map((step) => make("li", "", step)));
      const folded = make("details", "", make("summary", "", number), list);
      folded.open = unfolded;
      parts.push(folded);
    }
    return parts;
  }
  function journeysOf(entry, detail, column) {
    const ref = column === null ? null : data.columns[column][2];
    if (detail) {
      return detail.journeys.map(([journey, title, state, when, why, number, steps]) => ({
        cells: [title, word(state), when],
        more: stepsOf(why, number, steps, journey === ref),
        chosen: journey === ref,
      }));
    }
    const hit = data.columns.map((_, place) => place).filter((place) => entry.row[STATES][place] !== "0");
    hit.sort((a, b) => entry.row[STATES][b] - entry.row[STATES][a] || entry.times[a][0] - entry.times[b][0]);
    return hit.map((place) => ({
      cells: [data.columns[place][0], word(Number(entry.row[STATES][place])), entry.times[place][2]],
      chosen: place === column,
    }));
  }
  function link(text, address) {
    if (!address) return text || "–";
    const a = make("a", "", "Runbook");
    a.href = address;
    a.rel = "noopener noreferrer";
    return a;
  }
  function open(entry, column) {
    const { row } = entry, detail = data.details[row[REF]];
    const close = make("button", "close plain-button", "Close");
    close.type = "button";
    close.addEventListener("click", () => dialog.close());
    const title = make("h2", "", data.heading.join(row[TITLE]));
    title.id = "detail-title";
    const owner = data.shows.owner ? data.owners[row[OWNER]][1] : "";
    const facts = [row[KIND], owner, row[TIER] === null ? "" : `tier ${row[TIER]}`];
    facts.push(data.domains[row[DOMAIN]][1]);
    const parts = [close, title, make("p", "quiet", facts.filter(Boolean).join(" · "))];
    const [, blocked, , moved] = row[FIGURES];
    if (detail) {
      parts.push(make("p", "lead", detail.say));
    } else if (blocked || moved) {
      const people = `${figure(blocked)} customers an hour are blocked`;
      parts.push(make("p", "lead", `At peak ${people}, ${figure(moved)} contacts an hour move to other channels.`));
    }
    if (row[MEMBERS].length) {
      const more = row[MORE] ? ` and ${thousands(row[MORE])} more` : "";
      parts.push(make("p", "lead", `What fails together: ${row[MEMBERS].join(" · ")}${more}`));
    }
    if (entry.hit) {
      const headings = ["Journey", "State", "When"];
      parts.push(make("h3", "", "What customers notice"), report(headings, [], journeysOf(entry, detail, column)));
    } else if (!detail) {
      const why = row[REACHES] ? "Journeys use it, and survive its loss." : "No journey needs it.";
      parts.push(make("p", "lead", why));
    }
    if (detail?.channels.length) {
      const headings = ["Channel", "Contacts / h", "Capacity / h", "Turned away / h", ""];
      const entries = detail.channels.map((cells) => ({ cells: [...cells.slice(0, 4), make("span", "mark", cells[4])] }));
      parts.push(make("h3", "", "Where they go instead"), report(headings, [1, 2, 3], entries));
    }
    if (detail && detail.parts.length > 1) {
      const entries = detail.parts.map(([name, owner, state, text, url]) => ({
        cells: [name, state, owner || "–", link(text, url)],
      }));
      parts.push(make("h3", "", "What fails, and who owns it"));
      parts.push(report(["Part", "State", "Owner", "Runbook"], [], entries));
      if (detail.moreParts) parts.push(make("p", "quiet", `And ${thousands(detail.moreParts)} more.`));
    }
    if (!detail && entry.hit) {
      const ask = `servicescape impact ${data.ask} '${row[REF]}' --at peak`;
      parts.push(make("p", "quiet lead", "Through what, and who owns it: ", make("code", "", ask)));
    }
    for (const note of detail?.notes ?? []) if (note) parts.push(make("p", "quiet lead", note));
    dialog.replaceChildren(...parts);
    dialog.showModal();
    close.focus();
    dialog.querySelector(".chosen")?.scrollIntoView({ block: "nearest" });
  }
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog && event.clientX < dialog.getBoundingClientRect().left) dialog.close();
  });

  // A table that fits the window scrolls with the page; a wider one scrolls by itself, so that its heads stay in sight.
  function measure() {
    const fits = table.offsetWidth <= scroller.clientWidth + 1;
    scroller.classList.toggle("fits", fits);
    if (fits) scroller.removeAttribute("tabindex");
    else scroller.tabIndex = 0;
    const box = fits ? document.documentElement : scroller;
    const name = table.tHead.rows[table.tHead.rows.length - 1].cells[0];
    box.style.scrollPaddingTop = `${table.tHead.offsetHeight + 8}px`;
    box.style.scrollPaddingLeft = `${name.offsetWidth + 8}px`;
  }

  table.setAttribute("role", "grid");
  table.setAttribute("aria-colcount", String(heads.length));
  for (const head of heads) {
    const button = make("button", "", head.textContent);
    button.type = "button";
    button.tabIndex = -1;
    button.addEventListener("click", () => sort(head));
    head.replaceChildren(button);
    head.setAttribute("aria-sort", "none");
  }
  form.hidden = false;
  for (const event of ["input", "change"]) form.addEventListener(event, filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(filter));
  find("previous").addEventListener("click", () => turn(-1));
  find("next").addEventListener("click", () => turn(1));
  addEventListener("resize", measure);
  draw();
})();
