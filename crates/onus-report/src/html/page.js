"use strict";
// Rows are arrays; `data.rs` writes them and says what stands where. Text reaches the page as text
// nodes only, never as markup.
const report = JSON.parse(document.getElementById("report").textContent);
const text = (number) => report.strings[number];
const place = (file, line) => text(file) + (line ? ":" + line : "");
const services = report.services.map((row, index) => ({ ...row, index }));
const resources = report.resources.map((row, index) => {
  const [type, native, service, serviceName, kind, inDepth] = report.types[row[2]];
  return {
    index, address: row[0], scope: report.scopes[row[1]], type, native, service, serviceName, kind, inDepth,
    place: place(row[3], row[4]), region: text(row[5]), possible: text(row[6]), partOf: row[7], profile: row[8],
    status: report.status[row[9]], shifts: row[10], undetermined: row[11], findings: [],
  };
});
const findings = report.findings.map((row, index) => {
  const finding = {
    index, control: report.controls[row[0]], resource: resources[row[1]], verdict: row[2], evidence: row[3], blockers: row[4],
  };
  finding.resource.findings.push(finding);
  return finding;
});
const duty = (profile, place) => report.duties[report.profiles[profile][place]];

const VERDICTS = {
  "not-satisfied": { mark: "✗", word: "open", tone: "open" },
  unknown: { mark: "?", word: "undecided", tone: "unknown" },
  satisfied: { mark: "✓", word: "satisfied", tone: "done" },
  "not-applicable": { mark: "·", word: "not applicable", tone: "" },
};
const STATUS = {
  o: { mark: "✗", word: "open", tone: "open" }, u: { mark: "?", word: "undecided", tone: "unknown" },
  s: { mark: "✓", word: "satisfied", tone: "done" }, n: { mark: "", word: "untested", tone: "" }, "-": { mark: "", word: "", tone: "" },
};
const HOLDERS = { provider: "AWS", customer: "you", "third-party": "third party", "not-applicable": "nobody", undetermined: "undetermined" };
const SPLITS = {
  provider: "all AWS's", customer: "all yours", "third-party": "a third party's",
  "shared-dependent": "split: one acts before the other can", "shared-independent": "split: each acts alone",
  "not-applicable": "nothing to do", undetermined: "undetermined",
};
const REASONS = {
  input: "has no value yet", lookup: "is looked up by the provider", computed: "is known after apply", missing: "was not there to read",
  function: "comes from a function that is not evaluated", "not-collected": "is not in this kind of source", denied: "was not allowed to be read",
  redacted: "is sensitive and withheld", cycle: "depends on itself", invalid: "is written wrongly", limit: "would go beyond a limit of onus",
};
const SEVERITIES = ["critical", "high", "medium", "low"];
const number = (count) => count.toLocaleString("en-US");
const counted = (count, one, many) => number(count) + " " + (count === 1 ? one : many);

/** What would steer or reorder text is shown as a replacement character. */
const plain = (value) => value.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "\ufffd");
/** An element with attributes and children; strings become text. */
function make(name, attributes, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes ?? {})) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(key, value === true ? "" : value);
  }
  for (const child of children.flat(Infinity)) {
    if (child !== null && child !== undefined && child !== "") element.append(typeof child === "string" ? plain(child) : child);
  }
  return element;
}
const byId = (id) => document.getElementById(id);

// What is shown is in the address: view, filters, and the sheet that is open. Links and the back
// button follow from that.
const FILTERS = ["q", "service", "layer", "party", "verdict", "severity"];
const VIEWS = [["stack", "Stack"], ["findings", "Findings"], ["resources", "Resources"], ["undecided", "Undecided"], ["sources", "What was read"]];
function readState() {
  const [view, query] = location.hash.slice(1).split("?");
  const parameters = new URLSearchParams(query ?? "");
  const state = { view: VIEWS.some(([id]) => id === view) ? view : "stack", open: parameters.get("open") ?? "" };
  for (const name of FILTERS) state[name] = parameters.get(name) ?? "";
  return state;
}
function address(state) {
  const parameters = new URLSearchParams();
  for (const name of [...FILTERS, "open"]) if (state[name]) parameters.set(name, state[name]);
  const query = parameters.toString();
  return "#" + state.view + (query ? "?" + query : "");
}
let state = readState();
const go = (change, replace) => {
  const next = address({ ...state, ...change });
  if (replace) { history.replaceState(null, "", next); show(); } else location.hash = next;
};
const link = (change) => address({ ...state, open: "", ...change });

// Who holds a layer of a profile, and the same for whole profiles; worked out once each.
const parties = new Map();
function partiesOf(profile) {
  let known = parties.get(profile);
  if (!known) {
    known = report.layers.map((_, layer) => {
      const held = new Set(report.verbs.map((_, verb) => duty(profile, layer * 4 + verb)[0]));
      if (held.has("undetermined")) return "undetermined";
      held.delete("not-applicable");
      if (held.size === 0) return "not-applicable";
      return held.size > 1 ? "shared" : [...held][0];
    });
    parties.set(profile, known);
  }
  return known;
}
const serviceKey = (row) => row.service || row.serviceName;
const layerIndex = (id) => report.layers.findIndex(([name]) => name === id);
const lower = (value) => value.toLocaleLowerCase("en-US");
const matchesResource = (row, wanted) => {
  if (wanted.service && serviceKey(row) !== wanted.service) return false;
  if (!wanted.party) return true;
  const held = partiesOf(row.profile);
  return wanted.layer ? held[layerIndex(wanted.layer)] === wanted.party : held.includes(wanted.party);
};
function chosenFindings() {
  const words = lower(state.q).split(/\s+/).filter(Boolean);
  return findings.filter((row) => {
    if (state.verdict && row.verdict !== state.verdict) return false;
    if (state.severity && row.control.severity !== state.severity) return false;
    if (state.layer && row.control.layer !== layerIndex(state.layer)) return false;
    if (!matchesResource(row.resource, state)) return false;
    if (!words.length) return true;
    const facts = row.evidence.map((one) => text(one[0]) + " " + text(one[1])).concat(row.blockers.map((one) => text(one[0]) + " " + text(one[1])));
    const all = lower([row.control.id, row.control.title, row.resource.address, row.resource.type, row.resource.place, ...facts].join(" "));
    return words.every((word) => all.includes(word));
  });
}
function chosenResources() {
  const words = lower(state.q).split(/\s+/).filter(Boolean);
  return resources.filter((row) => {
    if (!matchesResource(row, state)) return false;
    if (state.verdict || state.severity) {
      const layer = state.layer ? layerIndex(state.layer) : -1;
      const hit = row.findings.some((one) => (!state.verdict || one.verdict === state.verdict)
        && (!state.severity || one.control.severity === state.severity) && (layer < 0 || one.control.layer === layer));
      if (!hit) return false;
    }
    const all = lower(row.address + " " + row.type + " " + row.native + " " + row.place + " " + row.serviceName);
    return words.every((word) => all.includes(word));
  });
}

const chip = (tone, mark, count, word) => make("span", { class: "chip " + tone, title: word }, mark + (count ?? ""));
const severity = (name, open) => make("b", { class: !open ? "" : name === "critical" || name === "high" ? "open-ink" : name === "medium" ? "unknown-ink" : "" }, name);
const strip = (profile) => make("span", { class: "strip", "aria-hidden": "true" }, partiesOf(profile).map((party) => make("i", { class: party })));

function summary() {
  const c = report.counts;
  const total = c.provider + c.customer + c.third_party + c.undetermined;
  const share = [["provider", c.provider, "AWS's"], ["customer", c.customer, "yours"], ["third-party", c.third_party, "a third party's"], ["undetermined", c.undetermined, "undetermined"]].filter(([, count]) => count);
  const severities = SEVERITIES.map((name, index) => [name, c.open_by_severity[3 - index]]).filter(([, count]) => count);
  const tally = (verdict, count, after) => make("a", { href: link({ view: "findings", verdict, severity: "" }) },
    make("b", { class: VERDICTS[verdict].tone + "-ink" }, VERDICTS[verdict].mark + " " + number(count)), " " + VERDICTS[verdict].word + (after ?? ""));
  byId("summary").replaceChildren(
    make("h1", null, make("b", null, counted(c.resources, "resource", "resources")), total ? " carry " : "", total ? make("b", null, counted(total, "duty", "duties")) : "",
      total ? ". AWS holds " + number(c.provider) + "; " + number(c.customer) + " are yours" : "", c.undetermined ? ", and " + number(c.undetermined) + " wait for a fact" : "", "."),
    make("div", null,
      make("div", { class: "share", "aria-hidden": "true" }, share.map(([kind, count]) => make("span", { class: kind, style: "flex-grow:" + count }))),
      make("div", { class: "key" }, share.map(([kind, count, who]) => make("span", null, make("i", { class: kind }), number(count) + " " + who))),
      make("div", { class: "tallies" },
        tally("not-satisfied", c.not_satisfied, severities.length ? " (" + severities.map(([name, count]) => count + " " + name).join(", ") + ")" : ""),
        tally("unknown", c.unknown), tally("satisfied", c.satisfied))));
  byId("about").textContent = report.version + " · as of " + report.as_of;
}

/** A list that grows as it is scrolled, so that ten thousand rows cost no more than those seen. */
const STEP = 150;
let grow = () => false;
function list(rows, draw) {
  const items = make("ul", { class: "rows" });
  const end = make("div", { "aria-hidden": "true", style: "height:1px" });
  let drawn = 0;
  grow = (limit) => {
    const from = drawn;
    drawn = Math.min(rows.length, drawn + limit);
    items.append(...rows.slice(from, drawn).map((row) => make("li", null, draw(row))));
    return drawn < rows.length;
  };
  const mine = grow;
  const watch = new IntersectionObserver((seen) => {
    if (seen.some((one) => one.isIntersecting) && mine === grow && !mine(STEP)) watch.disconnect();
  }, { rootMargin: "1200px" });
  if (mine(STEP)) watch.observe(end);
  return make("div", null, items, end);
}
const moveInList = (event) => {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const item = event.target.closest?.(".rows > li");
  const next = event.key === "ArrowDown" ? item?.nextElementSibling : item?.previousElementSibling;
  if (next) { event.preventDefault(); next.querySelector("a, button")?.focus(); }
};
const none = (what) => make("p", { class: "empty" }, what);

function findingRow(row) {
  const verdict = VERDICTS[row.verdict];
  return make("a", { class: "row", href: link({ open: "f" + row.index }) },
    make("span", { class: "sev" }, make("span", { class: verdict.tone + "-ink", title: verdict.word }, verdict.mark + " "), severity(row.control.severity, row.verdict === "not-satisfied")),
    make("span", { class: "what" }, row.control.title, make("br"), make("span", { class: "addr faint" }, row.resource.address)),
    make("span", { class: "where" }, make("span", { class: "addr" }, row.control.id), make("br"), row.resource.place));
}
function resourceRow(row) {
  const counts = ["not-satisfied", "unknown", "satisfied"].map((verdict) => [VERDICTS[verdict], row.findings.filter((one) => one.verdict === verdict).length]).filter(([, count]) => count);
  return make("a", { class: "row", href: link({ open: "r" + row.index }) },
    make("span", null, strip(row.profile)),
    make("span", { class: "what" }, make("span", { class: "addr" }, row.address), make("br"), make("span", { class: "faint" }, row.type + (row.kind ? " · " + row.kind : "") + (row.possible ? " · may not exist" : ""))),
    make("span", { class: "where" }, counts.length ? counts.map(([verdict, count]) => [make("span", { class: verdict.tone + "-ink" }, verdict.mark + " " + count), " "]) : "untested", make("br"), row.place));
}

function stackView() {
  const words = lower(state.q);
  const sum = (row, at) => row.layers.reduce((all, band) => all + band[at], 0);
  const shown = services.toSorted((one, other) => [3, 4, 5].reduce((order, at) => order || sum(other, at) - sum(one, at), 0)).filter((row) => (!state.service || (row.id || row.name) === state.service) && (!words || lower(row.name).includes(words)));
  byId("count").textContent = counted(shown.length, "service", "services") + ". Each column is a service, each band a layer, from the ground up; those with the most open come first. Choose a band for what it means.";
  const symbol = (band) => [
    band[3] ? chip("open", "✗", band[3], "open") : "", band[4] ? chip("unknown", "?", band[4], "undecided") : "",
    !band[3] && !band[4] && band[5] ? chip("done", "✓", "", "satisfied") : "",
  ];
  const party = (split) => split.startsWith("shared") ? "shared" : split;
  const verdictHit = (band) => !state.verdict || band[{ "not-satisfied": 3, unknown: 4, satisfied: 5 }[state.verdict]] > 0;
  const cell = (service, layer) => {
    const band = service.layers[layer];
    if (!band) return make("td");
    const dim = (state.layer && layerIndex(state.layer) !== layer) || (state.party && party(band[0]) !== state.party) || !verdictHit(band);
    const state_ = [band[3] && band[3] + " open", band[4] && band[4] + " undecided", band[5] && band[5] + " satisfied"].filter(Boolean).join(", ");
    const label = service.name + ", " + report.layers[layer][1] + ": " + SPLITS[band[0]] + (band[1] ? ", resources differ" : "") + (state_ ? "; of your part " + state_ : band[2] ? "; nothing tests your part" : "");
    return make("td", { role: "gridcell" }, make("button", {
      type: "button", class: "band " + band[0] + (dim ? " dim" : ""), "aria-label": label, title: label, tabindex: "-1",
      "data-at": service.index + "," + layer, onclick: () => go({ open: "s" + service.index + "." + layer }),
    }, symbol(band), band[0] === "undetermined" && !band[3] && !band[4] ? "?" : "", band[1] ? "~" : ""));
  };
  const order = report.layers.map((_, layer) => layer).reverse();
  const table = make("table", { class: "stack", role: "grid", style: "--services:" + shown.length, "aria-label": "Who holds each layer of each service", onkeydown: moveInStack },
    make("thead", null, make("tr", null, make("td"), shown.map((service) => make("th", { scope: "col", title: service.name }, make("span", null, service.name),
      make("small", null, counted(service.resources, "resource", "resources")))))),
    make("tbody", null, order.map((layer) => make("tr", null, make("th", { scope: "row" }, report.layers[layer][1]), shown.map((service) => cell(service, layer))))));
  table.querySelector(".band")?.setAttribute("tabindex", "0");
  const legend = (kind, word) => make("span", null, make("i", { class: kind }), word);
  return make("div", null,
    make("div", { class: "legend" }, legend("provider", "AWS"), legend("shared-dependent", "split"), legend("customer", "yours"), legend("undetermined", "undetermined"),
      make("span", null, chip("open", "✗", "", ""), " open"), make("span", null, chip("unknown", "?", "", ""), " undecided"), make("span", null, chip("done", "✓", "", ""), " satisfied"),
      legend("not-applicable", "nothing to do"), make("span", null, "no mark: nothing tests it"), make("span", null, "~ resources differ")),
    shown.length ? make("div", { class: "stackbox" }, table) : none("No service fits these filters."));
}
function moveInStack(event) {
  const step = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }[event.key];
  const from = event.target.closest("td");
  if (!step || !from) return;
  event.preventDefault();
  const rows = [...from.closest("tbody").rows];
  const row = rows[rows.indexOf(from.parentElement) + step[1]];
  const to = row?.cells[from.cellIndex + step[0]]?.querySelector(".band");
  if (!to) return;
  event.target.setAttribute("tabindex", "-1");
  to.setAttribute("tabindex", "0");
  to.focus();
}

function findingsView() {
  const rows = chosenFindings();
  byId("count").textContent = counted(rows.length, "finding", "findings") + (rows.length < findings.length ? " of " + number(findings.length) : "");
  return rows.length ? list(rows, findingRow) : none(findings.length ? "No finding fits these filters." : "No control speaks of what was read.");
}
function resourcesView() {
  const rows = chosenResources();
  byId("count").textContent = counted(rows.length, "resource", "resources") + (rows.length < resources.length ? " of " + number(resources.length) : "");
  return rows.length ? list(rows, resourceRow) : none(resources.length ? "No resource fits these filters." : "Nothing was read that has resources.");
}
function undecidedView() {
  const words = lower(state.q);
  const rows = report.settles.map((row, index) => [row, index]).filter(([row]) => lower(row[0] + " " + row[2]).includes(words));
  byId("count").textContent = counted(rows.length, "thing", "things") + " would settle what is undecided, most first";
  if (!rows.length) return none("Nothing is undecided.");
  return list(rows, ([row, index]) => make("a", { class: "row", href: link({ open: "u" + index }) },
    make("span", { class: "sev" }, make("b", null, number(row[3].length + row[4])), " settled"),
    make("span", { class: "what" }, make("span", { class: "addr" }, row[0]), make("br"), make("span", { class: "faint" }, row[1])),
    make("span", { class: "where" }, counted(row[3].length, "finding", "findings") + (row[4] ? ", who holds " + counted(row[4], "resource", "resources") : ""), make("br"), row[2])));
}
function sourcesView() {
  byId("count").textContent = counted(report.scopes.length, "root", "roots") + ", " + counted(report.unread.length, "part", "parts") + " not read, " + counted(report.diagnostics.length, "message", "messages");
  const part = (title, rows) => rows.length ? [make("h2", { class: "section" }, title), make("ul", { class: "plain" }, rows)] : [];
  return make("div", null,
    part("Not read", report.unread.map(([what, settles, where]) => make("li", null, make("span", { class: "addr" }, what), " ", make("span", { class: "faint" }, where), make("br"), settles))),
    part("Messages", report.diagnostics.map(([level, message, help, where]) => make("li", null, make("b", { class: level === "error" ? "open-ink" : "unknown-ink" }, level), " " + message + " ", make("span", { class: "faint" }, where), help ? [make("br"), "Help: " + help] : ""))),
    part("Roots", report.scopes.map((row) => make("li", null, make("span", { class: "addr" }, row.path), " ", make("span", { class: "faint" }, row.kind + ", " + counted(row.resources, "resource", "resources"))))),
    part("Files", report.files.slice(0, 2000).map((row) => make("li", null, make("span", { class: "addr" }, row.path), " ", make("span", { class: "faint" }, row.taken_as + ": " + row.because)))),
    report.files.length > 2000 ? make("p", { class: "faint" }, "and " + number(report.files.length - 2000) + " more files; --format json lists all") : "");
}

/** The pages that say so, by the day on which they were read. */
function basisLinks(numbers) {
  const days = Map.groupBy(numbers.map((index) => report.basis[index]), ([, date]) => date);
  const page = (url) => url.replace(/[#?].*$/, "").replace(/\/+$/, "").split("/").pop().replace(/\.html?$/, "") || url;
  const link = (url) => url.startsWith("https://") ? make("a", { href: url, rel: "noreferrer", target: "_blank", title: url }, page(url)) : make("span", { title: url }, url);
  return [...days].map(([date, rows]) => rows.length < 3 ? ["read " + date + ": ", rows.map(([url], at) => [at ? ", " : "", link(url)]), " "]
    : make("details", { class: "basis" }, make("summary", null, rows.length + " pages, read " + date), rows.map(([url]) => make("div", null, link(url)))));
}
const evidenceList = (rows) => make("ul", null, rows.map(([fact, value, file, line, fallback]) => make("li", null,
  make("code", null, text(fact) + " = " + text(value)), " ", make("span", { class: "faint" }, fallback ? "AWS's default" : place(file, line)))));
const blockerList = (rows) => make("ul", null, rows.map(([fact, settles, reason, file, line]) => make("li", null,
  make("code", null, text(fact)), " " + REASONS[reason] + "; settled by ", make("code", null, text(settles)), " ", make("span", { class: "faint" }, place(file, line)))));

function findingBlock(row, whole) {
  const { control } = row;
  const verdict = VERDICTS[row.verdict];
  const fix = row.resource.scope?.kind === "cloudformation" ? control.cloudformation || control.terraform : control.terraform || control.cloudformation;
  return make("section", { class: "finding " + verdict.tone, "aria-label": control.title },
    make("p", null, make("span", { class: verdict.tone + "-ink" }, verdict.mark + " " + verdict.word), " · ", severity(control.severity, row.verdict === "not-satisfied"), " · ", make("b", null, control.title)),
    make("p", { class: "faint" }, make("span", { class: "addr" }, control.id), " · " + report.verbs[control.verb] + " " + report.layers[control.layer][1],
      control.aliases.map(([scheme, id]) => " · " + scheme + " " + id), " · ", basisLinks(control.basis)),
    row.evidence.length ? evidenceList(row.evidence) : "", row.blockers.length ? blockerList(row.blockers) : "",
    whole || row.verdict === "not-satisfied" ? make("p", null, control.why) : "",
    fix && (whole || row.verdict === "not-satisfied") ? make("pre", { tabindex: "0", "aria-label": "Fix" }, fix) : "");
}

function dutyTable(row) {
  const line = (layer) => {
    const duties = report.verbs.map((_, verb) => duty(row.profile, layer * 4 + verb));
    const once = (at) => [...new Set(duties.map((one) => text(one[at])).filter(Boolean))];
    const basis = [...new Set(duties.flatMap((one) => one[4]))];
    const verbs = duties.map(([held], verb) => {
      const status = STATUS[row.status[layer * 4 + verb]];
      return make("span", { class: "verb " + held, title: report.verbs[verb] + ": " + HOLDERS[held] + (status.word ? ", " + status.word : "") },
        report.verbs[verb], make("br"), HOLDERS[held], status.mark ? [" ", chip(status.tone, status.mark, "", status.word)] : "");
    });
    const nothing = duties.every(([held]) => held === "not-applicable");
    const words = (at) => make("td", { class: "words" }, (!nothing && once(at).join(" ")) || "–");
    return make("tr", null, make("th", { scope: "row" }, report.layers[layer][1]),
      make("td", { class: "verbs" }, nothing ? make("span", { class: "faint" }, "nothing to do") : make("div", null, verbs)), words(2), words(3),
      make("td", { class: "faint" }, once(1).join("; "), make("br"), basisLinks(basis)));
  };
  const layers = report.layers.map((_, layer) => layer).reverse();
  return make("div", { class: "tablebox", tabindex: "0", role: "region", "aria-label": "Duties" }, make("table", { class: "duties" },
    make("thead", null, make("tr", null, ["Layer", "Who holds it", "AWS", "You", "Because"].map((title) => make("th", { scope: "col" }, title)))),
    make("tbody", null, layers.map(line))));
}

const facts = (pairs) => make("dl", { class: "facts" }, pairs.filter(([, value]) => value).map(([name, value]) => [make("dt", null, name), make("dd", null, value)]));
const resourceLink = (row) => make("a", { class: "addr", href: link({ open: "r" + row.index }) }, row.address);

function resourceSheet(row) {
  return ["Resource", row.address, [
    facts([["Type", row.type + (row.native !== row.type ? " (" + row.native + ")" : "")], ["Service", row.serviceName + (row.kind ? ", " + row.kind + " class" : "")], ["Place", row.place],
      ["Read from", row.scope ? row.scope.kind + " " + row.scope.path : ""], ["Region", row.region], ["May not exist", row.possible && "settled by " + row.possible],
      ["Part of", row.partOf !== null && resources[row.partOf] ? resourceLink(resources[row.partOf]) : ""], ["Depth", row.inDepth ? "" : "by the default of its service or class"]]),
    row.shifts.length ? [make("h3", null, "Shifts that hold"), row.shifts.map(([id, evidence]) => make("div", { class: "finding" }, make("p", { class: "addr" }, text(id)), evidenceList(evidence)))] : "",
    row.undetermined.length ? [make("h3", null, "Who holds it waits for"), make("div", { class: "finding unknown" }, blockerList(row.undetermined))] : "",
    row.findings.length ? [make("h3", null, "Controls"), row.findings.map((one) => findingBlock(one, false))] : "",
    make("h3", null, "Duties"), dutyTable(row)]];
}
function findingSheet(row) {
  return ["Finding", row.control.title, [
    facts([["Resource", resourceLink(row.resource)], ["Place", row.resource.place], ["Type", row.resource.type]]), findingBlock(row, true),
    make("p", null, make("a", { href: link({ view: "findings", q: row.control.id, verdict: "", severity: "", service: "", layer: "", party: "" }) }, "All resources of this control"))]];
}
function bandSheet(service, layer) {
  const band = service.layers[layer];
  const own = findings.filter((row) => row.control.layer === layer && serviceKey(row.resource) === (service.id || service.name));
  const words = (title, numbers) => numbers.length ? [make("h3", null, title), numbers.map((at) => make("p", null, text(at)))] : "";
  const filter = { service: service.id || service.name, layer: report.layers[layer][0], q: "", party: "", verdict: "", severity: "" };
  return [service.name, report.layers[layer][1], [
    facts([["Held", SPLITS[band[0]] + (band[1] ? "; resources differ" : "")], ["Your part", [band[3] && band[3] + " open", band[4] && band[4] + " undecided", band[5] && band[5] + " satisfied"].filter(Boolean).join(", ") || (band[2] ? "nothing tests it" : "")]]),
    words("AWS", band[6]), words("You", band[7]),
    make("p", { style: "margin-top:1.2rem" }, make("a", { href: link({ view: "resources", ...filter }) }, "Resources of " + service.name), own.length ? [" · ", make("a", { href: link({ view: "findings", ...filter }) }, "Findings on this layer")] : ""),
    own.length ? [make("h3", null, "Findings"), make("ul", { class: "rows" }, own.slice(0, 40).map((row) => make("li", null, findingRow(row)))), own.length > 40 ? make("p", { class: "faint" }, "and " + number(own.length - 40) + " more") : ""] : ""]];
}
function settlesSheet(row) {
  const own = row[3].map((index) => findings[index]).filter(Boolean);
  return ["Would settle " + counted(own.length, "finding", "findings"), row[0], [facts([["Why unknown", row[1]], ["Where", row[2]], ["Who holds", row[4] ? counted(row[4], "resource", "resources") : ""]]),
    make("ul", { class: "rows" }, own.slice(0, 200).map((one) => make("li", null, findingRow(one)))), own.length > 200 ? make("p", { class: "faint" }, "and " + number(own.length - 200) + " more") : ""]];
}
function sheetOf(open) {
  const at = open.slice(1);
  const [service, layer] = at.split(".").map(Number);
  switch (open[0]) {
    case "r": return resources[at] && resourceSheet(resources[at]);
    case "f": return findings[at] && findingSheet(findings[at]);
    case "s": return services[service]?.layers[layer] && bandSheet(services[service], layer);
    case "u": return report.settles[at] && settlesSheet(report.settles[at]);
    default: return null;
  }
}

const sheet = byId("sheet");
let from = null;
function showSheet() {
  const content = state.open ? sheetOf(state.open) : null;
  if (!content) {
    if (sheet.open) sheet.close();
    return;
  }
  const [kind, title, body] = content;
  sheet.replaceChildren(
    make("div", { class: "sheet-head" }, make("div", null, make("p", { class: "faint" }, kind), make("h2", { id: "sheet-title" }, title)),
      make("button", { type: "button", class: "close", onclick: () => sheet.close() }, "Close")),
    make("div", null, body));
  if (!sheet.open) {
    from = document.activeElement?.getAttribute("href") ?? document.activeElement?.dataset?.at ?? null;
    sheet.showModal();
  }
  sheet.scrollTop = 0;
}
sheet.addEventListener("close", () => {
  if (state.open) go({ open: "" }, true);
  const back = from && [...document.querySelectorAll("main a, main .band")].find((one) => (one.getAttribute("href") ?? one.dataset.at) === from);
  (back || byId("main")).focus();
});
sheet.addEventListener("click", (event) => { if (event.target === sheet) sheet.close(); });

const DRAW = { stack: stackView, findings: findingsView, resources: resourcesView, undecided: undecidedView, sources: sourcesView };
let drawn = "";
function show() {
  state = readState();
  const wanted = address({ ...state, open: "" });
  if (wanted !== drawn) {
    drawn = wanted;
    const counts = { findings: findings.length, resources: resources.length, undecided: report.settles.length };
    byId("views").replaceChildren(...VIEWS.map(([id, name]) => make("a", { href: link({ view: id }), "aria-current": id === state.view ? "page" : null }, name + (counts[id] ? " " + number(counts[id]) : ""))));
    byId("filters").hidden = state.view === "sources";
    byId("filters").dataset.view = state.view;
    for (const name of FILTERS) {
      const field = form.elements[name];
      if (field.value !== state[name]) field.value = state[name];
      field.classList.toggle("set", state[name] !== "");
    }
    byId("main").replaceChildren(DRAW[state.view]());
    summary();
  }
  showSheet();
}

const form = document.querySelector("#filters form");
const options = (name, rows) => form.elements[name].replaceChildren(...[["", "any"], ...rows].map(([value, word]) => make("option", { value }, word)));
options("service", services.map((row) => [row.id || row.name, row.name]));
options("layer", report.layers);
options("party", [["provider", "AWS"], ["shared", "split"], ["customer", "you"], ["undetermined", "undetermined"]]);
options("verdict", [["not-satisfied", "✗ open"], ["unknown", "? undecided"], ["satisfied", "✓ satisfied"]]);
options("severity", SEVERITIES.map((name) => [name, name]));
let waiting = 0;
form.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => go(Object.fromEntries(FILTERS.map((name) => [name, form.elements[name].value])), true), 90);
});
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("reset", (event) => {
  event.preventDefault();
  go(Object.fromEntries(FILTERS.map((name) => [name, ""])), true);
});
byId("main").addEventListener("keydown", moveInList);
document.addEventListener("keydown", (event) => {
  if (event.key === "/" && !sheet.open && !/^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) { event.preventDefault(); form.elements.q.focus(); }
});
document.querySelector(".skip").addEventListener("click", (event) => { event.preventDefault(); byId("main").focus(); });
window.addEventListener("hashchange", show);
window.addEventListener("beforeprint", () => grow(2000));

// The choice of light or dark is kept where the browser allows it; files opened from disk may not.
const keep = (value) => { try { return value ? localStorage.setItem("onus-theme", value) : localStorage.getItem("onus-theme"); } catch { return null; } };
const setTheme = (theme) => { if (theme) document.documentElement.dataset.theme = theme; };
setTheme(keep());
byId("theme").addEventListener("click", () => {
  const now = document.documentElement.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  const next = now === "dark" ? "light" : "dark";
  setTheme(next);
  keep(next);
});
show();
