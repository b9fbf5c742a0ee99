/* 政信 Zhengxin · sends the form of a return from the identity provider; without this file its button does. */
(function () {
  'use strict';
  var form = document.querySelector('form[data-zx-onward]');
  // Going back to this page must not send it again.
  if (form && !(history.state && history.state.sent)) {
    history.replaceState({ sent: true }, '', location.pathname);
    form.submit();
  }
}());
