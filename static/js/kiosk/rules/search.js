// Finds services and answers in the words that people use: kb/search_ranking.py and the plainer
// half of kb/search_reading.py, over the few hundred entries that the content carries.
import { plain } from "./texts.js";

const LONGEST_TEXT = 200;
const MOST_WORDS = 12;
const PLACES = { A: 1, B: 0.55, C: 0.4, D: 0.25 };
const OF_PHRASE = 0.5;
const OF_WORDS = 0.5;
const OF_SERVICE = 0.03;
const LEAST = 0.12;
const NEAR = 0.4;
const SHORTEST_SLIP = 4;
const SHORTEST_PART = 3;
const LONG = 7;
const BETWEEN = 2;
// Words that say nothing by themselves: PostgreSQL leaves them out of what it indexes.
const SILENT = new Set(
  `i me my myself we our ours ourselves you your yours yourself yourselves he him his himself she
  her hers herself it its itself they them their theirs themselves what which who whom this that
  these those am is are was were be been being have has had having do does did doing a an the and
  but if or because as until while of at by for with about against between into through during
  before after above below to from up down in out on off over under again further then once here
  there when where why how all any both each few more most other some such no nor not only own
  same so than too very s t can will just don should now`.split(/\s+/),
);
const SOUNDS = [
  [/ite/g, "ight"],
  [/yte/g, "ight"],
  [/f/g, "ph"],
  [/shun/g, "tion"],
  [/cks/g, "x"],
  [/ks/g, "x"],
  [/kw/g, "qu"],
];
const ENDINGS = ["s", "es", "ed", "ing", "ly", "er", "ers", "d", "e"];

// A text in lower case without accents, as people type who have no keys for them.
export function folded(text) {
  const bare = text.normalize("NFKD").replace(/\p{Mn}/gu, "").toLowerCase();
  const alike = { ß: "ss", ς: "σ", ł: "l", ø: "o", đ: "d" };
  return bare.replace(/[ßςłøđ]/g, (one) => alike[one]);
}

function tokens(text) {
  const bare = folded(text.slice(0, LONGEST_TEXT)).replace(/['\u2018\u2019\u02bc`\u00b4]/g, "");
  const found = bare.split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  return found.map((one) => one.slice(0, 40)).slice(0, MOST_WORDS);
}

// --- Danger ------------------------------------------------------------------------------------

const wordsOf = (text) =>
  folded(text.replaceAll("’", "'")).match(/[\p{L}\p{N}]+(?:'[\p{L}\p{N}]+)*/gu) ?? [];

function follows(told, at, rest) {
  if (!rest.length) {
    return true;
  }
  const last = Math.min(at + 2 + BETWEEN, told.length);
  for (let next = at + 1; next < last; next += 1) {
    if (told[next] === rest[0] && follows(told, next, rest.slice(1))) {
      return true;
    }
  }
  return false;
}

// What is said first where the words may mean danger; null where they do not.
export function danger(content, text) {
  const told = wordsOf(text);
  const has = (phrase) => {
    const [first, ...rest] = phrase.split(" ");
    return told.some((word, at) => word === first && follows(told, at, rest));
  };
  return content.dangers.find((one) => one.words.some(has))?.say ?? null;
}

// --- Reading -----------------------------------------------------------------------------------

const weigh = (entries, total) => Math.max(0.3, Math.log((total + 1) / (entries + 0.5)));

// The number of a word's stem; words of ours know theirs, others may be of one of them.
function stemOf(book, word) {
  if (Object.hasOwn(book.words, word)) {
    return book.words[word];
  }
  for (const ending of ENDINGS) {
    const rest = word.endsWith(ending) ? word.slice(0, -ending.length) : "";
    for (const one of rest.length >= SHORTEST_PART ? [rest, `${rest}e`, `${rest}s`] : []) {
      if (Object.hasOwn(book.words, one)) {
        return book.words[one];
      }
    }
  }
  const longer = ENDINGS.map((one) => word + one).find((one) => Object.hasOwn(book.words, one));
  return longer === undefined ? null : book.words[longer];
}

// Letters to change, add, drop or swap to make one word of the other; `most + 1` when more.
function apart(one, other, most) {
  if (Math.abs(one.length - other.length) > most) {
    return most + 1;
  }
  let above = [];
  let before = [];
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let i = 1; i <= one.length; i += 1) {
    [above, before, row] = [before, row, [i]];
    for (let j = 1; j <= other.length; j += 1) {
      const change = before[j - 1] + (one[i - 1] === other[j - 1] ? 0 : 1);
      row[j] = Math.min(before[j] + 1, row[j - 1] + 1, change);
      const isSwap = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      if (isSwap) {
        row[j] = Math.min(row[j], above[j - 2] + 1);
      }
    }
    if (Math.min(...row) > most) {
      return most + 1;
    }
  }
  return Math.min(row.at(-1), most + 1);
}

// How many letters of a word may be wrong before it is another word.
const allowed = ({ length }) => [SHORTEST_SLIP, 6, 9].filter((least) => length >= least).length;

// The stems of our words that one may be a slip for: the nearest, three at most.
function near(book, word) {
  const most = allowed(word);
  const found = [];
  for (const [ours, stem] of most ? Object.entries(book.words) : []) {
    const far = apart(word, ours, most);
    if (far <= most && (ours[0] === word[0] || (far === 1 && word.length >= LONG))) {
      found.push({ far, ours, stem });
    }
  }
  const order = (one) => [one.far, -book.counts[one.stem], one.ours];
  found.sort((one, other) => compared(order(one), order(other)));
  return found.slice(0, 3).filter((one) => one.far === found[0].far);
}

function compared(one, other) {
  const at = one.findIndex((value, place) => value !== other[place]);
  return at < 0 ? 0 : one[at] < other[at] ? -1 : 1;
}

function respelled(word) {
  const first = [["n", "kn"], ["r", "wr"]].filter(([heard]) => word.startsWith(heard));
  const found = first.map(([heard, written]) => written + word.slice(heard.length));
  for (const [heard, written] of SOUNDS) {
    for (const at of word.matchAll(heard)) {
      found.push(word.slice(0, at.index) + written + word.slice(at.index + at[0].length));
    }
  }
  return found;
}

// One word as what it may mean: a list of concepts, of which each is a list of stems.
function meant(book, word) {
  const known = stemOf(book, word);
  if (known !== null) {
    return [[{ stem: known, surely: 1 }]];
  }
  const sound = respelled(word).find((one) => Object.hasOwn(book.words, one));
  if (sound !== undefined) {
    return [[{ stem: book.words[sound], surely: 0.9 }]];
  }
  const parts = parted(book, word);
  if (parts) {
    return parts.map((stem) => [{ stem, surely: 0.9 }]);
  }
  const begun = word.length >= SHORTEST_PART ? beginning(book, word) : [];
  const slips = near(book, word).map(({ stem, far }) => ({ stem, surely: 1 - 0.12 * far }));
  return [unique([...slips, ...begun.map((stem) => ({ stem, surely: 0.8 }))])];
}

// Two of our words written as one.
function parted(book, word) {
  let best = null;
  for (let at = SHORTEST_PART; at <= word.length - SHORTEST_PART; at += 1) {
    const two = [word.slice(0, at), word.slice(at)];
    const isOurs = two.every((one) => Object.hasOwn(book.words, one));
    const size = Math.min(at, word.length - at);
    if (isOurs && (!best || size > best.size)) {
      best = { size, stems: two.map((one) => book.words[one]) };
    }
  }
  return best?.stems ?? null;
}

function beginning(book, word) {
  const found = Object.keys(book.words).filter((one) => one.startsWith(word));
  const stems = [...new Set(found.map((one) => book.words[one]))];
  stems.sort((one, other) => book.counts[other] - book.counts[one] || one - other);
  return stems.slice(0, 8);
}

function unique(list) {
  const seen = new Set();
  return list.filter(({ stem }) => !seen.has(stem) && seen.add(stem));
}

function concepts(book, text) {
  const said = tokens(text);
  const telling = said.filter((word) => !book.chatter.includes(word));
  const words = telling.length ? telling : said;
  const found = [];
  words.forEach((word, at) => {
    const lists = SILENT.has(word) ? [] : meant(book, word);
    found.push(...lists.map((list) => ({ list, ...heavy(book, list) })));
    const both = word + (words[at + 1] ?? " ");
    if (Object.hasOwn(book.words, both)) {
      const list = [{ stem: book.words[both], surely: 1 }];
      found.push({ list, ...heavy(book, list) });
    }
  });
  const kept = new Map(found.map((one) => [one.list.map(({ stem }) => stem).join(), one]));
  return [...kept.values()];
}

// A word that nobody wrote here tells less than the rarest that somebody did.
function heavy(book, list) {
  const entries = list.reduce((sum, { stem }) => sum + book.counts[stem], 0);
  return { weight: entries ? weigh(entries, book.total) : 0.5 * weigh(0, book.total) };
}

// --- Ranking -----------------------------------------------------------------------------------

function ofPhrase(phrase, said, weights, whole) {
  const found = new Map();
  let heard = 0;
  for (const { list, weight } of said) {
    const ours = list.filter(({ stem }) => phrase.includes(stem));
    const best = ours.sort((one, other) => other.surely - one.surely)[0];
    if (best) {
      found.set(best.stem, Math.max(found.get(best.stem) ?? 0, best.surely));
      heard += weight * best.surely;
    }
  }
  if (!found.size) {
    return 0;
  }
  const all = [...new Set(phrase)].reduce((sum, stem) => sum + weights[stem], 0);
  const got = [...found].reduce((sum, [stem, surely]) => sum + weights[stem] * surely, 0);
  return (got / all) * (0.4 + (0.6 * heard) / whole);
}

function ofWords(places, said, whole) {
  const best = (list) =>
    Math.max(0, ...list.map(({ stem, surely }) => (places.get(stem) ?? 0) * surely));
  return said.reduce((sum, { list, weight }) => sum + weight * best(list), 0) / whole;
}

function scored(book, said) {
  const whole = said.reduce((sum, one) => sum + one.weight, 0);
  const weights = book.counts.map((entries) => weigh(entries, book.total));
  return book.entries.map(([kind, slug, phrases, where]) => {
    const places = new Map(
      Object.entries(where).flatMap(([place, stems]) => stems.map((stem) => [stem, PLACES[place]])),
    );
    const phrase = Math.max(0, ...phrases.map((one) => ofPhrase(one, said, weights, whole)));
    const fits = OF_PHRASE * phrase + OF_WORDS * ofWords(places, said, whole);
    return { kind, slug, score: fits + (kind === "service" && fits ? OF_SERVICE : 0) };
  });
}

const titleOf = (content, { kind, slug }) =>
  plain(kind === "service" ? content.services[slug]?.name : content.answers[slug]?.title);

// What is said first (a text or null), and what fits, best first: the same words, the same order.
export function find(content, text, limit = 10) {
  const book = content.search;
  const said = concepts(book, text);
  const first = danger(content, text);
  if (!said.some(({ list }) => list.length)) {
    return { danger: first, hits: [] };
  }
  const rows = scored(book, said).filter((one) => titleOf(content, one));
  const order = (one) => {
    const place = [-one.score.toFixed(6), one.kind !== "service"];
    return [...place, titleOf(content, one), one.slug];
  };
  rows.sort((one, other) => compared(order(one), order(other)));
  const least = Math.max(LEAST, (rows[0]?.score ?? 0) * NEAR);
  const hits = rows.filter((one) => one.score >= least).slice(0, limit);
  return { danger: first, hits: hits.map(({ kind, slug }) => ({ kind, slug })) };
}
