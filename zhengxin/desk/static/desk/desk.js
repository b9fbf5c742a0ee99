/* 政信 Zhengxin · small comforts of the desk. Every page also works without this file. */
(function () {
  'use strict';
  // A link to a page of confirmation opens the same form as a dialogue.
  document.addEventListener('click', function (event) {
    var opener = event.target.closest('[data-dialog]');
    if (opener) {
      var dialog = document.getElementById(opener.dataset.dialog);
      if (dialog && dialog.showModal) { event.preventDefault(); dialog.showModal(); }
    }
    var closer = event.target.closest('[data-close]');
    if (closer) { event.preventDefault(); closer.closest('dialog').close(); }
  });
  document.querySelectorAll('[data-print]').forEach(function (button) {
    button.hidden = false;
    button.addEventListener('click', function () { window.print(); });
  });
  // A second press of the same button sends nothing.
  document.addEventListener('submit', function (event) {
    var form = event.target;
    if (form.dataset.sent) { event.preventDefault(); return; }
    if (form.method !== 'post') return;
    form.dataset.sent = '1';
    form.setAttribute('aria-busy', 'true');
    var said = form.querySelector('[data-sending]');
    if (said) said.hidden = false;
  });
  window.addEventListener('pageshow', function () {
    document.querySelectorAll('form[data-sent]').forEach(function (form) {
      delete form.dataset.sent;
      form.removeAttribute('aria-busy');
    });
  });
  // The summary of errors is what a reader should hear first.
  var summary = document.querySelector('.zx-notice-error[role="alert"]');
  // Where nothing is summed up, the field that is wrong itself.
  var wrong = document.querySelector('[aria-invalid="true"]');
  if (summary) summary.focus();
  else if (wrong) wrong.focus();
  // After a swap, the new heading of the region says what is there now.
  document.addEventListener('htmx:afterSwap', function (event) {
    var heading = event.detail.target.querySelector('[data-focus]');
    if (heading) heading.focus();
  });
})();
