/**
 * @module test/e2e/support/network
 * A network that misbehaves: uploads that get stuck, servers that do not answer, a node that lies.
 */
import type { Page, Route } from "playwright-core";
import { z } from "zod";

const BLOCK_PUT = "**/api/v0/block/put*";

/**
 * Lets `count` more blocks through, and holds what comes after until `release` is called.
 * `isStuck` resolves once a block is held.
 */
export async function holdUploadsAfter(page: Page, count: number) {
  const { promise: isStuck, resolve: stuck } = Promise.withResolvers<void>();
  const held: Route[] = [];
  let left = count;
  const onBlock = async (route: Route): Promise<void> => {
    if (left-- > 0) return route.continue();
    held.push(route);
    stuck();
  };
  await page.route(BLOCK_PUT, onBlock);
  return {
    isStuck,
    release: async (): Promise<void> => {
      left = Infinity;
      await page.unroute(BLOCK_PUT, onBlock);
      // A reload may have given up what was held.
      await Promise.allSettled(held.splice(0).map((route) => route.continue()));
    },
  };
}

/** Cuts the page off from addresses that match, until the returned function is called. */
export async function cutOff(page: Page, address: string | RegExp): Promise<() => Promise<void>> {
  const refuse = (route: Route): Promise<void> => route.abort("connectionrefused");
  await page.route(address, refuse);
  return () => page.unroute(address, refuse);
}

const callSchema = z.object({ id: z.unknown(), method: z.string(), params: z.array(z.unknown()).optional() });
const answerSchema = z.object({ id: z.unknown(), result: z.unknown().optional() }).loose();
/** A log as a node serves it. */
export type ServedLog = { topics: string[]; data: string; transactionHash: string } & Record<string, unknown>;

/** Gives the page a node at `rpcUrl` that passes all event logs through `lie` first, until the returned function is called. */
export async function lieAboutLogs(
  page: Page,
  rpcUrl: string,
  lie: (logs: ServedLog[]) => ServedLog[],
): Promise<() => Promise<void>> {
  const isNode = (url: URL): boolean => url.href.startsWith(rpcUrl);
  const onCall = async (route: Route): Promise<void> => {
    const sent: unknown = route.request().method() === "POST" ? route.request().postDataJSON() : null;
    const calls = (Array.isArray(sent) ? sent : [sent]).map((call) => callSchema.safeParse(call).data);
    if (!calls.some((call) => call?.method === "eth_getLogs")) return route.continue();
    const response = await route.fetch();
    const received: unknown = await response.json();
    const answers = (Array.isArray(received) ? received : [received]).map((each) => answerSchema.parse(each));
    for (const answer of answers) {
      const call = calls.find((each) => each?.id === answer.id);
      if (call?.method === "eth_getLogs") answer.result = lie(answer.result as ServedLog[]);
    }
    await route.fulfill({ response, json: Array.isArray(received) ? answers : answers[0] });
  };
  await page.route(isNode, onCall);
  return () => page.unroute(isNode, onCall);
}
