import { createScanner, fileInput, pasteInput } from '@zhengma/scanner-web';

const service = document.querySelector('meta[name="zhengma-service"]').content;
const doing = document.querySelector('#doing');
const answers = document.querySelector('#answers');

// No camera among the inputs: its code is not in this page.
const scanner = createScanner({
  inputs: [pasteInput(), fileInput(document.querySelector('input'))],
  service,
  businessType: '02121',
});
scanner.on('state', ({ work }) => {
  doing.textContent = work;
});
scanner.on('verdict', ({ tone, code, person }) => {
  const answer = document.createElement('li');
  answer.textContent = `${tone} ${code} ${person?.name ?? ''}`;
  answers.prepend(answer);
  scanner.next();
});
scanner.start();
