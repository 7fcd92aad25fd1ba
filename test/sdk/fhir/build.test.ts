/**
 * @module test/sdk/fhir/build
 * What the forms write is valid FHIR R4, survives JSON and DAG-CBOR, and says what was put in.
 */
import { expect } from "chai";
import { decodeCbor, encodeCbor, type CborValue } from "@carekey/sdk/cbor";
import { SdkError } from "@carekey/sdk/errors";
import {
  buildCondition,
  buildFileReference,
  buildLabReport,
  buildMedicationRequest,
  buildVisitNote,
  fhirDateTime,
  flagOf,
  ICD10_ENTRIES,
  LOINC_ENTRIES,
  narrativeOf,
  narrativeText,
  parseResource,
  RXNORM_ENTRIES,
  validateResource,
  type BuildContext,
} from "@carekey/sdk/fhir";
import { MOMENT, visit, visitWithFile } from "./support.ts";

const diabetes = ICD10_ENTRIES.find(({ code }) => code === "E11.9")!;
const metformin = RXNORM_ENTRIES.find(({ code }) => code === "6809")!;
const glucose = LOINC_ENTRIES.find(({ code }) => code === "2345-7")!;

const builders = {
  condition: (context: BuildContext) =>
    buildCondition(context, {
      diagnosis: { text: "Adult diabetes", entry: diabetes },
      clinicalStatus: "active",
      certainty: "confirmed",
      severity: "moderate",
      onset: "2024-05",
      note: "Diet first.",
    }),
  medicationRequest: (context: BuildContext) =>
    buildMedicationRequest(context, {
      medication: { text: "Metformin 500 mg", entry: metformin },
      instructions: "1 tablet with breakfast and dinner",
      timing: { times: 2, per: "d" },
      asNeeded: true,
      days: 90,
      refills: 3,
      reason: "Type 2 diabetes",
      note: "Check kidneys.",
    }),
  labReport: (context: BuildContext) =>
    buildLabReport(context, {
      report: { text: "Blood test" },
      collectedAt: MOMENT,
      results: [
        { test: { text: "Blood sugar", entry: glucose }, value: 131, unit: "mg/dL", low: 70, high: 99 },
        { test: { text: "Blood picture" }, value: "unremarkable" },
      ],
      conclusion: "Sugar is high.",
    }),
  visitNote: (context: BuildContext) =>
    buildVisitNote(context, { visitedAt: MOMENT, reason: "Thirst", findings: "BP < 140 & stable", plan: "Metformin" }),
};

describe("fhir builders", () => {
  for (const [name, build] of Object.entries(builders)) {
    for (const context of [visit, visitWithFile]) {
      it(`${name} ${context.file ? "with a file" : "without a file"} is valid and survives JSON and DAG-CBOR`, () => {
        const resource = build(context);
        expect(validateResource(resource).issues).to.deep.equal([]);
        expect(parseResource(JSON.stringify(resource))).to.deep.equal(resource);
        const value: CborValue = JSON.parse(JSON.stringify(resource)) as CborValue;
        expect(decodeCbor(encodeCbor(value))).to.deep.equal(resource);
      });
    }
  }

  it("a file reference is valid and names the file, its type and its size", () => {
    const resource = buildFileReference(
      { ...visit, file: { name: "scan.jpg", type: "", size: 12 } },
      { description: "Left hand" },
    );
    expect(validateResource(resource).issues).to.deep.equal([]);
    expect(resource.content[0]?.attachment).to.deep.equal({
      contentType: "application/octet-stream",
      title: "scan.jpg",
      size: 12,
    });
  });

  it("a size beyond FHIR's unsignedInt is left out, and the reference stays valid", () => {
    const resource = buildFileReference({
      ...visit,
      file: { name: "ct.dcm", type: "application/dicom", size: 2 ** 32 },
    });
    expect(resource.content[0]?.attachment).to.not.have.property("size");
    expect(validateResource(resource).ok).to.equal(true);
  });

  it("people are named by address", () => {
    const { subject, recorder } = builders.condition(visit);
    expect(subject.identifier?.value).to.equal(visit.patient.address);
    expect(recorder?.identifier?.value).to.equal(visit.author.address);
  });

  it("a code goes in with its system, free text goes in without one", () => {
    expect(builders.condition(visit).code).to.deep.equal({
      coding: [{ system: "http://hl7.org/fhir/sid/icd-10", code: "E11.9", display: diabetes.display }],
      text: "Adult diabetes",
    });
    const free = buildCondition(visit, {
      diagnosis: { text: " Sore elbow " },
      clinicalStatus: "active",
      certainty: "provisional",
    });
    expect(free.code).to.deep.equal({ text: "Sore elbow" });
  });

  it("each result is linked from the report", () => {
    let count = 0;
    const newId = () => `00000000-0000-4000-8000-00000000000${++count}`;
    const bundle = buildLabReport(
      visit,
      { report: { text: "Blood" }, collectedAt: MOMENT, results: [{ test: { text: "Hb" }, value: 12 }] },
      newId,
    );
    const report = bundle.entry?.[0]?.resource;
    expect(report?.resourceType === "DiagnosticReport" && report.result).to.deep.equal([
      { reference: "urn:uuid:00000000-0000-4000-8000-000000000001" },
    ]);
    expect(bundle.entry?.[1]?.fullUrl).to.equal("urn:uuid:00000000-0000-4000-8000-000000000001");
  });

  it("a flag follows the reference range, limits included", () => {
    const test = { text: "Glucose" };
    expect(flagOf({ test, value: 69.9, low: 70, high: 99 })).to.equal("L");
    expect(flagOf({ test, value: 70, low: 70, high: 99 })).to.equal("N");
    expect(flagOf({ test, value: 99, low: 70, high: 99 })).to.equal("N");
    expect(flagOf({ test, value: 99.1, high: 99 })).to.equal("H");
    expect(flagOf({ test, value: 5 })).to.equal(undefined);
    expect(flagOf({ test, value: "trace", low: 1 })).to.equal(undefined);
  });

  it("a narrative is escaped and reads back as it was", () => {
    const text = 'a < b & c > d "quoted"\nsecond line <script>alert(1)</script>';
    const { div } = narrativeOf(text);
    expect(div).to.not.include("<script");
    expect(narrativeText(div)).to.equal(text);
  });

  it("times are written in UTC to the second", () => {
    expect(fhirDateTime(MOMENT)).to.equal("2026-11-21T10:00:00Z");
  });

  const empty: Record<string, () => unknown> = {
    "a diagnosis without words": () =>
      buildCondition(visit, { diagnosis: { text: " " }, clinicalStatus: "active", certainty: "confirmed" }),
    "a prescription without instructions": () =>
      buildMedicationRequest(visit, { medication: { text: "Aspirin" }, instructions: "" }),
    "a lab report without result and file": () =>
      buildLabReport(visit, { report: { text: "Blood" }, collectedAt: MOMENT, results: [] }),
    "a visit note without content": () => buildVisitNote(visit, { visitedAt: MOMENT, plan: "  " }),
    "a file without a name": () => buildFileReference({ ...visit, file: { name: "", type: "", size: 1 } }),
  };
  for (const [name, build] of Object.entries(empty)) {
    it(`${name} is refused`, () => {
      expect(build).to.throw(SdkError).with.property("code", "INVALID_ARGUMENT");
    });
  }
});
