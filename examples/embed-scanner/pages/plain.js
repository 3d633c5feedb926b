import '@zhengma/scanner-web/define';

const answers = document.querySelector('#answers');

document.querySelector('zhengma-scanner').addEventListener('zhengma-verdict', ({ detail: verdict }) => {
  const answer = document.createElement('li');
  answer.textContent = `${verdict.tone} ${verdict.code} ${verdict.person?.name ?? ''}`;
  answers.prepend(answer);
});
