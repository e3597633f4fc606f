// What is it about: subject, group and service in fives, a search, and answers to read.
import * as flow from "../flow.js";
import { find } from "../rules/search.js";
import { lang, plain } from "../rules/texts.js";
import { shown } from "./showing.js";

const A_SCREEN = 5;

// At most five things, and the numbers of the screens before and after; 0 is none.
export function fives(items, wanted) {
  const total = Math.max(1, Math.ceil(items.length / A_SCREEN));
  const number = Math.min(Math.max(Number(wanted) || 1, 1), total);
  const start = (number - 1) * A_SCREEN;
  return {
    items: items.slice(start, start + A_SCREEN),
    number, total, many: total > 1, before: number - 1, after: number < total ? number + 1 : 0,
  };
}

const isHidden = (here, slug) => (here.settings.hidden ?? []).includes(slug);
const choosable = (here) => (slug) => here.content.services[slug] && !isHidden(here, slug);

function groups(here, subject) {
  return subject.groups
    .map((anchor) => ({ anchor, ...here.content.groups[anchor] }))
    .map((group) => ({ ...group, services: (group.services ?? []).filter(choosable(here)) }))
    .filter((group) => group.services.length);
}

function choose(here, at, { title, items, back, on }) {
  const { items: page, ...rest } = fives(items, at.screen);
  return {
    name: "choose",
    values: { title, items: page, ...rest },
    back,
    on: {
      ...on,
      turn: (button) => ({ ...at, screen: Number(button.value) }),
      search: () => ({ to: "search", text: "" }),
      unsure: () => chosen(here, ""),
    },
  };
}

export function chosen(here, slug) {
  if (isHidden(here, slug)) return { to: "about" };
  here.visit = flow.about(here.visit, here.content, slug);
  return flow.onward(here.visit, here.today());
}

export function about(here, at) {
  const items = here.content.subjects
    .filter((subject) => groups(here, subject).length)
    .map((subject) => ({ value: subject.slug, name: subject.name, note: subject.note }));
  return choose(here, at, {
    title: here.word("about"),
    items,
    back: { to: "menu" },
    on: { choose: (button) => ({ to: "subject", slug: button.value }) },
  });
}

// The names of the first three, in the language that the first is in.
function some(here, slugs) {
  const names = slugs.slice(0, 3).map((slug) => here.content.services[slug].name);
  const joined = names.map(plain).join(", ");
  return names.some((name) => lang(name)) ? { en: joined } : joined;
}

export function subject(here, at) {
  const found = here.content.subjects.find((one) => one.slug === at.slug);
  if (!found) return { to: "about" };
  const items = groups(here, found).map((group) => ({
    value: group.anchor, name: group.name, note: some(here, group.services),
  }));
  return choose(here, at, {
    title: found.name,
    items,
    back: { to: "about" },
    on: { choose: (button) => ({ to: "group", slug: at.slug, group: button.value }) },
  });
}

export function group(here, at) {
  const within = here.content.subjects.find((one) => one.slug === at.slug);
  const found = within && groups(here, within).find((one) => one.anchor === at.group);
  if (!found) return { to: "about" };
  const items = found.services.map((slug) => {
    const { name, summary } = here.content.services[slug];
    return { value: slug, name, note: summary };
  });
  return choose(here, at, {
    title: found.name,
    items,
    back: { to: "subject", slug: at.slug },
    on: { choose: (button) => chosen(here, button.value) },
  });
}

function hit(here, { kind, slug }) {
  if (kind === "answer") {
    return { act: "article", value: slug, name: here.content.answers[slug].title, reads: true };
  }
  const { name, summary } = here.content.services[slug];
  return { act: "service", value: slug, name, note: summary };
}

// Both have a place on the one screen, and neither leaves room empty that the other could use.
function found(here, text) {
  const { danger, hits } = find(here.content, text, 20);
  const answers = hits.filter((one) => one.kind === "answer");
  const services = hits.filter((one) => one.kind === "service" && choosable(here)(one.slug) && !here.cannot);
  const kept = services.slice(0, Math.max(3, A_SCREEN - answers.length));
  return { danger, items: [...kept, ...answers].slice(0, A_SCREEN).map((one) => hit(here, one)) };
}

export function search(here, at) {
  const text = (at.text ?? "").trim();
  const { danger, items } = text ? found(here, text) : { danger: null, items: [] };
  return {
    name: "search",
    values: { text, danger, items, found: items.length, nothing: text && !items.length, cannot: here.cannot },
    focus: text ? "found" : "q",
    back: { to: here.cannot ? "menu" : "about" },
    on: {
      service: (button) => chosen(here, button.value),
      article: (button) => ({ to: "article", slug: button.value, from: at }),
      unsure: () => chosen(here, ""),
    },
    submit: (data) => ({ to: "search", text: String(data.get("q") ?? "") }),
  };
}

export function article(here, at) {
  const one = here.content.answers[at.slug];
  if (!one) return { to: "search" };
  const isHere = !isHidden(here, one.service);
  return {
    name: "article",
    values: {
      title: one.title,
      summary: one.summary,
      body: one.html,
      html_lang: one.lang ?? "",
      sections: (one.areas ?? []).map((area) => ({ name: area.name, body: area.html, html_lang: one.lang ?? "" })),
      checked: one.reviewed ? shown.day(one.reviewed, here.language) : "",
      service: one.service ?? "",
      not_here: !isHere,
      asks: isHere && !here.cannot,
    },
    back: at.from ?? { to: "search" },
    on: { service: (button) => chosen(here, button.value) },
  };
}
