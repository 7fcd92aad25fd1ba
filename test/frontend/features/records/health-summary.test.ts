/**
 * @module test/frontend/features/records/health-summary
 * The home page's summary, from FHIR resources.
 */
import { expect } from "chai";
import type { JsonValue } from "@carekey/sdk/records";
import { summariseHealth } from "../../../../frontend/src/features/records/health-summary.ts";
import { cardiologist, id, record } from "./fixtures.ts";

function observation(value: number, date: string, more: { [key: string]: JsonValue } = {}): JsonValue {
  return {
    resourceType: "Observation",
    code: { text: "Cholesterol", coding: [{ system: "http://loinc.org", code: "2093-3" }] },
    effectiveDateTime: date,
    valueQuantity: { value, unit: "mg/dL" },
    referenceRange: [{ high: { value: 200 } }],
    ...more,
  };
}

const condition = (text: string, status = "active"): JsonValue => ({
  resourceType: "Condition",
  code: { text },
  clinicalStatus: { coding: [{ code: status }] },
  onsetDateTime: "2024-05-01",
});

describe("health summary", () => {
  it("lists running problems, medicines and allergies with the entry they come from", () => {
    const summary = summariseHealth([
      record({ index: 1, fhir: condition("High blood pressure") }),
      record({ index: 2, fhir: condition("Flu", "resolved") }),
      record({
        index: 3,
        fhir: {
          resourceType: "MedicationRequest",
          status: "active",
          medicationCodeableConcept: { text: "Ramipril 5 mg" },
          dosageInstruction: [{ text: "One each morning" }],
        },
      }),
      record({
        index: 4,
        fhir: { resourceType: "MedicationRequest", status: "stopped", medicationCodeableConcept: { text: "Old" } },
      }),
      record({
        index: 5,
        fhir: {
          resourceType: "AllergyIntolerance",
          code: { text: "Penicillin" },
          reaction: [{ manifestation: [{ text: "Rash" }] }],
        },
      }),
    ]);
    expect(summary.problems.map(({ name, entryId }) => [name, entryId])).to.deep.equal([
      ["High blood pressure", id(1)],
    ]);
    expect(summary.medications.map(({ name, detail }) => [name, detail])).to.deep.equal([
      ["Ramipril 5 mg", "One each morning"],
    ]);
    expect(summary.allergies.map(({ name, detail }) => [name, detail])).to.deep.equal([["Penicillin", "Rash"]]);
  });

  it("counts neither what waits, nor what was refused, nor older versions", () => {
    const fhir = condition("Diabetes");
    const summary = summariseHealth([
      record({ index: 1, fhir, status: "pending", author: cardiologist }),
      record({ index: 2, fhir, status: "denied", author: cardiologist }),
      record({ index: 3, fhir, supersededBy: id(4) }),
      record({ index: 5, unreadable: true }),
    ]);
    expect(summary.problems).to.deep.equal([]);
  });

  it("shows the latest value of a test with range, flag, trend and the value before", () => {
    const [result, ...others] = summariseHealth([
      record({ index: 1, fhir: observation(180, "2025-01-01") }),
      record({ index: 2, fhir: observation(212, "2026-01-01") }),
    ]).results;
    expect(others).to.deep.equal([]);
    expect(result).to.deep.include({ value: "212", unit: "mg/dL", range: "up to 200", flag: "high", trend: "up" });
    expect(result?.previous?.value).to.equal("180");
  });

  it("names a test as people say it", () => {
    const unknown = observation(1, "2026-01-01", { code: { text: "Ferritin [Mass/volume] in Serum" } });
    const [result] = summariseHealth([record({ index: 1, fhir: unknown })]).results;
    expect(result?.name).to.equal("Ferritin in Serum");
    const [known] = summariseHealth([record({ index: 1, fhir: observation(1, "2026-01-01") })]).results;
    expect(known?.name).to.match(/cholesterol/i);
  });

  it("trusts the laboratory's own flag over the range", () => {
    const normal = observation(212, "2026-01-01", { interpretation: [{ coding: [{ code: "N" }] }] });
    const critical = observation(100, "2026-01-01", { interpretation: [{ coding: [{ code: "LL" }] }] });
    expect(summariseHealth([record({ index: 1, fhir: normal })]).results[0]?.flag).to.equal(null);
    expect(summariseHealth([record({ index: 1, fhir: critical })]).results[0]?.flag).to.equal("low");
  });

  it("compares no values of different units", () => {
    const other = observation(5.5, "2026-01-01", { valueQuantity: { value: 5.5, unit: "mmol/L" } });
    const [result] = summariseHealth([
      record({ index: 1, fhir: observation(180, "2025-01-01") }),
      record({ index: 2, fhir: other }),
    ]).results;
    expect(result?.trend).to.equal(null);
  });

  it("reads what a bundle holds and survives what makes no sense", () => {
    const bundle: JsonValue = {
      resourceType: "Bundle",
      entry: [
        { resource: observation(150, "2026-01-01") },
        { resource: null },
        "nonsense",
        { resource: { resourceType: 7 } },
      ],
    };
    expect(summariseHealth([record({ index: 1, fhir: bundle })]).results).to.have.length(1);
    expect(
      summariseHealth([record({ index: 1, fhir: ["a"] }), record({ index: 2, fhir: { resourceType: "Observation" } })])
        .results,
    ).to.deep.equal([]);
  });
});
