// What somebody searches for without the line: services and answers in whose words theirs stand,
// and the danger that is said first (kb/dangers.py).
import { plain } from "./texts.js";

const WORD = /[\p{L}\p{N}]+(?:'[\p{L}\p{N}]+)*/gu;
// So many other words may stand between two of a phrase: "my husband has just hit me".
const BETWEEN = 2;
const NAME = 4;

const folded = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").replaceAll("ł", "l").replaceAll("Ł", "L").toLowerCase();
const wordsOf = (text) => folded(plain(text).replaceAll("’", "'")).match(WORD) ?? [];

function follows(told, at, rest) {
  if (!rest.length) return true;
  for (let next = at + 1; next < Math.min(at + 2 + BETWEEN, told.length); next += 1) {
    if (told[next] === rest[0] && follows(told, next, rest.slice(1))) return true;
  }
  return false;
}

const has = (told, phrase) =>
  phrase.length > 0 && told.some((word, at) => word === phrase[0] && follows(told, at, phrase.slice(1)));

const weight = (told, name, more) =>
  told.reduce((sum, word) => {
    const begins = (one) => one.startsWith(word) || (one.length > 3 && word.startsWith(one));
    return sum + (name.some(begins) ? NAME : 0) + (more.some(begins) ? 1 : 0);
  }, 0);

export function find(content, text, limit) {
  const told = wordsOf(text);
  const danger = content.dangers.find((one) => one.words.some((phrase) => has(told, wordsOf(phrase))));
  const rows = [
    ...Object.values(content.services).map((one) => ["service", one.slug, one.name, one.summary]),
    ...Object.values(content.answers).map((one) => ["answer", one.slug, one.title, one.summary]),
  ];
  const hits = rows
    .map(([kind, slug, name, more]) => ({ kind, slug, weight: weight(told, wordsOf(name), wordsOf(more)) }))
    .filter((one) => one.weight > 0)
    .sort((one, other) => other.weight - one.weight || (one.slug < other.slug ? -1 : 1));
  return { danger: danger?.say ?? null, hits: hits.slice(0, limit).map(({ kind, slug }) => ({ kind, slug })) };
}
