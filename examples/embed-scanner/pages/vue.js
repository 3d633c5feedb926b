import '@zhengma/scanner-web/define';
import { createApp, h, ref } from 'vue';

const service = document.querySelector('meta[name="zhengma-service"]').content;

// In a template: <zhengma-scanner :service="service" inputs="camera" @zhengma-verdict="answer = $event.detail" />, with
// compilerOptions.isCustomElement = (tag) => tag.startsWith('zhengma-').
const Reception = {
  setup() {
    const isOpen = ref(true);
    const answer = ref();
    return () => [
      h('h1', 'Vue'),
      h(
        'button',
        {
          type: 'button',
          onClick: () => {
            isOpen.value = !isOpen.value;
          },
        },
        isOpen.value ? '关闭扫码 Close' : '打开扫码 Open',
      ),
      h('p', { id: 'answer' }, answer.value ? `${answer.value.tone} ${answer.value.code}` : ''),
      isOpen.value
        ? h('zhengma-scanner', {
            service,
            inputs: 'camera',
            onZhengmaVerdict: ({ detail }) => {
              answer.value = detail;
            },
          })
        : null,
    ];
  },
};

createApp(Reception).mount('#root');
