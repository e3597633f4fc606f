// Who this device is: a key pair that never leaves it, and calls that are signed with it (RFC 9449,
// with the hash of what is sent). The nonce is the server's, so a clock that is wrong does not hurt.
import { read, within } from "./store.js";

const CURVE = { name: "ECDSA", namedCurve: "P-256" };
const SIGNING = { name: "ECDSA", hash: "SHA-256" };
const text = new TextEncoder();

export function encoded(bytes) {
  const letters = Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join("");
  return btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

const part = (value) => encoded(text.encode(JSON.stringify(value)));

// A fresh pair. The private half cannot be taken out, not even by us.
export async function newKey() {
  const pair = await crypto.subtle.generateKey(CURVE, false, ["sign", "verify"]);
  const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", pair.publicKey);
  return { key: pair.privateKey, jwk: { kty, crv, x, y } };
}

export const me = () => read("device", "me");
// A device that was enrolled, anew perhaps: nothing of who it was before stays but what it keeps
// sealed, and what it has to tell of that.
export const keepMe = (device) =>
  within(["device", "numbers"], "readwrite", (rows, numbers) => {
    for (const name of ["beat", "clock", "done", "message", "nonce"]) rows.delete(name);
    numbers.clear();
    rows.put(device, "me");
  });

export async function proof({ key, jwk }, { method, path, body, nonce }) {
  const header = { typ: "dpop+jwt", alg: "ES256", jwk };
  const claims = {
    jti: crypto.randomUUID(),
    htm: method,
    htu: new URL(path, location.origin).href,
    iat: Math.floor(Date.now() / 1000),
    nonce,
    body: encoded(await crypto.subtle.digest("SHA-256", text.encode(body))),
  };
  const signed = `${part(header)}.${part(claims)}`;
  return `${signed}.${encoded(await crypto.subtle.sign(SIGNING, key, text.encode(signed)))}`;
}

let nonce = "";

// A page that the server made brings a nonce with it.
export function useNonce(fresh) {
  nonce = fresh;
}

// A signed call. Where our nonce is too old the answer brings a fresh one, and it is made again.
export async function call(device, path, value, { signal } = {}) {
  const body = JSON.stringify(value);
  for (let turn = 0; ; turn += 1) {
    const answer = await fetch(path, {
      method: "POST",
      body,
      signal,
      redirect: "error",
      headers: {
        "Content-Type": "application/json",
        DPoP: await proof(device, { method: "POST", path, body, nonce }),
      },
    });
    const said = await answer.json().catch(() => ({}));
    if (said.nonce) nonce = said.nonce;
    if (answer.status !== 401 || turn) return { status: answer.status, said };
  }
}
