/* Checks the record a page shows. The values are read from what the reader sees, never from a hidden copy. */
import { check } from './register.js';

const panel = document.querySelector('[data-proof]');
const proof = JSON.parse(document.getElementById('proof-data').textContent);
const part = (name) => panel.querySelector(`[data-proof-${name}]`);
const brief = (digest) => `${digest.slice(0, 12)} … ${digest.slice(-12)}`;
const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
const pause = () => new Promise((done) => { setTimeout(done, still ? 0 : 120); });

/* 2026年9月15日 -> 2026-09-15; with a clock reading, Beijing time, -> 2026-09-15T01:02:03Z */
function instant(shown) {
  const [y, m, d, h, min, s] = shown.match(/\d+/g).map(Number);
  const two = (n) => String(n).padStart(2, '0');
  if (h === undefined) return `${y}-${two(m)}-${two(d)}`;
  return new Date(Date.UTC(y, m - 1, d, h - 8, min, s)).toISOString().replace('.000Z', 'Z');
}

function valueOf(element) {
  if ('list' in element.dataset) return Array.from(element.querySelectorAll('[data-item]'), valueOf);
  return element.localName === 'time' ? instant(element.textContent) : element.textContent;
}

function seen() {
  const shown = { open: { ...proof.disclosure.blank } };  // fields without content have no place on the page
  const leaf = { ...proof.disclosure.leaf };
  for (const element of document.querySelectorAll('[data-field]')) {
    shown.open[element.dataset.field] = valueOf(element);
  }
  for (const element of document.querySelectorAll('[data-group]')) {
    shown[element.dataset.group] = valueOf(element);
  }
  for (const element of document.querySelectorAll('[data-leaf]')) {
    const name = element.dataset.leaf;
    if (element.localName === 'time') leaf[name] = instant(element.textContent);
    else leaf[name] = Number(element.getAttribute('href')?.match(/(\d+)\/$/)?.[1] ?? element.textContent.replace(/,/g, ''));
  }
  return { shown, leaf };
}

let running = 0;

async function run() {
  const turn = ++running;
  panel.dataset.state = 'wait';
  const steps = [...panel.querySelectorAll('[data-step]')];
  for (const step of steps) step.className = '';
  const { shown, leaf } = seen();
  const result = check(proof, shown, leaf);
  const held = [result.reached ? 'is-ok' : '', 'is-ok', result.reached ? 'is-ok' : 'is-bad', result.ok ? 'is-ok' : 'is-bad'];
  part('leaf').textContent = brief(result.leaf);
  for (const [index, step] of steps.entries()) {
    await pause();
    if (turn !== running) return;
    step.className = held[index];
    if (index === 2) {
      part('root').textContent = result.reached ? brief(result.root)
        : `${brief(result.root)}（${panel.dataset.should}${brief(result.checkpoint.root)}）`;
    }
  }
  const state = result.ok ? 'ok' : 'bad', glyph = result.ok ? '#t-kept' : '#t-broken';
  panel.dataset.state = state;
  part('glyph').setAttribute('href', glyph);
  part('title').textContent = result.ok ? panel.dataset.okTitle : panel.dataset.badTitle;
  part('text').textContent = result.ok ? panel.dataset.okText : panel.dataset.badText;
  const mark = document.querySelector('[data-proof-mark]');
  mark.hidden = false;
  mark.dataset.state = state;
  mark.querySelector('use').setAttribute('href', glyph);
  mark.querySelector('span').textContent = result.ok ? panel.dataset.okMark : panel.dataset.badMark;
}

const target = [...document.querySelectorAll('[data-field], [data-group]')]
  .find((element) => !element.children.length && element.localName !== 'time' && /\d/.test(element.textContent));
const truth = target?.textContent;

part('break').addEventListener('click', (event) => {
  const broken = target.classList.toggle('zx-bad');
  target.textContent = broken ? truth.replace(/\d(?=\D*$)/, (digit) => (Number(digit) + 1) % 10) : truth;
  event.currentTarget.textContent = broken ? panel.dataset.mend : panel.dataset.break;
  run();
});
part('run').addEventListener('click', run);
for (const button of panel.querySelectorAll('button')) button.hidden = false;
if (!target) part('break').hidden = true;
run();
