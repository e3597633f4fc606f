// What everybody may know already of a service: kb/queries_notices.py (`current`).

// What stands about a service where these areas are, as it was when the content was made; without a
// place, wherever it stands. `now` is the server's time in ms.
export function standing(notices, service, codes, now) {
  const isNow = (one) => one.from <= now && (one.until === null || now < one.until);
  const isHere = (one) => one.everywhere || codes.length === 0 || one.codes.some((code) => codes.includes(code));
  return notices.filter((one) => one.services.includes(service) && isNow(one) && isHere(one));
}

// Whether it takes longer than was expected.
export const isLate = (notice, now) => notice.expected !== null && notice.expected <= now;
