// The first screens, and those that say what cannot be done without the line.
import * as flow from "../flow.js";

// The languages of this device that it has the words of; the page's own always.
function tongues(here) {
  const has = [here.language, ...(here.languages ?? [])];
  const wanted = here.settings.languages?.length ? here.settings.languages : has;
  return has.filter((code) => code === here.language || wanted.includes(code));
}

export const attract = (here) => ({
  name: "attract",
  values: {
    site: here.device?.site ?? "",
    cannot: here.cannot,
    ...Object.fromEntries(tongues(here).map((code) => [code, true])),
  },
  back: null,
  on: {},
});

export const menu = (here) => ({
  name: "menu",
  values: { cannot: here.cannot, helped: Boolean(here.visit?.assist) },
  back: null,
  on: {
    staff: () => ({ to: "staff" }),
    about: () => ({ to: "about" }),
    search: () => ({ to: "search", text: "" }),
    people: () => ({ to: "people" }),
    away: () => ({ to: "away" }),
  },
});

export const away = (here, at) => ({ name: "away", values: {}, back: at.from ?? { to: "menu" }, on: { menu: () => ({ to: "menu" }) } });

export const people = (here, at) => ({
  name: "people",
  values: { helped: Boolean(here.visit?.assist) },
  back: at.from ?? { to: "menu" },
  on: { staff: () => ({ to: "staff", from: at }) },
});

// A screen that failed: what was said stays, and one goes on by a touch, never by itself.
export const failed = (here) => ({
  name: "failed",
  values: { visit: Boolean(here.visit && !here.receipt), reference: here.receipt?.reference ?? "" },
  problem: true,
  back: null,
  on: { go_on: () => (here.visit?.asked ? flow.onward(here.visit, here.today()) : { to: "menu" }) },
});

// The code of somebody who helps is kept with what is sent, and looked at where it arrives. They
// go on where the person was whom they came to.
export function staff(here, at) {
  return {
    name: "staff",
    values: { wrong: at.wrong, described: at.wrong ? "code-wrong" : "", invalid: at.wrong ? "true" : "" },
    errors: at.wrong ? [{ href: "#code", text: at.wrong }] : [],
    back: at.from ?? { to: "menu" },
    on: {},
    submit: (data) => {
      const code = String(data.get("code") ?? "").replace(/[\s-]/g, "");
      if (!/^[0-9]{8}$/.test(code)) return { ...at, wrong: here.word("staff_code") };
      here.visit = { ...here.visit, assist: code };
      return at.from?.from ?? { to: "menu" };
    },
  };
}
