import wasmUrl from 'zxing-wasm/reader/zxing_reader.wasm?url';
import { serveReader } from './serve-reader.ts';

serveReader({ wasmUrl, loadPlainReader: () => import('../plain-reader.ts') });
