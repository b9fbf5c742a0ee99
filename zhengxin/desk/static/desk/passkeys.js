/* 政信 Zhengxin · passkeys: sign in, enrol, sign. Pages also work without this file, by code. */
(function () {
  'use strict';
  function bytes(text) {
    var plain = atob(text.replace(/-/g, '+').replace(/_/g, '/'));
    return Uint8Array.from(plain, function (char) { return char.charCodeAt(0); });
  }
  function text(buffer) {
    var plain = String.fromCharCode.apply(null, new Uint8Array(buffer));
    return btoa(plain).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
  }
  function withBytes(list) {
    return (list || []).map(function (each) { return Object.assign({}, each, { id: bytes(each.id) }); });
  }
  // What the device made of the question, as JSON with base64url.
  function answerOf(made) {
    var said = made.response, response = { clientDataJSON: text(said.clientDataJSON) };
    if (said.attestationObject) response.attestationObject = text(said.attestationObject);
    if (said.authenticatorData) response.authenticatorData = text(said.authenticatorData);
    if (said.signature) response.signature = text(said.signature);
    return JSON.stringify({ id: made.id, rawId: text(made.rawId), type: made.type, response: response });
  }
  function put(kind, question) {
    question.challenge = bytes(question.challenge);
    if (kind === 'create') {
      question.user.id = bytes(question.user.id);
      question.excludeCredentials = withBytes(question.excludeCredentials);
      return navigator.credentials.create({ publicKey: question });
    }
    question.allowCredentials = withBytes(question.allowCredentials);
    return navigator.credentials.get({ publicKey: question });
  }
  function go(button) {
    var form = button.form, said = form.querySelector('[data-passkey-said]');
    var asked = new FormData(form);
    asked.append('ask', '1');
    button.disabled = true;
    said.textContent = '';
    fetch(form.action, { method: 'POST', body: asked, credentials: 'same-origin' })
      .then(function (answer) {
        // The form itself is not sound, or what it shows has changed: send it, and the page says so.
        if (!answer.ok || !/json/.test(answer.headers.get('content-type'))) { form.submit(); return null; }
        return answer.json().then(function (question) { return put(button.dataset.passkey, question); });
      })
      .then(function (made) {
        if (!made) return;
        form.elements.assertion.value = answerOf(made);
        form.requestSubmit();
      })
      .catch(function () { said.textContent = said.dataset.failed; })
      .finally(function () { button.disabled = false; });
  }
  document.querySelectorAll('[data-passkey]').forEach(function (button) {
    button.hidden = false;
    if (!window.PublicKeyCredential) {
      button.disabled = true;
      button.form.querySelector('[data-passkey-said]').textContent =
        button.form.querySelector('[data-passkey-said]').dataset.missing;
      return;
    }
    button.addEventListener('click', function () { go(button); });
  });
})();
