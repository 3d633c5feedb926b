/** The shapes that carry meaning; each differs from the others without its colour. */
export type IconName =
  | 'valid'
  | 'unsure'
  | 'refused'
  | 'foreign'
  | 'camera'
  | 'image'
  | 'refresh'
  | 'offline'
  | 'person'
  | 'phone'
  | 'lists'
  | 'torch'
  | 'plus'
  | 'minus'
  | 'focus'
  | 'gun'
  | 'gear'
  | 'send'
  | 'print'
  | 'screen';

/** Strokes on a 24 × 24 field. */
const PATHS: Readonly<Record<IconName, readonly string[]>> = {
  valid: ['M4 12.5l5.2 5.2L20 6.8'],
  unsure: ['M12 3.2 22 20.6H2Z', 'M12 9.8v4.6', 'M12 17.6v.1'],
  refused: ['M6 6l12 12', 'M18 6 6 18'],
  foreign: ['M9 9.2a3.1 3.1 0 1 1 4.6 2.7c-1 .6-1.6 1.2-1.6 2.5', 'M12 18v.1'],
  camera: ['M3 8.5h4l1.6-2.5h6.8L17 8.5h4v11H3Z', 'M12 17.2a3.4 3.4 0 1 0 0-6.8 3.4 3.4 0 0 0 0 6.8Z'],
  image: ['M3.5 5h17v14h-17Z', 'M3.5 16l5-5 4.5 4.5 2.5-2.5 5 4.5', 'M15.6 9.2v.1'],
  refresh: ['M19.5 12a7.5 7.5 0 1 1-2.2-5.3', 'M19.6 3.6v4h-4'],
  offline: [
    'M3 3l18 18',
    'M5.2 12.2a10 10 0 0 1 4-2.4',
    'M14.4 9.7a10 10 0 0 1 4.4 2.5',
    'M8.6 15.6a5 5 0 0 1 6.8 0',
    'M12 19v.1',
  ],
  phone: ['M7 2.8h10v18.4H7Z', 'M11 17.8h2'],
  screen: ['M3 4.5h18v12H3Z', 'M9 20h6', 'M12 16.5V20'],
  gear: [
    'M12 15.2a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4Z',
    'M12 2.8v3M12 18.2v3M2.8 12h3M18.2 12h3M5.5 5.5l2.1 2.1M16.4 16.4l2.1 2.1M18.5 5.5l-2.1 2.1M7.6 16.4l-2.1 2.1',
  ],
  send: ['M4 12h13', 'M12 6l6 6-6 6', 'M21 4v16'],
  print: ['M7 8.5V3.5h10v5', 'M7 17H3.5V8.5h17V17H17', 'M7 14h10v6.5H7Z'],
  lists: ['M4 5h6l2 2.5h8V19H4Z', 'M8.5 11.5h7', 'M8.5 15h7'],
  torch: ['M13 2.8 5.5 13.4h5.2L10 21.2l8-11.4h-5.4Z'],
  plus: ['M12 5v14', 'M5 12h14'],
  minus: ['M5 12h14'],
  focus: ['M4 8.5V4h4.5', 'M15.5 4H20v4.5', 'M20 15.5V20h-4.5', 'M8.5 20H4v-4.5', 'M12 12v.1'],
  gun: ['M3.5 5.5h12l4 2.5v3h-4l-4 0v0h-4l-1.8 8.5h-4l1.8-8.5', 'M11.5 11v3.2h-2.9'],
  person: ['M12 11.6a4 4 0 1 0 0-8 4 4 0 0 0 0 8Z', 'M4.4 20.6a7.6 7.6 0 0 1 15.2 0'],
};

const SVG = 'http://www.w3.org/2000/svg';

/** An icon in the colour of the text around it; the words beside it say the same, so it is hidden from readers. */
export function icon(name: IconName): SVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  for (const shape of PATHS[name]) {
    const path = document.createElementNS(SVG, 'path');
    path.setAttribute('d', shape);
    svg.append(path);
  }
  return svg;
}
