// Classic script in the language of old browsers: it runs where the page itself cannot even be parsed.
(() => {
  var modern =
    'noModule' in document.createElement('script') &&
    typeof WebAssembly === 'object' &&
    typeof OffscreenCanvas === 'function' &&
    typeof createImageBitmap === 'function' &&
    typeof Object.hasOwn === 'function' &&
    'indexedDB' in window &&
    'replaceChildren' in document.documentElement;
  if (modern) return;
  var sentence = document.getElementById('old-browser');
  if (sentence) sentence.removeAttribute('hidden');
})();
