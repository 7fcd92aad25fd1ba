/**
 * @module chain/server
 * JSON-RPC over HTTP in front of the journaled chain: single requests and batches, open to every origin, because a
 * page must reach it and everything on this chain is for tests.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { z } from "zod";
import { RpcError, type JournaledChain } from "./chain.ts";

const MAX_BODY_BYTES = 8 * 1024 * 1024;
const MAX_BATCH = 1000;
const REVERTED = 3;

const requestSchema = z.object({
  id: z.union([z.string(), z.number(), z.null()]).optional(),
  method: z.string(),
  params: z.array(z.unknown()).optional(),
});

type Answer = { jsonrpc: "2.0"; id: string | number | null } & (
  { result: unknown } | { error: { code: number; message: string; data?: unknown } }
);

/**
 * A server for `chain`, not yet listening.
 * @param onBroken - called when a write was carried out but could not be journaled: the process must stop at once.
 */
export function createChainServer(chain: JournaledChain, onBroken: (error: Error) => void): Server {
  async function answer(item: unknown): Promise<Answer> {
    const parsed = requestSchema.safeParse(item);
    if (!parsed.success) return failure(null, new RpcError(-32600, "not a JSON-RPC request"));
    const id = parsed.data.id ?? null;
    try {
      return { jsonrpc: "2.0", id, result: await chain.request(parsed.data.method, parsed.data.params) };
    } catch (error) {
      if (isFileError(error)) onBroken(error);
      return failure(id, error);
    }
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader("access-control-allow-origin", "*");
    response.setHeader("access-control-allow-headers", "*");
    response.setHeader("access-control-allow-methods", "POST, GET, OPTIONS");
    response.setHeader("access-control-max-age", "86400");
    if (request.method === "OPTIONS") return void response.writeHead(204).end();
    if (request.method === "GET") {
      const block = await chain.request("eth_blockNumber");
      return send(response, 200, { status: "ok", block: Number(block) });
    }
    const body = await readBody(request);
    if (body === undefined) return send(response, 413, failure(null, new RpcError(-32600, "request too large")));
    let json: unknown;
    try {
      json = JSON.parse(body);
    } catch {
      return send(response, 200, failure(null, new RpcError(-32700, "not JSON")));
    }
    if (!Array.isArray(json)) return send(response, 200, await answer(json));
    if (json.length === 0 || json.length > MAX_BATCH) {
      return send(response, 200, failure(null, new RpcError(-32600, `a batch holds 1 to ${MAX_BATCH} requests`)));
    }
    const answers: Answer[] = [];
    for (const item of json) answers.push(await answer(item));
    send(response, 200, answers);
  }

  return createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      if (!response.headersSent) send(response, 500, failure(null, error));
      else response.destroy();
    });
  });
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) continue;
    size += chunk.length;
    if (size > MAX_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** A failed request, in the shape that wallets and libraries decode reverts from. */
function failure(id: Answer["id"], error: unknown): Answer {
  if (error instanceof z.ZodError) return failure(id, new RpcError(-32602, z.prettifyError(error)));
  const message = error instanceof Error ? error.message : String(error);
  const { code, data } = z
    .object({ code: z.number().catch(-32603), data: z.unknown().optional() })
    .catch({ code: -32603, data: undefined })
    .parse(error);
  if (code !== REVERTED) return { jsonrpc: "2.0", id, error: { code, message } };
  const revert = z.union([z.string(), z.object({ data: z.string() }).transform((value) => value.data)]).safeParse(data);
  return { jsonrpc: "2.0", id, error: { code, message, data: revert.data } };
}

function isFileError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "syscall" in error;
}
