/**
 * @module test/frontend/features/audit/views
 * Views of an access log for tests.
 */
import type { View } from "@carekey/sdk/client";
import { cardiologist, generalist, id } from "../records/fixtures.ts";

/** A keeper's address. */
export const keeper = generalist;

/** A view that a consent explains, `at` seconds. */
export function view(at: number, wish: Partial<View> = {}): View {
  return {
    bodyHash: id(at),
    reader: cardiologist,
    readerName: "Dr Okafor",
    recordId: id(1001),
    entryId: id(1),
    title: "Blood lipids",
    at,
    reason: "Follow-up",
    consentId: id(1),
    viewNo: 0,
    kind: "view",
    consent: { grantedAt: 1, expiresAt: 1000, scopes: "Lab results", purpose: "Second opinion" },
    alarm: null,
    receipts: [{ keeper, sequence: 4, leaf: id(9), verified: true, blockNumber: 12n }],
    ...wish,
  };
}
