import type { CameraProblem } from '../input/camera-problem.ts';
import type { SightAdvice } from '../input/sight-advice.ts';
import type { Explanation } from './explanation.ts';

/** What the pages say of the camera. */
export interface CameraWords {
  readonly problem: Readonly<Record<CameraProblem, Explanation>>;
  /** What would help it to read. */
  readonly advice: Readonly<Record<SightAdvice, string>>;
  readonly choose: string;
  /** One that the browser does not name. @param number from 1 */
  readonly unnamed: (number: number) => string;
  /** The one that was chosen is not there. @param used the name of the other one */
  readonly substitute: (used: string) => string;
  readonly torch: string;
  readonly zoomIn: string;
  readonly zoomOut: string;
  readonly zoomed: (factor: string) => string;
  readonly focus: string;
}

export const CAMERA_CHINESE: CameraWords = {
  problem: {
    denied: {
      reason: '浏览器没有获准使用摄像头。',
      next: '点地址栏的摄像头图标，改成“允许”，画面会自己出现。',
    },
    blocked: {
      reason: '浏览器没有获准使用摄像头。',
      next: '点地址栏的摄像头图标，选“允许”，然后再试一次；改不了请联系管理员。',
    },
    dismissed: { reason: '浏览器询问能否使用摄像头，还没有回答。', next: '请点“再试一次”，然后选“允许”。' },
    blocked_by_system: {
      reason: '这台设备的系统设置不让浏览器用摄像头。',
      next: '请在系统设置的“隐私”里打开“摄像头”，允许浏览器使用，然后再试一次。',
    },
    blocked_by_policy: {
      reason: '嵌入本页面的网页没有允许使用摄像头。',
      next: '请单独打开本页面；或请管理员在嵌入处加上摄像头权限（allow="camera"）。',
    },
    missing: { reason: '没有找到摄像头。', next: '请接好摄像头，画面会自己出现；也可以选择一张二维码图片。' },
    busy: { reason: '摄像头正被别的程序占用。', next: '请关闭正在用摄像头的程序，画面会自己回来。' },
    insecure: {
      reason: '这个网址不安全，浏览器不让用摄像头。',
      next: '请用 https:// 或 http://localhost 打开本页面。',
    },
    lost: { reason: '摄像头断开了。', next: '请检查插头和连线，接好后画面会自己回来。' },
    stalled: { reason: '摄像头打开了，但没有画面。', next: '请拔插摄像头；仍不行请换一个摄像头，或重启浏览器。' },
    failed: { reason: '摄像头打不开。', next: '请拔插摄像头或重启浏览器，然后再试一次。' },
  },
  advice: {
    black: '画面全黑：请打开镜头盖，或换一个摄像头',
    dim: '光线太暗：请开灯，或把手机调亮',
    closer: '请把码靠近一些',
    still: '请拿稳，不要晃动',
  },
  choose: '摄像头',
  unnamed: (number) => `摄像头 ${number}`,
  substitute: (used) => `上次选的摄像头没有接上，现在用的是：${used}`,
  torch: '补光灯',
  zoomIn: '放大',
  zoomOut: '缩小',
  zoomed: (factor) => `${factor} 倍`,
  focus: '对焦',
};

export const CAMERA_ENGLISH: CameraWords = {
  problem: {
    denied: {
      reason: 'The browser may not use the camera.',
      next: 'Press the camera icon in the address bar and choose “Allow”: the picture appears by itself.',
    },
    blocked: {
      reason: 'The browser may not use the camera.',
      next: 'Press the camera icon in the address bar, choose “Allow”, then try again. If you cannot, ask your administrator.',
    },
    dismissed: {
      reason: 'The browser asked whether it may use the camera, and got no answer.',
      next: 'Press “Try again”, then choose “Allow”.',
    },
    blocked_by_system: {
      reason: 'The settings of this device do not let the browser use the camera.',
      next: 'Open the privacy settings of the device, allow the browser to use the camera, then try again.',
    },
    blocked_by_policy: {
      reason: 'The page around this one does not allow it the camera.',
      next: 'Open this page by itself, or have your administrator allow the camera where it is embedded (allow="camera").',
    },
    missing: {
      reason: 'No camera was found.',
      next: 'Connect a camera and the picture appears by itself, or choose an image of the code.',
    },
    busy: {
      reason: 'Another program is using the camera.',
      next: 'Close the program that uses the camera: the picture comes back by itself.',
    },
    insecure: {
      reason: 'This address is not secure, so the browser blocks the camera.',
      next: 'Open this page by https:// or http://localhost.',
    },
    lost: {
      reason: 'The camera was disconnected.',
      next: 'Check the plug and the cable: once it is connected, the picture comes back by itself.',
    },
    stalled: {
      reason: 'The camera is open but gives no picture.',
      next: 'Unplug the camera and plug it in again. If that does not help, use another one or restart the browser.',
    },
    failed: {
      reason: 'The camera cannot be opened.',
      next: 'Reconnect the camera or restart the browser, then try again.',
    },
  },
  advice: {
    black: 'The picture is black: uncover the lens, or use another camera',
    dim: 'Too dark: switch on a light, or make the phone brighter',
    closer: 'Hold the code closer',
    still: 'Hold the code still',
  },
  choose: 'Camera',
  unnamed: (number) => `Camera ${number}`,
  substitute: (used) => `The camera chosen last is not connected. In use: ${used}`,
  torch: 'Light',
  zoomIn: 'Enlarge',
  zoomOut: 'Make smaller',
  zoomed: (factor) => `${factor} ×`,
  focus: 'Focus',
};
