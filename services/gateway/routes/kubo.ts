/**
 * @module services/gateway/routes/kubo
 * The part of Kubo's RPC that kubo-rpc-client needs (https://docs.ipfs.tech/reference/kubo/rpc/), behind sign-in and quota.
 * Blocks are ciphertext, and are served so that no browser would ever run one.
 */
import { unixfs } from "@helia/unixfs";
import { Hono, type Context } from "hono";
import { base58btc } from "multiformats/bases/base58";
import { CID } from "multiformats/cid";
import * as Digest from "multiformats/hashes/digest";
import { fromHex, type Address } from "@carekey/sdk/bytes";
import { SdkError } from "@carekey/sdk/errors";
import { ERROR_CODE_HEADER } from "@carekey/sdk/ipfs";
import { errorReply } from "../../common/errors.ts";
import { limitBody } from "../../common/http.ts";
import type { BlockCodec, BlockDoor } from "../block-door.ts";
import type { Ports } from "../ports.ts";
import { requireSession, type SignedIn } from "../session.ts";

const MAX_PUT_BODY_BYTES = 2 * 1024 ** 2;
const MAX_ADD_BODY_BYTES = 64 * 1024 ** 2;
const MAX_PIN_NAME = 128;
const MAX_PINS_LISTED = 10_000;
const CHUNK_BYTES = 1_048_576;
const INERT = {
  "Content-Type": "application/octet-stream",
  "Content-Disposition": "attachment",
  "Content-Security-Policy": "sandbox; default-src 'none'",
  "X-Content-Type-Options": "nosniff",
};

/** Routes under `/api/v0`. */
export function kuboRoutes(ports: Ports, door: BlockDoor) {
  const { deployment, limits, log, version } = ports;
  const app = new Hono<SignedIn>();

  app.onError((error, context) => {
    const { status, body } = errorReply(asMalformed(error));
    if (status >= 500) log.error({ err: error, code: body.error.code }, "block call failed");
    context.header(ERROR_CODE_HEADER, body.error.code);
    return context.json({ Message: body.error.message, Code: 0, Type: "error" }, status);
  });
  app.use(requireSession(ports, { perMinute: limits.blockCallsPerMinute }));

  app.post("/block/put", limitBody(MAX_PUT_BODY_BYTES), async (context) => {
    const codec = codecOf(context);
    const [bytes] = await filesOf(context);
    const cid = await door.put(context.var.person, bytes!, codec);
    if (context.req.query("pin") === "true") await door.pin(context.var.person, cid, { name: "", recursive: true });
    return context.json({ Key: cid.toString(), Size: bytes!.length });
  });

  app.post("/block/get", async (context) => {
    const bytes = await door.get(cidOf(context));
    return context.body(bytes.slice(), 200, { ...INERT, "Content-Length": String(bytes.length) });
  });

  app.post("/block/stat", async (context) => {
    const cid = cidOf(context);
    return context.json({ Key: cid.toString(), Size: await door.sizeOf(cid) });
  });

  app.post("/pin/add", async (context) => {
    const cid = cidOf(context);
    const name = context.req.query("name") ?? "";
    if (name.length > MAX_PIN_NAME) throw new SdkError("TOO_LARGE", `name: above ${MAX_PIN_NAME} characters`);
    await door.pin(context.var.person, cid, { name, recursive: context.req.query("recursive") !== "false" });
    return context.json({ Pins: [cid.toString()] });
  });

  app.post("/pin/rm", async (context) => {
    const cid = cidOf(context);
    await door.unpin(context.var.person, cid);
    return context.json({ Pins: [cid.toString()] });
  });

  app.post("/pin/ls", async (context) => {
    const cid = context.req.query("arg") === undefined ? undefined : cidOf(context).toString();
    const pins = await door.pinsOf(context.var.person, { limit: MAX_PINS_LISTED, ...(cid !== undefined && { cid }) });
    if (cid !== undefined && pins.length === 0) throw new SdkError("NOT_FOUND", "path is not pinned");
    return context.json({
      Keys: Object.fromEntries(pins.map((pin) => [pin.cid, { Type: "recursive", Name: pin.name }])),
    });
  });

  app.post("/add", limitBody(MAX_ADD_BODY_BYTES), async (context) => {
    const person = context.var.person;
    const files = unixfs({ blockstore: blockstoreOf(door, person) });
    const isPinned = context.req.query("pin") !== "false";
    const lines: string[] = [];
    for (const bytes of await filesOf(context)) {
      const cid = await files.addBytes(bytes, { cidVersion: 1, rawLeaves: true, chunker: fixedChunks });
      if (isPinned) await door.pin(person, cid, { name: "", recursive: true });
      lines.push(JSON.stringify({ Name: cid.toString(), Hash: cid.toString(), Size: String(bytes.length) }) + "\n");
    }
    return context.body(lines.join(""), 200, { "Content-Type": "application/json" });
  });

  app.post("/cat", async (context) => {
    const range = { offset: naturalOf(context, "offset"), length: naturalOf(context, "length") };
    const files = unixfs({ blockstore: blockstoreOf(door, context.var.person) });
    const parts = files.cat(cidOf(context), {
      ...(range.offset !== undefined && { offset: range.offset }),
      ...(range.length !== undefined && { length: range.length }),
    });
    return context.body(await startStream(parts), 200, INERT);
  });

  // No libp2p node stands behind this door: the id is a stable name of the deployment, in the shape that clients parse.
  const id = base58btc.baseEncode(Digest.create(0x12, fromHex(`${deployment.gateway}${"00".repeat(12)}`)).bytes);
  app.post("/id", (context) =>
    context.json({ ID: id, PublicKey: "", Addresses: [], AgentVersion: `carekey/${version}`, Protocols: [] }),
  );
  app.post("/version", (context) =>
    context.json({ Version: version, Commit: "", Repo: "", System: "carekey", Golang: "" }),
  );
  return app;
}

/** Errors of the multipart reader and of unixfs as codes. */
function asMalformed(error: unknown): unknown {
  if (error instanceof SdkError) return error;
  if (error instanceof TypeError) return new SdkError("MALFORMED", "not a complete multipart body", { cause: error });
  if (error instanceof Error && /^(Not|NotUnixFS|NotAFile|UnexpectedEOF|OverRead).*Error$/.test(error.name)) {
    return new SdkError("MALFORMED", "not a file", { cause: error });
  }
  return error;
}

function codecOf(context: Context): BlockCodec {
  const codec = context.req.query("format") ?? context.req.query("cid-codec") ?? "raw";
  const hash = context.req.query("mhtype") ?? "sha2-256";
  if (hash !== "sha2-256") throw new SdkError("UNSUPPORTED_VERSION", "mhtype: only sha2-256");
  if (codec === "raw") return "raw";
  if (codec === "dag-pb" || codec === "protobuf") return "dag-pb";
  throw new SdkError("UNSUPPORTED_VERSION", "cid-codec: only raw and dag-pb");
}

function cidOf(context: Context): CID {
  let cid: CID;
  try {
    cid = CID.parse(context.req.query("arg") ?? "");
  } catch (cause) {
    throw new SdkError("MALFORMED", "arg: not a CID", { cause });
  }
  if (cid.version !== 1 || cid.multihash.code !== 0x12 || (cid.code !== 0x55 && cid.code !== 0x70)) {
    throw new SdkError("UNSUPPORTED_VERSION", "arg: only CIDv1, sha2-256, raw or dag-pb");
  }
  return cid;
}

function naturalOf(context: Context, name: string): number | undefined {
  const text = context.req.query(name);
  if (text === undefined) return undefined;
  if (!/^\d{1,15}$/.test(text)) throw new SdkError("MALFORMED", `${name}: not a natural number`);
  return Number(text);
}

/** The files of a multipart body, in order; at least one. */
async function filesOf(context: Context): Promise<Uint8Array[]> {
  const form = await context.req.formData();
  const files = [...form.values()].filter((value) => value instanceof File);
  if (files.length === 0) throw new SdkError("MALFORMED", "no file in the body");
  return Promise.all(files.map(async (file) => new Uint8Array(await file.arrayBuffer())));
}

/** The door as the blockstore that unixfs works on. */
function blockstoreOf(door: BlockDoor, person: Address) {
  return {
    async *get(cid: CID) {
      yield await door.get(cid);
    },
    async put(cid: CID, bytes: Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>) {
      if (!(bytes instanceof Uint8Array)) throw new SdkError("INTERNAL", "unixfs gave a stream for a block");
      await door.put(person, bytes, cid.code === 0x55 ? "raw" : "dag-pb");
      return cid;
    },
    has: (cid: CID) =>
      door.sizeOf(cid).then(
        () => true,
        () => false,
      ),
  };
}

async function* fixedChunks(source: AsyncIterable<Uint8Array>) {
  for await (const bytes of source) {
    for (let start = 0; start < bytes.length; start += CHUNK_BYTES) yield bytes.subarray(start, start + CHUNK_BYTES);
  }
}

/** A stream of the parts. The first is awaited, so that what is missing gets a status instead of a broken body. */
async function startStream(parts: AsyncIterable<Uint8Array>): Promise<ReadableStream<Uint8Array>> {
  const iterator = parts[Symbol.asyncIterator]();
  let next = await iterator.next();
  return new ReadableStream({
    async pull(controller) {
      if (next.done === true) return controller.close();
      controller.enqueue(next.value);
      next = await iterator.next();
    },
    async cancel() {
      await iterator.return?.();
    },
  });
}
