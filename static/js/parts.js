// Counts, while somebody types, in how many parts a text will go and what that costs. The server
// counts the same (notifications/gsm.py) when "Check" is pressed.
const BASIC = new Set(
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
);
const EXTENDED = new Set("\f^{}\\[~]|€");
const PLAIN = {
  "‘": "'", "’": "'", "‚": "'", "‛": "'", "′": "'", "`": "'",
  "“": '"', "”": '"', "„": '"', "″": '"', "«": '"', "»": '"',
  "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "−": "-", "…": "...", "•": "-",
  "\u00a0": " ", "\u2007": " ", "\u2009": " ", "\u200a": " ", "\u202f": " ", "\u2003": " ", "\u2002": " ",
  "\t": " ", "\u200b": "", "\ufeff": "", "\u00ad": "",
};

export function measure(text) {
  const plain = [...text].map((one) => PLAIN[one] ?? one).join("");
  const characters = [...plain];
  const odd = [...new Set(characters.filter((one) => !BASIC.has(one) && !EXTENDED.has(one)))];
  if (odd.length) return { odd, units: plain.length, segments: among(plain.length, 70, 67) };
  const units = characters.reduce((sum, one) => sum + (EXTENDED.has(one) ? 2 : 1), 0);
  return { odd, units, segments: among(units, 160, 153) };
}

function among(units, single, joined) {
  return units <= single ? 1 : Math.ceil(units / joined);
}

export function parts(form) {
  const words = form.querySelector("textarea");
  const link = form.querySelector("select[name=link]");
  const said = form.querySelector(".hub-parts");
  const { frame, own, answers, pence } = form.dataset;
  let waiting = 0;
  const count = () => {
    // A box for every way counts where a text is chosen.
    const way = form.querySelector("input[name=way]:checked");
    if (way && way.value !== "sms") {
      said.textContent = "";
      return;
    }
    let text = `${frame} ${words.value.trim().replace(/\s+/g, " ")}`;
    const [kind, slug] = (link?.value ?? "").split(":");
    if (kind === "answer") text += ` ${answers}${slug}/`;
    if (kind === "own") text += "x".repeat(Number(own));
    const { odd, units, segments } = measure(text);
    const price = Math.round(segments * Number(pence) * 10) / 10;
    const why = odd.length ? ` The characters ${odd.join(" ")} make it dearer.` : "";
    said.textContent = `${units} characters, ${segments === 1 ? "1 part" : `${segments} parts`}, ${price}p.${why}`;
  };
  // Who listens is told when the typing pauses, not at each letter.
  const soon = () => {
    clearTimeout(waiting);
    waiting = setTimeout(count, 400);
  };
  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
  count();
}
