/**
 * @module services/gateway/routes/views
 * What keepers tell of views. Each of them tells of the same view; the patient hears of it once.
 */
import { createRoute } from "@hono/zod-openapi";
import { isAddressEqual } from "viem/utils";
import { SdkError } from "@carekey/sdk/errors";
import { viewNoticeRequestSchema } from "@carekey/sdk/gateway";
import { viewNoticeDigest } from "@carekey/sdk/keeper";
import { isSignedByKey } from "../../common/signatures.ts";
import { createRoutes, jsonBody, refusals } from "../openapi.ts";
import type { Ports } from "../ports.ts";

/** Routes under `/views`, for keepers of the deployment alone. The gateway learns that a record of a patient was opened, not which and by whom. */
export function viewRoutes({ deployment, store, wakes, now }: Ports) {
  return createRoutes().openapi(
    createRoute({
      tags: ["notifications"],
      method: "post",
      path: "/",
      summary: "Views that this keeper released, for the patients to hear of",
      request: jsonBody(viewNoticeRequestSchema),
      responses: {
        204: { description: "Taken; what was told before changes nothing" },
        ...refusals({ 401: "SIGNATURE_INVALID", 403: "FORBIDDEN: no keeper of this deployment" }),
      },
    }),
    async (context) => {
      const { keeper, views, signature } = context.req.valid("json");
      if (!deployment.keepers.some(({ address }) => isAddressEqual(address, keeper))) {
        throw new SdkError("FORBIDDEN", "no keeper of this deployment");
      }
      if (!(await isSignedByKey(keeper, viewNoticeDigest(deployment, keeper, views), signature))) {
        throw new SdkError("SIGNATURE_INVALID", "not signed by the keeper that it names");
      }
      wakes.publish(await store.notifications.addViews(views, now()));
      return context.body(null, 204);
    },
  );
}
