// Classic script in ES5, the language of old browsers: it runs where the pages themselves cannot even be parsed.
// biome-ignore lint/complexity/useArrowFunction: an arrow is what old browsers stumble over
(function () {
  var sentence = document.getElementById('old-browser');
  if (!sentence) return;

  function show() {
    sentence.removeAttribute('hidden');
  }

  function canShowPages() {
    return (
      typeof Promise === 'function' &&
      'noModule' in document.createElement('script') &&
      'replaceChildren' in document.documentElement &&
      typeof Object.hasOwn === 'function' &&
      'adoptedStyleSheets' in Document.prototype &&
      typeof CSS === 'object' &&
      CSS.supports('selector(:has(a))')
    );
  }

  function canScan() {
    return (
      typeof OffscreenCanvas === 'function' &&
      typeof createImageBitmap === 'function' &&
      typeof AbortSignal === 'function' &&
      typeof AbortSignal.timeout === 'function' &&
      'indexedDB' in window &&
      // An insecure address hides the camera from new browsers too, and the page says so itself.
      'isSecureContext' in window &&
      (!window.isSecureContext || (!!navigator.mediaDevices && 'getUserMedia' in navigator.mediaDevices)) &&
      hasModuleWorkers()
    );
  }

  // An address that cannot be parsed: nothing is fetched, and a browser that knows modules in workers has read the
  // type by the time it complains about the address.
  function hasModuleWorkers() {
    var asked = false;
    var options = {
      get type() {
        asked = true;
        return 'module';
      },
    };
    try {
      new Worker('http://:', options);
    } catch (error) {
      return asked && error.name === 'SyntaxError';
    }
    return false;
  }

  if (!canShowPages() || (sentence.getAttribute('data-page') === 'scan' && !canScan())) show();

  // Syntax of next year: no list of features names it, but the page that holds it does not start.
  // biome-ignore lint/complexity/useArrowFunction: as above
  window.addEventListener('error', function (event) {
    if (/SyntaxError/.test(event.message)) show();
  });
})();
