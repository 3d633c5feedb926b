import type { ScannerInput } from './input-room.ts';

/**
 * Codes in pictures that are chosen as files.
 *
 * @param field an `<input type="file" accept="image/*">` of the page; it is emptied, so that the same file can be chosen again
 */
export function fileInput(field: HTMLInputElement): ScannerInput {
  return {
    connect(room) {
      const onChange = () => {
        const [image] = field.files ?? [];
        if (image) room.readImage(image);
        field.value = '';
      };
      field.addEventListener('change', onChange);
      return { disconnect: () => field.removeEventListener('change', onChange) };
    },
  };
}
