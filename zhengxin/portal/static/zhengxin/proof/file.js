/* Checks a downloaded proof file against the verifier key printed on this page. Nothing leaves the browser. */
import { check } from './register.js';

const form = document.querySelector('[data-proof-file]');
const verifier = document.querySelector('[data-verifier]').textContent;
const outcome = form.querySelector('output');

function say(kind, title, words) {
  const notice = document.createElement('div');
  const head = document.createElement('h3'), paragraph = document.createElement('p');
  notice.className = `zx-notice zx-notice-${kind}`;
  head.textContent = title;
  paragraph.textContent = words;
  notice.append(head, paragraph);
  outcome.replaceChildren(notice);
  return notice;
}

async function examine(file) {
  let shown, result;
  try {
    const proof = JSON.parse(await file.text());
    const { open, text, leaf } = proof.disclosure;
    shown = { open };
    for (const [code, words] of Object.entries(text)) shown[`text:${code}`] = words;
    result = check({ ...proof, verifier }, shown, leaf);
  } catch {
    say('error', form.dataset.unreadable, form.dataset.unreadableText);
    return;
  }
  const notice = result.ok ? say('done', form.dataset.ok, form.dataset.okText) : say('error', form.dataset.bad, form.dataset.badText);
  const facts = document.createElement('dl');
  facts.className = 'zx-facts zx-facts-narrow';
  for (const [group, values] of Object.entries(shown)) {
    const pairs = typeof values === 'string' ? [[group.replace('text:', ''), values]] : Object.entries(values);
    for (const [code, value] of pairs) {
      const row = document.createElement('div'), name = document.createElement('dt'), content = document.createElement('dd');
      name.textContent = code;
      content.textContent = Array.isArray(value) ? value.join('、') : value;
      row.append(name, content);
      facts.append(row);
    }
  }
  notice.append(facts);
}

form.querySelector('input').addEventListener('change', (event) => {
  if (event.target.files[0]) examine(event.target.files[0]);
});
form.addEventListener('submit', (event) => event.preventDefault());
form.hidden = false;
