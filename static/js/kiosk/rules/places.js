// Postcodes as people type them, found in the county's own list: accounts/areas.py.
//
// The list has the postcodes of a sector in a row: two letters of the unit, then the number of the
// area in 36s, two signs. "WR11 4": "AA0bAB0b" is WR11 4AA and WR11 4AB, both in areas[11].
const SHAPE = /^[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][ABD-HJLNP-UW-Z]{2}$/;
const UNIT = 2;
const STEP = 4;

export const compact = (text) => text.toUpperCase().replace(/[^A-Z0-9]/g, "");
export const spaced = (postcode) => `${postcode.slice(0, -3)} ${postcode.slice(-3)}`;

// Where a postcode is, `{postcode, codes, district, name}`; or what is wrong with it. `ask` says
// whom to ask who cannot tell the place (the content's `hub.ask`).
export function look(places, text, ask) {
  const postcode = compact(text);
  if (!SHAPE.test(postcode)) {
    return { wrong: "postcode", facts: {} };
  }
  const area = areaOf(places, postcode);
  if (area) {
    return { postcode: spaced(postcode), ...area };
  }
  const isNear = places.nearby.includes(/^[A-Z]+/.exec(postcode)[0]);
  return {
    wrong: isNear ? "postcode_unknown" : "postcode_outside",
    facts: { postcode: spaced(postcode), county: places.county, ask },
  };
}

function areaOf(places, postcode) {
  const sector = spaced(postcode).slice(0, -UNIT);
  const row = Object.hasOwn(places.postcodes, sector) ? places.postcodes[sector] : "";
  const unit = postcode.slice(-UNIT);
  for (let at = 0; at < row.length; at += STEP) {
    if (row.startsWith(unit, at)) {
      return places.areas[parseInt(row.slice(at + UNIT, at + STEP), 36)] ?? null;
    }
  }
  return null;
}
