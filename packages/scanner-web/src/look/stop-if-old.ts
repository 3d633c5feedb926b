/**
 * Imported first by each page: where old-browser.js has said that the browser is too old, nothing after this import
 * runs, and its sentence stays.
 */
if (document.querySelector('#old-browser:not([hidden])')) throw new Error('this browser is too old');
