// The first screens, and those that say what cannot be done without the line.
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
  values: { cannot: here.cannot },
  back: null,
  on: {
    about: () => ({ to: "about" }),
    search: () => ({ to: "search", text: "" }),
    people: () => ({ to: "people" }),
    away: () => ({ to: "away" }),
  },
});

export const away = (here, at) => ({ name: "away", values: {}, back: at.from ?? { to: "menu" }, on: { menu: () => ({ to: "menu" }) } });

export const people = (_here, at) => ({ name: "people", values: {}, back: at.from ?? { to: "menu" }, on: {} });
