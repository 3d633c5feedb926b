import '@zhengma/scanner-web/define';
import { useEffect, useRef, useState } from 'react';
import { createRoot } from 'react-dom/client';

const service = document.querySelector('meta[name="zhengma-service"]').content;

function Scanner({ onVerdict }) {
  const scanner = useRef(null);
  useEffect(() => {
    const element = scanner.current;
    const hear = ({ detail }) => onVerdict(detail);
    element.addEventListener('zhengma-verdict', hear);
    return () => element.removeEventListener('zhengma-verdict', hear);
  }, [onVerdict]);
  return <zhengma-scanner ref={scanner} service={service} inputs="camera" />;
}

function Reception() {
  const [isOpen, setOpen] = useState(true);
  const [answer, setAnswer] = useState();
  return (
    <>
      <h1>React</h1>
      <button type="button" onClick={() => setOpen(!isOpen)}>
        {isOpen ? '关闭扫码 Close' : '打开扫码 Open'}
      </button>
      <p id="answer">{answer ? `${answer.tone} ${answer.code}` : ''}</p>
      {isOpen && <Scanner onVerdict={setAnswer} />}
    </>
  );
}

createRoot(document.querySelector('#root')).render(<Reception />);
