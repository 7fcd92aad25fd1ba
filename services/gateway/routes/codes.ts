/**
 * @module services/gateway/routes/codes
 * One-time codes: what is turned on, turning ways on and off, codes by mail, and spending a code.
 */
import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { Address } from "@carekey/sdk/bytes";
import { SdkError } from "@carekey/sdk/errors";
import {
  PASS_SECONDS,
  backupCodesReplySchema,
  beginAppReplySchema,
  beginAppRequestSchema,
  beginMailRequestSchema,
  changeCodesRequestSchema,
  checkCodeReplySchema,
  checkCodeRequestSchema,
  codePurposeSchema,
  codesReplySchema,
  confirmRequestSchema,
  sendCodeRequestSchema,
  type CodePurpose,
} from "@carekey/sdk/gateway";
import { createRateCounter } from "../../common/http.ts";
import { appUri, newAppSecret } from "../codes/app-code.ts";
import { codeMail, hiddenAddress } from "../codes/mails.ts";
import { countBackupCodes, forgetBackupCodes, issueBackupCodes, issueMailCode } from "../codes/secrets.ts";
import { off, sealContext, spendCode } from "../codes/spend.ts";
import { createRoutes, jsonBody, jsonReply, refusals } from "../openapi.ts";
import type { Ports } from "../ports.ts";
import { assertOpen, type SignedIn } from "../session.ts";

const TAG = { tags: ["codes"] };
const wayParameter = z.object({ way: z.enum(["app", "mail"]) });
const REFUSALS = refusals({
  403: "OTP_WRONG, OTP_REQUIRED, OTP_OFF",
  409: "CONFLICT: on already",
  429: "OTP_LOCKED, RATE_LIMITED",
  503: "MAIL_UNAVAILABLE",
});

/** Routes under `/codes`. A session that waits for its code may read, ask for a mail and spend the code, nothing else. */
export function codeRoutes(ports: Ports) {
  const { store, codeKey, mailer, now, random, limits } = ports;
  const mailed = createRateCounter({ points: limits.mailCodesPerHour, seconds: 3_600 });

  /** What changes the ways needs a code as soon as one is on: an open session alone must not add a way of its own. */
  async function allowChange(context: Context<SignedIn>, entry: z.output<typeof beginAppRequestSchema>["entry"]) {
    assertOpen(context);
    const { person } = context.var;
    const isOn = (await store.factors.of(person)).some(({ isConfirmed }) => isConfirmed);
    if (entry !== undefined) return spendCode(ports, { person, purpose: "settings", ...entry });
    if (isOn)
      throw new SdkError("OTP_REQUIRED", "a code is needed for this change", { details: { purpose: "settings" } });
  }

  async function mailCode(person: Address, to: string, purpose: CodePurpose | "confirm"): Promise<void> {
    await mailed.count(person);
    await mailed.count(codeKey.mac("recipient", to.toLowerCase()));
    await mailer.send(codeMail(to, await issueMailCode(ports, person, purpose), purpose));
  }

  return createRoutes<SignedIn>()
    .openapi(
      createRoute({
        ...TAG,
        method: "get",
        path: "/",
        summary: "Which ways to get one-time codes are on",
        responses: { 200: jsonReply(codesReplySchema, "The ways") },
      }),
      async (context) => {
        const { person } = context.var;
        const on = (await store.factors.of(person)).filter(({ isConfirmed }) => isConfirmed);
        const mail = on.find(({ way }) => way === "mail");
        const reply = {
          app: on.some(({ way }) => way === "app"),
          mail: mail === undefined ? null : hiddenAddress(codeKey.open(mail.sealed, sealContext(person, "mail"))),
          backupLeft: await countBackupCodes(ports, person),
          locks: await store.codeTries.locksOf(person, now()),
          entered: codePurposeSchema.options.filter((purpose) => (context.var.session.passes[purpose] ?? 0) > now()),
        };
        return context.json(reply, 200);
      },
    )
    .openapi(
      createRoute({
        ...TAG,
        method: "post",
        path: "/app",
        summary: "Begin an authenticator app: its secret, given once, on when a first code confirms it",
        request: jsonBody(beginAppRequestSchema),
        responses: { 200: jsonReply(beginAppReplySchema, "The secret"), ...REFUSALS },
      }),
      async (context) => {
        await allowChange(context, context.req.valid("json").entry);
        const { person } = context.var;
        const secret = newAppSecret(random);
        await store.factors.begin(person, "app", codeKey.seal(secret, sealContext(person, "app")));
        return context.json({ secret, uri: appUri(secret, person) }, 200);
      },
    )
    .openapi(
      createRoute({
        ...TAG,
        method: "post",
        path: "/mail",
        summary: "Begin codes by mail: sends a first code, on when it comes back",
        request: jsonBody(beginMailRequestSchema),
        responses: { 204: { description: "Sent" }, ...REFUSALS },
      }),
      async (context) => {
        const { address, entry } = context.req.valid("json");
        await allowChange(context, entry);
        const { person } = context.var;
        await store.factors.begin(person, "mail", codeKey.seal(address, sealContext(person, "mail")));
        await mailCode(person, address, "confirm");
        return context.body(null, 204);
      },
    )
    .openapi(
      createRoute({
        ...TAG,
        method: "post",
        path: "/{way}/confirm",
        summary: "Turn a begun way on by its first code; backup codes come with the first way",
        request: { params: wayParameter, ...jsonBody(confirmRequestSchema) },
        responses: { 200: jsonReply(backupCodesReplySchema, "On"), ...REFUSALS },
      }),
      async (context) => {
        assertOpen(context);
        const { person } = context.var;
        const { way } = context.req.valid("param");
        await spendCode(ports, { person, purpose: "confirm", way, ...context.req.valid("json") });
        await store.factors.confirm(person, way, now());
        const hasBackup = (await countBackupCodes(ports, person)) > 0;
        return context.json({ backupCodes: hasBackup ? null : await issueBackupCodes(ports, person) }, 200);
      },
    )
    .openapi(
      createRoute({
        ...TAG,
        method: "post",
        path: "/{way}/off",
        summary: "Turn a way off, by a code",
        request: { params: wayParameter, ...jsonBody(changeCodesRequestSchema) },
        responses: { 204: { description: "Off" }, ...REFUSALS },
      }),
      async (context) => {
        const { person } = context.var;
        await allowChange(context, context.req.valid("json").entry);
        await store.factors.remove(person, context.req.valid("param").way);
        const left = (await store.factors.of(person)).some(({ isConfirmed }) => isConfirmed);
        if (!left) await forgetBackupCodes(ports, person);
        return context.body(null, 204);
      },
    )
    .openapi(
      createRoute({
        ...TAG,
        method: "post",
        path: "/backup",
        summary: "New backup codes, by a code; the old ones end",
        request: jsonBody(changeCodesRequestSchema),
        responses: { 200: jsonReply(backupCodesReplySchema, "The new codes, given once"), ...REFUSALS },
      }),
      async (context) => {
        await allowChange(context, context.req.valid("json").entry);
        return context.json({ backupCodes: await issueBackupCodes(ports, context.var.person) }, 200);
      },
    )
    .openapi(
      createRoute({
        ...TAG,
        method: "post",
        path: "/send",
        summary: "Have a code sent to the confirmed mail address, for one purpose",
        request: jsonBody(sendCodeRequestSchema),
        responses: { 204: { description: "Sent" }, ...REFUSALS },
      }),
      async (context) => {
        const { person } = context.var;
        const mail = (await store.factors.of(person)).find(({ way, isConfirmed }) => way === "mail" && isConfirmed);
        if (mail === undefined) throw off();
        const { purpose } = context.req.valid("json");
        await mailCode(person, codeKey.open(mail.sealed, sealContext(person, "mail")), purpose);
        return context.body(null, 204);
      },
    )
    .openapi(
      createRoute({
        ...TAG,
        method: "post",
        path: "/check",
        summary: "Spend a code: this session may go on for the purpose",
        request: jsonBody(checkCodeRequestSchema),
        responses: { 200: jsonReply(checkCodeReplySchema, "Until when"), ...REFUSALS },
      }),
      async (context) => {
        const { person, session } = context.var;
        const { purpose, entry } = context.req.valid("json");
        if (purpose !== "sign-in") assertOpen(context);
        await spendCode(ports, { person, purpose, ...entry });
        const until = now() + (purpose === "sign-in" ? limits.sessionSeconds : PASS_SECONDS);
        if (purpose !== "sign-in") await store.sessions.pass(session.hash, purpose, until);
        else if (session.needsCode) await store.sessions.open(session.hash, until);
        return context.json({ until }, 200);
      },
    );
}
