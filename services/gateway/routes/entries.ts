/**
 * @module services/gateway/routes/entries
 * Discards: the patient who denied an entry on chain has its content dropped.
 */
import { createRoute, z } from "@hono/zod-openapi";
import { genesisHead, replay, verifyHead } from "@carekey/sdk/chart";
import type { Address, Hex } from "@carekey/sdk/bytes";
import { SdkError } from "@carekey/sdk/errors";
import { digestSchema, discardReplySchema, discardedReplySchema } from "@carekey/sdk/gateway";
import type { BlockDoor } from "../block-door.ts";
import { createRoutes, jsonReply, refusals } from "../openapi.ts";
import type { Ports } from "../ports.ts";
import type { SignedIn } from "../session.ts";

const TAG = { tags: ["entries"] };

/** Routes under `/entries`, behind sign-in. */
export function entryRoutes(ports: Ports, door: BlockDoor) {
  const { store, now } = ports;
  return createRoutes<SignedIn>()
    .openapi(
      createRoute({
        ...TAG,
        method: "get",
        path: "/discarded",
        summary: "The entries that I discarded",
        responses: { 200: jsonReply(discardedReplySchema, "Entry ids and times") },
      }),
      async (context) => context.json({ entries: await store.ledger.discardsOf(context.var.person) }, 200),
    )
    .openapi(
      createRoute({
        ...TAG,
        method: "post",
        path: "/{entryId}/discard",
        summary: "Drop the content of an entry of my chart that I denied on chain",
        request: { params: z.object({ entryId: digestSchema }) },
        responses: {
          200: jsonReply(discardReplySchema, "What was dropped"),
          ...refusals({ 403: "FORBIDDEN: not denied", 404: "NOT_FOUND: no such entry in my chart" }),
        },
      }),
      async (context) => {
        const patient = context.var.person;
        const { entryId } = context.req.valid("param");
        const { author, pointer } = await deniedEntry(ports, patient, entryId);
        const dropped = await door.discard([author, patient], pointer);
        await store.ledger.recordDiscard({ patient, entryId, now: now() });
        return context.json({ entryId, ...dropped }, 200);
      },
    );
}

/** A denied entry of the patient's chart, whose author has no other use of the same pointer in it. */
async function deniedEntry({ chain, deployment }: Ports, patient: Address, entryId: Hex) {
  const { chainId, carekey, confirmations } = deployment;
  const latest = await chain.block();
  const number = latest.number - BigInt(confirmations - 1);
  const [acts, head] = await Promise.all([chain.chartActs(patient, number), chain.headOf(patient, number)]);
  const chart = replay({ chainId, carekey, patient, acts });
  verifyHead(chart, BigInt(head) === 0n ? genesisHead({ chainId, carekey, patient }) : head);
  const entry = chart.entries.find((each) => each.entryId === entryId);
  if (entry === undefined) throw new SdkError("NOT_FOUND", "your chart has no such entry");
  const isUsed = chart.entries.some(
    (each) => each.pointer === entry.pointer && each.author === entry.author && each.status !== "denied",
  );
  if (isUsed) throw new SdkError("FORBIDDEN", "only an entry that you denied can be discarded");
  return entry;
}
