/* SHA-256 and SHA-512 (FIPS 180-4). Written here because browsers offer crypto.subtle on https only, and a county
   portal is often plain http. Input and output are Uint8Array. */

// First 32 (64) bits of the fractional parts of roots of the first primes, computed instead of typed in.
function primes(count) {
  const found = [];
  for (let n = 2; found.length < count; n++) if (found.every((p) => n % p)) found.push(n);
  return found;
}
function root(n, degree) {  // floor(n^(1/degree)) of a BigInt, by bisection
  let low = 0n, high = 1n << 80n;
  while (high - low > 1n) {
    const middle = (low + high) >> 1n;
    if (middle ** degree <= n) low = middle; else high = middle;
  }
  return low;
}
const fraction = (prime, degree) => root(BigInt(prime) << (64n * degree), degree) & 0xffffffffffffffffn;
const K512 = primes(80).map((p) => fraction(p, 3n));
const H512 = primes(8).map((p) => fraction(p, 2n));
const K256 = K512.slice(0, 64).map((k) => Number(k >> 32n));
const H256 = H512.map((h) => Number(h >> 32n));

function padded(bytes, block) {
  const field = block / 8;
  const length = Math.ceil((bytes.length + 1 + field) / block) * block;
  const out = new Uint8Array(length);
  out.set(bytes);
  out[bytes.length] = 0x80;
  new DataView(out.buffer).setBigUint64(length - 8, BigInt(bytes.length) * 8n);
  return out;
}

export function sha256(bytes) {
  const data = new DataView(padded(bytes, 64).buffer);
  const state = H256.slice();
  const w = new Int32Array(64);
  const turn = (x, n) => (x >>> n) | (x << (32 - n));
  for (let at = 0; at < data.byteLength; at += 64) {
    for (let i = 0; i < 16; i++) w[i] = data.getInt32(at + 4 * i);
    for (let i = 16; i < 64; i++) {
      const a = w[i - 15], b = w[i - 2];
      w[i] = w[i - 16] + w[i - 7] + (turn(a, 7) ^ turn(a, 18) ^ (a >>> 3)) + (turn(b, 17) ^ turn(b, 19) ^ (b >>> 10));
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let i = 0; i < 64; i++) {
      const s = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + K256[i] + w[i]) | 0;
      const t = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
      h = g; g = f; f = e; e = (d + s) | 0; d = c; c = b; b = a; a = (s + t) | 0;
    }
    [a, b, c, d, e, f, g, h].forEach((value, i) => { state[i] = (state[i] + value) | 0; });
  }
  const out = new DataView(new ArrayBuffer(32));
  state.forEach((value, i) => out.setInt32(4 * i, value));
  return new Uint8Array(out.buffer);
}

export function sha512(bytes) {
  const data = new DataView(padded(bytes, 128).buffer);
  const state = H512.slice();
  const w = new Array(80);
  const cut = (x) => BigInt.asUintN(64, x);
  const turn = (x, n) => cut((x >> n) | (x << (64n - n)));
  for (let at = 0; at < data.byteLength; at += 128) {
    for (let i = 0; i < 16; i++) w[i] = data.getBigUint64(at + 8 * i);
    for (let i = 16; i < 80; i++) {
      const a = w[i - 15], b = w[i - 2];
      w[i] = cut(w[i - 16] + w[i - 7] + (turn(a, 1n) ^ turn(a, 8n) ^ (a >> 7n)) + (turn(b, 19n) ^ turn(b, 61n) ^ (b >> 6n)));
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let i = 0; i < 80; i++) {
      const s = h + (turn(e, 14n) ^ turn(e, 18n) ^ turn(e, 41n)) + ((e & f) ^ (cut(~e) & g)) + K512[i] + w[i];
      const t = (turn(a, 28n) ^ turn(a, 34n) ^ turn(a, 39n)) + ((a & b) ^ (a & c) ^ (b & c));
      h = g; g = f; f = e; e = cut(d + s); d = c; c = b; b = a; a = cut(s + t);
    }
    [a, b, c, d, e, f, g, h].forEach((value, i) => { state[i] = cut(state[i] + value); });
  }
  const out = new DataView(new ArrayBuffer(64));
  state.forEach((value, i) => out.setBigUint64(8 * i, value));
  return new Uint8Array(out.buffer);
}
