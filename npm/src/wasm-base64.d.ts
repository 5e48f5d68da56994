// Written by scripts/build.mjs: the module as base64.
export const wasmBase64: string;
