/**
 * @module services/gateway/routes/directory
 * Public key documents and the search among clinicians and organisations. Verification is read from the chain at each search.
 */
import { createRoute, z } from "@hono/zod-openapi";
import { fromHex, toHex } from "@carekey/sdk/bytes";
import { SdkError } from "@carekey/sdk/errors";
import {
  MAX_PAGE,
  addressSchema,
  directoryQuerySchema,
  directoryReplySchema,
  keyDocumentsReplySchema,
  publishKeyDocumentRequestSchema,
} from "@carekey/sdk/gateway";
import { decodeKeyDocument, keyHashOf } from "@carekey/sdk/identity";
import { digestOf } from "@carekey/sdk/records";
import { createRoutes, jsonBody, jsonReply, refusals } from "../openapi.ts";
import type { Ports } from "../ports.ts";
import type { SignedIn } from "../session.ts";

const TAG = { tags: ["directory"] };
const LISTED_ROLES = [2, 3];

/** Routes under `/key-documents`, behind sign-in. */
export function keyDocumentRoutes({ store, chain }: Ports) {
  return createRoutes<SignedIn>()
    .openapi(
      createRoute({
        ...TAG,
        method: "post",
        path: "/",
        summary: "Publish my key document; its digest must be one that the chain holds for me",
        request: jsonBody(publishKeyDocumentRequestSchema),
        responses: {
          204: { description: "Published" },
          ...refusals({ 400: "MALFORMED, UNSUPPORTED_VERSION", 403: "KEY_MISMATCH, NOT_REGISTERED, FORBIDDEN" }),
        },
      }),
      async (context) => {
        const address = context.var.person;
        const bytes = fromHex(context.req.valid("json").document);
        const document = decodeKeyDocument(bytes);
        if (document.address !== address) throw new SdkError("FORBIDDEN", "the document is another person's");
        const [digests, identity] = await Promise.all([chain.keyDocumentDigestsOf(address), chain.identityOf(address)]);
        if (identity.role === 0) throw new SdkError("NOT_REGISTERED", "register on chain first");
        const digest = digestOf(bytes);
        const sequence = digests.lastIndexOf(digest);
        if (sequence < 0) throw new SdkError("KEY_MISMATCH", "the chain does not hold this document's digest");
        await store.directory.publish({ address, digest, sequence, bytes });
        if (identity.keyHash === keyHashOf(digest) && LISTED_ROLES.includes(identity.role)) {
          await store.directory.listPerson({
            address,
            role: identity.role,
            display: document.display,
            keyDocument: digest,
          });
        }
        return context.body(null, 204);
      },
    )
    .openapi(
      createRoute({
        ...TAG,
        method: "get",
        path: "/{address}",
        summary: "All key documents of an address, oldest first, so that their chaining can be checked",
        request: { params: z.object({ address: addressSchema }) },
        responses: { 200: jsonReply(keyDocumentsReplySchema, "The documents"), ...refusals({ 404: "NOT_FOUND" }) },
      }),
      async (context) => {
        const documents = await store.directory.documentsOf(context.req.valid("param").address);
        if (documents.length === 0) throw new SdkError("NOT_FOUND", "no key document of this address");
        return context.json({ documents: documents.map((document) => toHex(document)) }, 200);
      },
    );
}

/** Routes under `/directory`, behind sign-in. */
export function directoryRoutes({ store, chain }: Ports) {
  return createRoutes<SignedIn>().openapi(
    createRoute({
      ...TAG,
      method: "get",
      path: "/",
      summary: "Clinicians and organisations by part of name or speciality, or by address",
      request: { query: directoryQuerySchema },
      responses: { 200: jsonReply(directoryReplySchema, "Those found, as the chain sees them now") },
    }),
    async (context) => {
      const { query, role, verifiedOnly, limit } = context.req.valid("query");
      const found = await store.directory.search({ query, limit: MAX_PAGE, ...(role !== undefined && { role }) });
      const { timestamp } = await chain.block();
      const identities = await Promise.all(found.map((person) => chain.identityOf(person.address)));
      const people = found
        .map((person, index) => {
          const { role, verifiedUntil, suspended } = identities[index]!;
          return { ...person, role, verifiedUntil, suspended };
        })
        .filter((person) => !verifiedOnly || (!person.suspended && timestamp < person.verifiedUntil))
        .slice(0, limit);
      return context.json({ people }, 200);
    },
  );
}
