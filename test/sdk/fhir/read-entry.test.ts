/**
 * @module test/sdk/fhir/read-entry
 * What the forms wrote comes back as what they took: writing it again unchanged gives the same resource.
 */
import { expect } from "chai";
import {
  buildCondition,
  buildFileReference,
  buildLabReport,
  buildMedicationRequest,
  buildVisitNote,
  ICD10_ENTRIES,
  LOINC_ENTRIES,
  readEntry,
  RXNORM_ENTRIES,
  type BuildContext,
  type WrittenEntry,
} from "@carekey/sdk/fhir";
import { MOMENT, visit, visitWithFile } from "./support.ts";

const diabetes = ICD10_ENTRIES.find(({ code }) => code === "E11.9")!;
const metformin = RXNORM_ENTRIES.find(({ code }) => code === "6809")!;
const glucose = LOINC_ENTRIES.find(({ code }) => code === "2345-7")!;

/** The same ids in each bundle, so that two of them compare. */
function newIds(): () => string {
  let count = 0;
  return () => `00000000-0000-4000-8000-00000000000${++count}`;
}

function write(entry: WrittenEntry, context: BuildContext): unknown {
  switch (entry.kind) {
    case "condition":
      return buildCondition(context, entry.input);
    case "medication":
      return buildMedicationRequest(context, entry.input);
    case "lab":
      return buildLabReport(context, entry.input, newIds());
    case "note":
      return buildVisitNote(context, entry.input);
    case "file":
      return buildFileReference({ ...visitWithFile, ...context, file: visitWithFile.file! }, entry.input);
  }
}

const entries: Record<string, WrittenEntry> = {
  "a diagnosis": {
    kind: "condition",
    input: {
      diagnosis: { text: "Adult diabetes", entry: diabetes },
      clinicalStatus: "remission",
      certainty: "provisional",
      severity: "moderate",
      onset: "2024-05-02",
      note: "Diet first.\nThen tablets.",
    },
  },
  "a diagnosis in free words": {
    kind: "condition",
    input: { diagnosis: { text: "Sore elbow" }, clinicalStatus: "active", certainty: "confirmed" },
  },
  "a prescription": {
    kind: "medication",
    input: {
      medication: { text: "Metformin 500 mg", entry: metformin },
      instructions: "1 tablet with breakfast and dinner",
      timing: { times: 2, per: "wk" },
      asNeeded: true,
      days: 90,
      refills: 0,
      reason: "Type 2 diabetes",
      note: "Check kidneys.",
    },
  },
  "a lab report": {
    kind: "lab",
    input: {
      report: { text: "Blood test" },
      collectedAt: MOMENT - 86_400,
      results: [
        { test: { text: "Blood sugar", entry: glucose }, value: 131.5, unit: "mg/dL", low: 70, high: 99 },
        { test: { text: "Blood picture" }, value: "unremarkable" },
      ],
      conclusion: "Sugar is high.",
    },
  },
  "a visit note": {
    kind: "note",
    input: {
      title: "Second visit",
      visitedAt: MOMENT - 3600,
      reason: "Thirst",
      findings: "BP < 140 & stable\n\nWeight 80 kg",
      plan: "Metformin",
    },
  },
  "a letter": { kind: "file", input: { kind: { text: "Discharge summary" }, description: "Left hand" } },
};

describe("readEntry", () => {
  for (const [name, entry] of Object.entries(entries)) {
    for (const context of [visit, visitWithFile]) {
      it(`reads ${name}${context.file === undefined ? "" : " with its file"} so that it is written again the same`, () => {
        const written = JSON.parse(JSON.stringify(write(entry, context))) as unknown;
        const read = readEntry(written);
        expect(read?.kind).to.equal(entry.kind);
        expect(JSON.parse(JSON.stringify(write(read!, context)))).to.deep.equal(written);
      });
    }
  }

  it("gives null for what no form writes", () => {
    for (const other of [null, "text", {}, { resourceType: "Patient" }, { resourceType: "Bundle", entry: [] }]) {
      expect(readEntry(other)).to.equal(null);
    }
  });

  it("reads a damaged resource without failing", () => {
    const read = readEntry({ resourceType: "MedicationRequest", dosageInstruction: [null], dispenseRequest: 7 });
    expect(read).to.deep.equal({
      kind: "medication",
      input: { medication: { text: "" }, instructions: "", asNeeded: false },
    });
  });
});
