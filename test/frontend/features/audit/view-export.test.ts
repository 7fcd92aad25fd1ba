/**
 * @module test/frontend/features/audit/view-export
 * The access log as a table and as FHIR.
 */
import { expect } from "chai";
import { validateResource } from "@carekey/sdk/fhir";
import { viewsToCsv, viewsToFhir } from "../../../../frontend/src/features/audit/view-export.ts";
import { keeperWords, permissionWords } from "../../../../frontend/src/features/audit/view-words.ts";
import { cardiologist, generalist } from "../records/fixtures.ts";
import { view } from "./views.ts";

describe("view export", () => {
  it("has a line for each view: who, what, when, why, which consent, which keepers", () => {
    const [columns, line, end] = viewsToCsv([view(0)]).split("\r\n");
    expect(columns).to.include("when (UTC)").and.include("consent for");
    expect(line).to.include("1970-01-01T00:00:00.000Z").and.include("Lab results").and.include(`${generalist}#4`);
    expect(end).to.equal("");
  });

  it("says what is an emergency and what is an alarm", () => {
    const csv = viewsToCsv([view(0, { kind: "emergency", consent: null, alarm: "emergency-closed" })]);
    expect(csv).to.include(",yes,no,emergency-closed,");
  });

  it("defuses what a reader wrote as a reason, and what an author wrote as a title", () => {
    const csv = viewsToCsv([view(0, { reason: "=HYPERLINK(1)", title: "+1" })]);
    expect(csv).to.include(",'=HYPERLINK(1),").and.include(",'+1,");
  });

  it("is valid FHIR, whatever is unknown about a view", () => {
    const strange = view(5, {
      title: null,
      reason: null,
      consent: null,
      alarm: "unknown-consent",
      receipts: [],
      bodyHash: `0x${"ab".repeat(32)}`,
    });
    const json = viewsToFhir([view(0), strange], { address: cardiologist, name: "Rosa", at: 10 });
    const validation = validateResource(JSON.parse(json));
    expect(validation.issues).to.deep.equal([]);
  });
});

describe("view words", () => {
  it("names keepers by their place, and one that is not in office by its address", () => {
    expect(keeperWords(view(0), [cardiologist, generalist])).to.equal("Keeper 2");
    expect(keeperWords(view(0), [cardiologist])).to.equal(`Keeper ${generalist}`);
    const receipts = [...view(0).receipts, { ...view(0).receipts[0]!, keeper: cardiologist }];
    expect(keeperWords({ receipts }, [cardiologist, generalist])).to.equal("Keepers 1 and 2");
  });

  it("names the consent, an emergency, or nothing", () => {
    expect(permissionWords(view(0))).to.match(/Lab results$/);
    expect(permissionWords({ kind: "emergency", consent: null })).to.match(/^Emergency/);
    expect(permissionWords({ kind: "view", consent: null })).to.match(/^No consent/);
  });
});
