/**
 * @module services/gateway/routes/tickets
 * View tickets: the gateway's word, for keepers, that a one-time code was entered for the view of one body.
 */
import { createRoute } from "@hono/zod-openapi";
import { hashTypedData } from "viem/utils";
import { SdkError } from "@carekey/sdk/errors";
import { PASS_SECONDS, TICKET_SECONDS, ticketReplySchema, ticketRequestSchema } from "@carekey/sdk/gateway";
import { ticketTypedData } from "@carekey/sdk/keeper";
import type { CodeLimit } from "../codes/limit.ts";
import { off, spendCode } from "../codes/spend.ts";
import { createRoutes, jsonBody, jsonReply, refusals } from "../openapi.ts";
import type { Ports } from "../ports.ts";
import type { SignedIn } from "../session.ts";

/** Routes under `/tickets`, behind sign-in. The gateway learns a hash of what is asked and by which tab, not whose record it is. */
export function ticketRoutes(ports: Ports, countTry: CodeLimit) {
  const { store, deployment, signer, now } = ports;
  return createRoutes<SignedIn>().openapi(
    createRoute({
      tags: ["codes"],
      method: "post",
      path: "/",
      summary: `A ticket for one view's body: with a code, or within ${PASS_SECONDS / 60} minutes after one on this session`,
      request: jsonBody(ticketRequestSchema),
      responses: {
        200: jsonReply(ticketReplySchema, `The ticket; it lives ${TICKET_SECONDS} seconds`),
        ...refusals({ 403: "OTP_REQUIRED, OTP_WRONG, OTP_OFF", 429: "OTP_LOCKED, RATE_LIMITED" }),
      },
    }),
    async (context) => {
      const { person, session } = context.var;
      const { body, entry } = context.req.valid("json");
      if (entry !== undefined) {
        await countTry(context);
        await spendCode(ports, { person, purpose: "view", ...entry });
        await store.sessions.pass(session.hash, "view", now() + PASS_SECONDS);
      } else if ((session.passes.view ?? 0) <= now()) {
        const isOn = (await store.factors.of(person)).some(({ isConfirmed }) => isConfirmed);
        if (!isOn) throw off();
        throw new SdkError("OTP_REQUIRED", "enter a one-time code first", { details: { purpose: "view" } });
      }
      const ticket = { body, otp: true, exp: now() + TICKET_SECONDS };
      const signature = await signer.sign({ hash: hashTypedData(ticketTypedData(deployment, ticket)) });
      return context.json({ ...ticket, signature }, 200);
    },
  );
}
