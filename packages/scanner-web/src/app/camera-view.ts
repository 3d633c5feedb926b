import type { Point, ReadCode, UnreadCode } from '../engine/reading.ts';
import type { CameraDevice } from '../input/camera-choice.ts';
import { type CameraSetup, findZoomStep, type SetupEvent } from '../input/camera-setup.ts';
import type { CameraState } from '../input/camera-state.ts';
import { chooseDigitalZoom } from '../input/camera-track.ts';
import type { Place, Size } from '../input/digital-zoom.ts';
import { element, keepFocus } from '../look/element.ts';
import { type IconName, icon } from '../look/icon.ts';
import type { CameraWords } from '../words/camera-words.ts';

/** What the operator can do with the camera. */
export interface CameraActions {
  readonly onCamera: (event: SetupEvent) => void;
  /** @param touch in pixels of the picture's box; nothing for its middle */
  readonly onFocus: (touch?: Place) => void;
}

/** The codes of one frame, their corners in pixels of it. */
export interface Outlines {
  readonly size: Size;
  readonly codes: readonly Pick<ReadCode, 'corners'>[];
  readonly unread: readonly Pick<UnreadCode, 'corners'>[];
}

/** The picture, the lines around the codes in it, and what can be set. */
export interface CameraView {
  readonly video: HTMLVideoElement;
  readonly picture: HTMLElement;
  readonly controls: HTMLElement;
  show(camera: CameraState, setup: CameraSetup, words: CameraWords): void;
  /** Draws the lines of one frame, in place of those of the last one. */
  outline(outlines: Outlines): void;
  /** Takes the lines away. */
  clear(): void;
}

/** The video element lives as long as the page: a camera is opened once, not with every rendering. */
export function createCameraView({ onCamera, onFocus }: CameraActions): CameraView {
  let setup: CameraSetup | undefined;
  let shownWords: CameraWords | undefined;
  const video = element('video', { muted: true, playsinline: true });
  video.muted = true;
  const lines = createOutline();
  const picture = element(
    'div',
    {
      class: 'picture',
      click: (event) => {
        if (setup?.abilities.focus !== 'place') return;
        const { clientX, clientY } = event as MouseEvent;
        const { left, top } = picture.getBoundingClientRect();
        onFocus({ x: clientX - left, y: clientY - top });
      },
    },
    video,
    lines.root,
  );

  const chooserLabel = element('span');
  const chooser = element('select', {
    change: () => {
      const camera = setup?.devices.find(({ id }) => id === chooser.value);
      if (camera) onCamera({ kind: 'camera_chosen', camera });
    },
  });
  const choice = element('label', { class: 'camera-choice' }, icon('camera'), chooserLabel, chooser);
  const torch = createControl('torch', () => onCamera({ kind: 'torch_switched', isOn: !setup?.isTorchOn }));
  const [zoomOut, zoomIn] = (['out', 'in'] as const).map((direction) =>
    createControl(direction === 'in' ? 'plus' : 'minus', () => {
      const zoom = setup && findZoomStep(setup, direction);
      if (zoom !== undefined) onCamera({ kind: 'zoom_chosen', zoom });
    }),
  ) as [Control, Control];
  const factor = element('output', { class: 'zoom-factor' });
  const zoom = element('div', { class: 'zoom', role: 'group' }, zoomOut.button, factor, zoomIn.button);
  const focus = createControl('focus', () => onFocus());
  const note = element('p', { class: 'camera-note', role: 'status' });
  const controls = element('div', { class: 'camera-controls' }, note, choice, torch.button, zoom, focus.button);

  function showChoice({ devices, used }: CameraSetup, words: CameraWords): void {
    choice.hidden = devices.length < 2;
    // Drawn anew, a list that is open would be closed.
    if (devices !== setup?.devices || words !== shownWords) {
      const names = nameCameras(devices, words);
      chooser.replaceChildren(...devices.map(({ id }, at) => element('option', { value: id }, names[at] ?? '')));
    }
    chooser.value = used?.id ?? '';
  }

  return {
    video,
    picture,
    controls,
    show(camera, next, words) {
      const { abilities, used } = next;
      const isLive = camera.kind === 'live';
      showChoice(next, words);
      chooserLabel.textContent = words.choose;
      const place = next.devices.findIndex(({ id }) => id === used?.id);
      const isOther = isLive && next.isSubstitute;
      const said = isOther ? words.substitute(nameCameras(next.devices, words)[place] ?? words.unnamed(1)) : '';
      if (note.textContent !== said) note.textContent = said;

      torch.button.hidden = !isLive || !abilities.torch;
      torch.button.setAttribute('aria-pressed', String(next.isTorchOn));
      torch.label.textContent = words.torch;
      zoom.hidden = !isLive || abilities.mostZoom <= 1;
      zoomOut.label.textContent = words.zoomOut;
      zoomIn.label.textContent = words.zoomIn;
      zoomOut.button.setAttribute('aria-disabled', String(findZoomStep(next, 'out') === undefined));
      zoomIn.button.setAttribute('aria-disabled', String(findZoomStep(next, 'in') === undefined));
      factor.textContent = words.zoomed(String(Math.round(next.zoom * 10) / 10));
      focus.button.hidden = !isLive || !abilities.focus;
      focus.label.textContent = words.focus;

      picture.classList.toggle('mirrored', next.isMirrored);
      const scale = chooseDigitalZoom(abilities, next.zoom);
      video.style.transform = scale === 1 ? '' : `scale(${scale})`;
      if (!isLive) lines.clear();
      setup = next;
      shownWords = words;
    },
    outline: lines.draw,
    clear: lines.clear,
  };
}

interface Control {
  readonly button: HTMLButtonElement;
  readonly label: HTMLElement;
}

function createControl(name: IconName, click: () => void): Control {
  const label = element('span');
  const button = element('button', { class: 'button small control', type: 'button', mousedown: keepFocus, click });
  button.append(icon(name), label);
  return { button, label };
}

/** What the browser calls them; those without a name, or with that of another one, get a number. */
function nameCameras(devices: readonly CameraDevice[], words: CameraWords): string[] {
  return devices.map(({ label }, at) => {
    if (label === '') return words.unnamed(at + 1);
    const isShared = devices.some((other, place) => place !== at && other.label === label);
    return isShared ? `${label} (${at + 1})` : label;
  });
}

const SVG = 'http://www.w3.org/2000/svg';

/**
 * The lines lie over the video like a second picture: of the size of the frame that was read, and fitted into the box by the
 * same rule, so that they need no arithmetic of their own.
 */
function createOutline() {
  const root = document.createElementNS(SVG, 'svg');
  root.setAttribute('class', 'outline');
  root.setAttribute('preserveAspectRatio', 'xMidYMid slice');
  root.setAttribute('aria-hidden', 'true');
  let missed = 0;

  return {
    root,
    draw({ size, codes, unread }: Outlines): void {
      const found = [
        ...codes.map((code) => drawLine(code.corners, 'read')),
        ...unread.map((code) => drawLine(code.corners, 'unread')),
      ];
      missed = found.length > 0 ? 0 : missed + 1;
      // A code in the hand is missed in some frames: lines that come and go say nothing.
      if (missed === 1 || missed === 2 || (missed > 0 && root.childElementCount === 0)) return;
      root.setAttribute('viewBox', `0 0 ${size.width} ${size.height}`);
      root.replaceChildren(...found);
    },
    clear: () => root.replaceChildren(),
  };
}

function drawLine(corners: readonly Point[], kind: 'read' | 'unread'): SVGElement {
  const line = document.createElementNS(SVG, 'polygon');
  line.setAttribute('class', kind);
  line.setAttribute('points', corners.map(({ x, y }) => `${x},${y}`).join(' '));
  return line;
}
