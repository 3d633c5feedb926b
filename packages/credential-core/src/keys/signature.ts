/** Checks signatures of one public key. Never throws: a signature of a wrong length is simply false. */
export type VerifySignature = (message: Uint8Array, signature: Uint8Array) => Promise<boolean>;

/** Makes signatures of one private key: 64 bytes over the whole message (RFC 8032 §5.1.6). */
export type SignMessage = (message: Uint8Array) => Promise<Uint8Array>;
