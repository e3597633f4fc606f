// Seals to the server's public key, so that this device cannot read it again: a compact JWE,
// ECDH-ES with P-256 straight to the content's key, AES-256-GCM (RFC 7516, RFC 7518 4.6 and 5.3).
import { encoded } from "./device.js";

const CURVE = { name: "ECDH", namedCurve: "P-256" };
const text = new TextEncoder();

const number = (value) => {
  const four = new Uint8Array(4);
  new DataView(four.buffer).setUint32(0, value);
  return four;
};

async function joined(parts) {
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

// The Concat KDF with SHA-256, one round: enough for keys of up to 256 bits.
export async function derived(secret, { enc, bits, apu = "", apv = "" }) {
  const said = [enc, apu, apv].flatMap((one) => [number(text.encode(one).length), text.encode(one)]);
  const input = await joined([number(1), new Uint8Array(secret), ...said, number(bits)]);
  const digest = await crypto.subtle.digest("SHA-256", input);
  return new Uint8Array(digest).slice(0, bits / 8);
}

// `more` goes into the protected header: readable by who carries it, changed by nobody.
export async function sealed(value, jwk, more) {
  const { kty, crv, x, y, kid } = jwk;
  const theirs = await crypto.subtle.importKey("jwk", { kty, crv, x, y }, CURVE, false, []);
  const ours = await crypto.subtle.generateKey(CURVE, true, ["deriveBits"]);
  const epk = await crypto.subtle.exportKey("jwk", ours.publicKey);
  const shared = { name: "ECDH", public: theirs };
  const secret = await crypto.subtle.deriveBits(shared, ours.privateKey, 256);
  const bytes = await derived(secret, { enc: "A256GCM", bits: 256 });
  const key = await crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt"]);
  const header = {
    alg: "ECDH-ES",
    enc: "A256GCM",
    epk: { kty: epk.kty, crv: epk.crv, x: epk.x, y: epk.y },
    kid,
    ...more,
  };
  const shown = encoded(text.encode(JSON.stringify(header)));
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const way = { name: "AES-GCM", iv, additionalData: text.encode(shown), tagLength: 128 };
  const all = new Uint8Array(await crypto.subtle.encrypt(way, key, text.encode(JSON.stringify(value))));
  const body = all.slice(0, -16);
  const tag = all.slice(-16);
  return [shown, "", encoded(iv), encoded(body), encoded(tag)].join(".");
}
