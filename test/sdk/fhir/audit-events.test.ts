/**
 * @module test/sdk/fhir/audit-events
 * The access log as AuditEvents: valid FHIR R4, one per view, emergencies and unexplained views marked.
 */
import { expect } from "chai";
import { buildAuditBundle, validateResource, type AuditedView } from "../../../sdk/src/fhir/index.ts";

const patient = { address: `0x${"0a".repeat(20)}`, name: "Rosa Lindqvist" } as const;
const reader = { address: `0x${"0b".repeat(20)}`, name: "Dr Ada Nwosu" } as const;
const word = (byte: string) => `0x${byte.repeat(32)}`;

function view(wish: Partial<AuditedView> = {}): AuditedView {
  return {
    bodyHash: word("1f"),
    reader,
    at: 1_795_000_000,
    reason: "Visit today",
    record: { id: word("ff"), title: "Blood lipids" },
    permission: { id: word("21"), isEmergency: false, isExplained: true },
    receipts: [
      { keeper: `0x${"0c".repeat(20)}`, sequence: 4, leaf: word("31") },
      { keeper: `0x${"0d".repeat(20)}`, sequence: 9, leaf: word("32") },
    ],
    ...wish,
  };
}

function eventOf(wish: Partial<AuditedView> = {}) {
  const bundle = buildAuditBundle({ patient, at: 1_795_000_100, views: [view(wish)] });
  const validation = validateResource(bundle);
  expect(validation.issues).to.deep.equal([]);
  return bundle.entry![0]!.resource!;
}

describe("buildAuditBundle", () => {
  it("says who, what, when, why, under which consent and through which keepers", () => {
    const event = eventOf();
    expect(event).to.deep.include({ action: "R", recorded: "2026-11-18T11:06:40Z", outcome: "0" });
    expect(event.purposeOfEvent).to.deep.equal([{ text: "Visit today" }]);
    expect(event.agent.map(({ who, requestor }) => [who?.display, requestor])).to.deep.equal([
      ["Dr Ada Nwosu", true],
      ["Keeper", false],
      ["Keeper", false],
    ]);
    const entities = event.entity!.map(({ what, name }) => name ?? what?.display);
    expect(entities).to.deep.equal(["Rosa Lindqvist", "Blood lipids", "Consent"]);
    expect(event.entity![1]!.what!.identifier!.value).to.equal(
      "ni:///sha-256;__________________________________________8",
    );
    expect(event.entity![1]!.detail!.map(({ valueString }) => valueString)).to.deep.equal([word("31"), word("32")]);
  });

  it("marks an emergency and a view that nothing explains", () => {
    const event = eventOf({ permission: { id: word("21"), isEmergency: true, isExplained: false } });
    expect(event.purposeOfEvent![0]!.coding![0]!.code).to.equal("BTG");
    expect(event.outcomeDesc).to.be.a("string");
  });

  it("stays valid without reason, title or receipts", () => {
    const event = eventOf({ reason: " ", record: { id: word("ff"), title: null }, receipts: [] });
    expect(event.purposeOfEvent).to.equal(undefined);
  });

  it("is valid without any view, and gives each view an id of its own", () => {
    expect(validateResource(buildAuditBundle({ patient, at: 0, views: [] })).ok).to.equal(true);
    const { entry } = buildAuditBundle({ patient, at: 0, views: [view(), view({ bodyHash: word("2f") })] });
    const ids = entry!.map(({ resource }) => resource!.id);
    expect(ids[0]).to.match(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(new Set(ids).size).to.equal(2);
  });
});
