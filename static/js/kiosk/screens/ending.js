// Where a form ends early, everything once more, and the receipt.
import * as flow from "../flow.js";
import { phone } from "../rules/contact.js";
import * as rules from "../rules/visit.js";
import { shown } from "./showing.js";

const KINDS = ["emergency", "not_eligible", "answered", "not_ours"];

export function end(here, at) {
  const { visit } = here;
  const today = here.today();
  const found = visit.asked && rules.end(flow.formOf(visit), visit, today);
  if (!found || found.key !== at.key) return flow.onward(visit, today);
  const last = rules.beforeEnd(flow.formOf(visit), found);
  return {
    name: "end",
    values: {
      service: visit.asked.name,
      title: found.title,
      words: found.words,
      phone: found.phone,
      our_phone: found.phone && found.phone === here.content.hub.phone,
      next_step: found.next_step,
      ...Object.fromEntries(KINDS.map((kind) => [kind, found.kind === kind])),
    },
    back: last === rules.ABOUT ? { to: "about" } : { to: "question", key: last },
    on: {
      go_on: () => {
        here.visit = flow.goneOn(here.visit, found.key);
        return flow.onward(here.visit, here.today());
      },
    },
  };
}

// One line: what was asked, what was answered, and where to change it. A value of nothing is said
// by the template.
function rowsOf(here) {
  const { visit } = here;
  const rows = [{ about: true, value: visit.asked.name, unsure: !visit.service, at: "about" }];
  for (const asked of rules.asked(flow.formOf(visit), visit, here.today())) {
    const at = asked.key;
    if (asked.role === "where") {
      const postcode = { [visit.asked.home || asked.exact ? "private" : "value"]: visit.postcode };
      rows.push({ is_postcode: true, ...postcode, at }, { is_place: true, private: visit.address, at });
    } else if (asked.role === "description") {
      rows.push({ key: asked.words, value: visit.description, at });
    } else if (asked.role === "you") {
      const way = told(visit);
      rows.push({ is_told: true, at, private: way.email || way.phone, ...way });
      if (visit.tell_by !== "none") rows.push({ is_name: true, private: visit.name, at });
    } else {
      const given = visit.answers[asked.key];
      const some = Array.isArray(given) ? given.length : given;
      rows.push({ key: asked.words, value: some ? shown.answer(asked, given, here.language) : "", at });
    }
  }
  return rows.map((row) => ({
    ...row,
    veiled: veiled(row.private ?? ""),
    missing: !row.value && !row.private && !row.nobody && !row.unsure,
  }));
}

// J•• for what says who somebody is, until it is touched: not for who stands behind them.
const veiled = (text) => text.split(/\s+/).filter(Boolean).map((word) => `${[...word][0]}••`).join(" ");

const told = ({ tell_by: way, email, phone: number }) => ({
  nobody: way === "none",
  email: way === "email" ? email : "",
  phone: way === "sms" ? phone(number).shown ?? number : "",
});

export function check(here, at) {
  const next = flow.onward(here.visit, here.today());
  if (next.to !== "check") return next;
  return {
    name: "check",
    values: { rows: rowsOf(here), urgent: here.visit.asked.urgent, taken: Boolean(at.taken), cannot: at.why },
    problem: Boolean(at.why),
    back: flow.before(here.visit, "", here.today()),
    where: `${here.visit.service}/check`,
    on: {
      change: (button) => (button.value === "about" ? { to: "about" } : { to: "question", key: button.value }),
      send: () => here.send(),
    },
  };
}

export function kept(here) {
  const { receipt } = here;
  if (!receipt) return { to: "menu" };
  const way = told(receipt);
  return {
    name: "kept",
    values: {
      reference: receipt.reference,
      service: receipt.service,
      unsure: !receipt.service,
      is_cut: Boolean(receipt.isCut),
      nobody: way.nobody,
      // Who stands behind reads neither.
      email: veiled(way.email),
      phone: veiled(way.phone),
      site: here.device.site,
      kiosk: here.device.name === here.device.site ? "" : here.device.name,
      printer: here.settings.printer,
      is_a4: here.settings.printer === "a4",
      moment: shown.moment(receipt.at, here.language),
    },
    back: null,
    on: { print: () => here.print(), another: () => here.another() },
  };
}
