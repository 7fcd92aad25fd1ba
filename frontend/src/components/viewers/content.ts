/**
 * @module components/viewers/content
 * What a file is shown as, judged by its name, type and first bytes; and how its bytes are read and saved. Pure but for the download.
 */

/** The ways of showing a file. Everything else is offered as a download. */
export type ViewKind = "pdf" | "image" | "text" | "download";

/** Largest files that are opened for viewing, in bytes. Larger ones are downloaded. */
export const VIEW_LIMITS = { pdf: 64e6, image: 48e6, text: 2e6 } as const;

/** What is known of a file before it is opened. */
export type FileFacts = { readonly name: string; readonly type: string; readonly size: number };

const EXTENSIONS: readonly [ViewKind, RegExp][] = [
  ["pdf", /\.pdf$/i],
  ["image", /\.(jpe?g|png|gif|webp|avif|bmp)$/i],
  ["text", /\.(txt|md|csv|tsv|json|xml|html?|svg|log|hl7|rtf)$/i],
];
const TEXT_TYPES = /^(text\/|application\/(json|xml|xhtml\+xml|fhir\+json|fhir\+xml|rtf)$|image\/svg\+xml$)/i;
const IMAGE_TYPES = /^image\/(jpeg|png|gif|webp|avif|bmp)$/i;

/** How a file would be shown, by type first and name second. HTML and SVG are text: their code is never run. */
export function viewKindOf({ name, type, size }: FileFacts): ViewKind {
  const kind = kindOf(name, type);
  return kind !== "download" && size <= VIEW_LIMITS[kind] ? kind : "download";
}

function kindOf(name: string, type: string): ViewKind {
  const plainType = type.split(";")[0]?.trim() ?? "";
  if (plainType === "application/pdf") return "pdf";
  if (IMAGE_TYPES.test(plainType)) return "image";
  if (TEXT_TYPES.test(plainType)) return "text";
  if (plainType !== "" && plainType !== "application/octet-stream") return "download";
  return EXTENSIONS.find(([, pattern]) => pattern.test(name))?.[0] ?? "download";
}

const SIGNATURES: readonly [type: string, offset: number, bytes: readonly number[]][] = [
  ["application/pdf", 0, [0x25, 0x50, 0x44, 0x46, 0x2d]],
  ["image/jpeg", 0, [0xff, 0xd8, 0xff]],
  ["image/png", 0, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  ["image/gif", 0, [0x47, 0x49, 0x46, 0x38]],
  ["image/webp", 8, [0x57, 0x45, 0x42, 0x50]],
  ["image/avif", 4, [0x66, 0x74, 0x79, 0x70, 0x61, 0x76, 0x69]],
  ["image/bmp", 0, [0x42, 0x4d]],
];

/** The type that a file's first bytes prove, or null. Only these are given to the browser as pictures or documents. */
export async function provenType(blob: Blob): Promise<string | null> {
  const head = new Uint8Array(await blob.slice(0, 16).arrayBuffer());
  const match = SIGNATURES.find(([, offset, bytes]) => bytes.every((byte, index) => head[offset + index] === byte));
  return match?.[0] ?? null;
}

/** Bytes read before they are handed over to the browser, which may keep a Blob outside of the page's memory. */
const FOLD_BYTES = 16 * 1024 * 1024;

/** Reads a stream of plaintext to its end. `onProgress` gets the bytes done. */
export async function readAll(
  stream: ReadableStream<Uint8Array>,
  onProgress?: (doneBytes: number) => void,
): Promise<Blob> {
  let blob = new Blob([]);
  let parts: Uint8Array<ArrayBuffer>[] = [];
  let done = 0;
  const reader = stream.getReader();
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    parts.push(new Uint8Array(piece.value));
    done += piece.value.length;
    onProgress?.(done);
    if (done - blob.size < FOLD_BYTES) continue;
    blob = new Blob([blob, ...parts]);
    parts = [];
  }
  return new Blob([blob, ...parts]);
}

/** A file name without path, control or direction characters. */
export function safeFileName(name: string): string {
  const cleaned = name.replace(/[\u0000-\u001f\u007f\u200e\u200f\u202a-\u202e\u2066-\u2069/\\:*?"<>|]/g, "_").trim();
  return cleaned.replace(/^\.+/, "").slice(-120) || "record";
}

/** Saves bytes on the device. The type is neutral, so that no browser opens them instead. */
export function saveBlob(blob: Blob, name: string): void {
  const url = URL.createObjectURL(new Blob([blob], { type: "application/octet-stream" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = safeFileName(name);
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
