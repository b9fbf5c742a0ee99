/* From the values of a record to the signed root of the register: the same five steps the program itself takes.
   A proof is what /entries/<id>/proof.json gives; docs/decisions describe its form. */
import { sha256 } from './sha2.js';
import { verifySignature } from './ed25519.js';

const text = (string) => new TextEncoder().encode(string);
const ascii = (string) => Uint8Array.from(string, (c) => c.charCodeAt(0));
export const hex = (bytes) => Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');
export const unhex = (string) => Uint8Array.from(string.match(/../g) || [], (pair) => parseInt(pair, 16));
const unbase64 = (string) => ascii(atob(string));

function join(...parts) {
  const out = new Uint8Array(parts.reduce((n, part) => n + part.length, 0));
  let at = 0;
  for (const part of parts) { out.set(part, at); at += part.length; }
  return out;
}

function byCodePoint(a, b) {
  const x = Array.from(a), y = Array.from(b);
  for (let i = 0; i < Math.min(x.length, y.length); i++) {
    if (x[i] !== y[i]) return x[i].codePointAt(0) - y[i].codePointAt(0);
  }
  return x.length - y.length;
}

/** JSON with sorted keys and no spaces: equal values give equal text. */
export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value && typeof value === 'object') {
    return `{${Object.keys(value).sort(byCodePoint).map((k) => `${JSON.stringify(k)}:${canonical(value[k])}`).join(',')}}`;
  }
  return JSON.stringify(value);
}

/** The commitment to all groups: shown ones from their salt and value, others from the digest alone. */
export function commitment(shown, salts, hidden) {
  const digests = { ...hidden };
  for (const name of Object.keys(salts)) {
    digests[name] = hex(sha256(join(unhex(salts[name]), text(canonical(shown[name])))));
  }
  const parts = [text('zhengxin-commitment-1')];
  for (const name of Object.keys(digests).sort(byCodePoint)) {
    const label = text(name);
    parts.push(Uint8Array.of(label.length >> 8, label.length & 255), label, unhex(digests[name]));
  }
  return hex(sha256(join(...parts)));
}

export const leafHash = (leaf) => sha256(join(Uint8Array.of(0), text(canonical(leaf))));

/** The root that the audit path leads to (RFC 9162 §2.1.3.2), or null when its length cannot be right. */
export function rootFrom(leaf, position, size, path) {
  if (!(position >= 0 && position < size)) return null;
  let node = leaf, first = BigInt(position), last = BigInt(size) - 1n;
  for (const step of path) {
    if (last === 0n) return null;
    const other = unhex(step);
    if (first & 1n || first === last) {
      node = sha256(join(Uint8Array.of(1), other, node));
      while (!(first & 1n) && first) { first >>= 1n; last >>= 1n; }
    } else node = sha256(join(Uint8Array.of(1), node, other));
    first >>= 1n;
    last >>= 1n;
  }
  return last === 0n ? node : null;
}

/** Read a signed checkpoint (C2SP tlog-checkpoint) and check it with a verifier key "name+hash+base64". */
export function readCheckpoint(note, verifier) {
  const cut = note.indexOf('\n\n');
  const body = note.slice(0, cut + 1), lines = body.split('\n');
  const [name, , ...rest] = verifier.trim().split('+');
  const key = unbase64(rest.join('+'));
  const mark = hex(sha256(join(text(`${name}\n`), key)).slice(0, 4));
  let signed = false;
  for (const line of note.slice(cut + 2).split('\n')) {
    const [dash, signer, encoded] = line.split(' ');
    if (dash !== '—' || signer !== name || !encoded) continue;
    const raw = unbase64(encoded);
    if (hex(raw.slice(0, 4)) !== mark || key[0] !== 1) continue;
    signed = signed || verifySignature(key.slice(1), text(body), raw.slice(4));
  }
  return { origin: lines[0], size: Number(lines[1]), root: hex(unbase64(lines[2] || '')), signer: name, mark, signed };
}

/** Walk from the shown values to the signature. Each step says whether it held. */
export function check(proof, shown, leafFields) {
  const { salts, hidden } = proof.disclosure;
  const committed = commitment(shown, salts, hidden);
  const leaf = leafHash({ ...leafFields, commitment: committed });
  const checkpoint = readCheckpoint(proof.note, proof.verifier);
  const root = rootFrom(leaf, proof.position, checkpoint.size, proof.path);
  const reached = root !== null && hex(root) === checkpoint.root;
  return { leaf: hex(leaf), root: root ? hex(root) : '', checkpoint, reached, ok: reached && checkpoint.signed };
}
