// Fills a copy of a template. Words go in as text; the words of an answer as the few elements that
// such words are made of, with nothing on them.
import { lang, plain } from "../rules/texts.js";

const KEPT = new Set([
  "P", "UL", "OL", "LI", "STRONG", "EM", "B", "I", "BR", "HR", "H2", "H3", "H4", "BLOCKQUOTE", "DL", "DT", "DD",
  "TABLE", "THEAD", "TBODY", "TR", "TH", "TD", "CAPTION", "DIV", "SPAN", "SECTION",
]);
const DROPPED = new Set(["SCRIPT", "STYLE", "TEMPLATE", "IFRAME", "OBJECT", "EMBED", "SVG", "MATH", "FORM", "NOSCRIPT"]);

// A text of the content is a string, or { en } where nobody has translated it.
export function put(element, said) {
  const text = typeof said === "number" ? String(said) : said ?? "";
  element.textContent = plain(text);
  const language = lang(text);
  if (language) element.lang = language;
}

function cleaned(from, to) {
  for (const node of from.childNodes) {
    if (node.nodeType === Node.TEXT_NODE) to.append(node.data);
    if (node.nodeType !== Node.ELEMENT_NODE || DROPPED.has(node.nodeName.toUpperCase())) continue;
    const into = KEPT.has(node.nodeName) ? document.createElement(node.nodeName) : to;
    cleaned(node, into);
    if (into !== to) to.append(into);
  }
  return to;
}

function putHtml(element, html, language) {
  const read = new DOMParser().parseFromString(plain(html), "text/html");
  element.replaceChildren(cleaned(read.body, document.createDocumentFragment()));
  if (language || lang(html)) element.lang = language || lang(html);
}

const named = (words) => words.split(" ").map((word) => [word.split(":")[0], word.split(":").at(-1)]);

function set(element, attribute, value) {
  const empty = value === undefined || value === null || value === false || value === "";
  if (!empty) element.setAttribute(attribute, value === true ? "" : String(value));
  else if (attribute === "value") element.setAttribute("value", "");
}

const is = (value) => (Array.isArray(value) ? value.length > 0 : Boolean(value));
const all = (root, selector) => [...root.querySelectorAll(selector)];

export function fill(root, values) {
  for (const one of all(root, "[data-if]")) if (!is(values[one.dataset.if])) one.remove();
  for (const one of all(root, "[data-unless]")) if (is(values[one.dataset.unless])) one.remove();
  for (const one of all(root, "[data-class]")) {
    for (const [name, key] of named(one.dataset.class)) one.classList.toggle(name, is(values[key]));
  }
  for (const one of all(root, "[data-set]")) {
    for (const [attribute, key] of named(one.dataset.set)) set(one, attribute, values[key]);
  }
  for (const one of all(root, "[data-text]")) put(one, values[one.dataset.text]);
  for (const one of all(root, "[data-html]")) putHtml(one, values[one.dataset.html] ?? "", values.html_lang);
  for (const pattern of all(root, "template[data-each]")) {
    const rows = (values[pattern.dataset.each] ?? []).map((row) => fill(pattern.content.cloneNode(true), row));
    pattern.replaceWith(...rows);
  }
  for (const name of ["if", "unless", "class", "set", "text", "html"]) {
    for (const one of all(root, `[data-${name}]`)) one.removeAttribute(`data-${name}`);
  }
  return root;
}

// The parts of a screen, filled: what stands in the page, and what stands in the bar.
export function screen(name, values) {
  const made = fill(document.getElementById(`screen-${name}`).content.cloneNode(true), values);
  return {
    content: made.querySelector("[data-content]"),
    action: made.querySelector("[data-action]"),
  };
}
