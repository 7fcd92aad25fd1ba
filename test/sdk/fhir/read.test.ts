/**
 * @module test/sdk/fhir/read
 * A person finds codes by everyday words, and reads any resource as tables.
 */
import { expect } from "chai";
import fc from "fast-check";
import {
  buildCondition,
  buildLabReport,
  buildMedicationRequest,
  buildVisitNote,
  ICD10_ENTRIES,
  ICD10_SYSTEM,
  LOINC_ENTRIES,
  LOINC_SYSTEM,
  narrativeText,
  RXNORM_ENTRIES,
  RXNORM_SYSTEM,
  searchCodes,
  summarise,
  toTables,
  type CodeSystemUri,
} from "@carekey/sdk/fhir";
import { MOMENT, visit, visitWithFile } from "./support.ts";

/** The check digit of a LOINC code (mod 10). */
function checkDigit(digits: string): number {
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 0 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return (10 - (sum % 10)) % 10;
}

describe("fhir code pickers", () => {
  it("hold about a hundred entries each, no code twice", () => {
    for (const entries of [LOINC_ENTRIES, ICD10_ENTRIES, RXNORM_ENTRIES]) {
      expect(entries.length).to.be.within(60, 130);
      expect(new Set(entries.map(({ code }) => code)).size).to.equal(entries.length);
      for (const entry of entries) {
        expect(entry.synonyms.every((synonym) => synonym !== "" && synonym === synonym.toLowerCase())).to.equal(true);
      }
    }
  });

  it("spell codes as their systems do", () => {
    for (const { code } of LOINC_ENTRIES) {
      const [digits = "", check] = code.split("-");
      expect(checkDigit(digits), code).to.equal(Number(check));
    }
    for (const { code } of ICD10_ENTRIES) expect(code).to.match(/^[A-Z]\d\d(\.\d)?$/);
    for (const { code } of RXNORM_ENTRIES) expect(code).to.match(/^[1-9]\d{2,6}$/);
  });

  const searches: [system: CodeSystemUri, query: string, code: string][] = [
    [LOINC_SYSTEM, "blood sugar", "2345-7"],
    [LOINC_SYSTEM, "bad cholesterol", "13457-7"],
    [LOINC_SYSTEM, "2160-0", "2160-0"],
    [LOINC_SYSTEM, "kidney crea", "2160-0"],
    [ICD10_SYSTEM, "High blood pressure", "I10"],
    [ICD10_SYSTEM, "heart attack", "I21.9"],
    [ICD10_SYSTEM, "  DIABETES adult ", "E11.9"],
    [ICD10_SYSTEM, "e11", "E11.9"],
    [RXNORM_SYSTEM, "paracetamol", "161"],
    [RXNORM_SYSTEM, "blood thinner warf", "11289"],
    [RXNORM_SYSTEM, "ventolin", "435"],
  ];
  for (const [system, query, code] of searches) {
    it(`"${query.trim()}" finds ${code} first`, () => {
      expect(searchCodes(system, query)[0]?.code).to.equal(code);
    });
  }

  it("an empty query gives the first entries, nonsense gives none", () => {
    expect(searchCodes(ICD10_SYSTEM, "", 5)).to.deep.equal(ICD10_ENTRIES.slice(0, 5));
    expect(searchCodes(ICD10_SYSTEM, "xyzzy")).to.deep.equal([]);
  });
});

const report = buildLabReport(visitWithFile, {
  report: { text: "Blood test" },
  collectedAt: MOMENT,
  results: [
    { test: { text: "Blood sugar" }, value: 131, unit: "mg/dL", low: 70, high: 99 },
    { test: { text: "Leukocytes" }, value: 6.1, unit: "10*3/uL" },
    { test: { text: "Film" }, value: "unremarkable" },
  ],
  conclusion: "Sugar is high.",
});
const note = buildVisitNote(visitWithFile, { visitedAt: MOMENT, title: "Follow-up", plan: "Rest & water" });

describe("fhir toTables", () => {
  it("shows results with unit, flag and reference range", () => {
    const results = toTables(report).find(({ caption }) => caption === "Results");
    expect(results?.columns).to.deep.equal(["Test", "Result", "Flag", "Reference range", "Date"]);
    expect(results?.rows.map((row) => row.slice(0, 4).map(({ text }) => text))).to.deep.equal([
      ["Blood sugar", "131 mg/dL", "High", "70 – 99"],
      ["Leukocytes", "6.1 ×10³/µL", "", ""],
      ["Film", "unremarkable", "", ""],
    ]);
    expect(results?.rows[0]?.[2]?.flag).to.equal("high");
  });

  it("shows the parts of a blood pressure as rows", () => {
    const pressure = {
      resourceType: "Observation",
      status: "final",
      code: { text: "Blood pressure" },
      component: [
        { code: { text: "Systolic" }, valueQuantity: { value: 128, unit: "mm[Hg]" } },
        { code: { text: "Diastolic" }, valueQuantity: { value: 82, unit: "mm[Hg]" } },
      ],
    };
    const rows = toTables(pressure)[0]?.rows.map((row) => row.slice(0, 2).map(({ text }) => text));
    expect(rows).to.deep.equal([
      ["Systolic", "128 mmHg"],
      ["Diastolic", "82 mmHg"],
    ]);
  });

  it("shows the sections of a note and the file that came with it", () => {
    const content = toTables(note).find(({ caption }) => caption === "Content");
    expect(content?.rows.map((row) => row.map(({ text }) => text))).to.deep.equal([
      ["Plan", "Rest & water"],
      ["Attachments", "letter.pdf"],
    ]);
  });

  it("shows how to take a medicine", () => {
    const request = buildMedicationRequest(visit, {
      medication: { text: "Metformin 500 mg" },
      instructions: "1 tablet",
      timing: { times: 2, per: "d" },
      refills: 3,
    });
    const text = toTables(request).flatMap(({ rows }) => rows.map((row) => row.map((cell) => cell.text).join(": ")));
    expect(text).to.include("Medicine: Metformin 500 mg");
    expect(text).to.include("How to take it: 1 tablet, 2 × a day");
  });

  it("writes dates the reader's way", () => {
    const tables = toTables(report, { dateText: () => "last Saturday" });
    expect(JSON.stringify(tables)).to.include("last Saturday").and.not.include("2026-11-21T");
  });

  it("reads whatever it is given without failing, as text only", () => {
    fc.assert(
      fc.property(
        fc.jsonValue({ maxDepth: 6 }),
        fc.constantFrom("Observation", "Bundle", "Composition", "Patient", "X"),
        (json, type) => {
          const resource = typeof json === "object" && json !== null && !Array.isArray(json) ? json : { value: json };
          for (const table of toTables({ ...resource, resourceType: type })) {
            for (const cell of table.rows.flat()) expect(cell.text).to.be.a("string");
          }
          expect(summarise({ ...resource, resourceType: type }).title).to.be.a("string").that.is.not.empty;
        },
      ),
      { numRuns: process.env.SLOW === "1" ? 5000 : 300 },
    );
  });
});

describe("fhir summarise", () => {
  it("gives title, kind and date", () => {
    const at = "2026-11-21T10:00:00Z";
    expect(summarise(report)).to.deep.equal({ title: "Blood test", kind: "lab-report", date: at });
    expect(summarise(note)).to.deep.equal({ title: "Follow-up", kind: "visit-note", date: at });
    const condition = buildCondition(visit, {
      diagnosis: { text: "Migraine" },
      clinicalStatus: "active",
      certainty: "confirmed",
    });
    expect(summarise(condition)).to.deep.equal({ title: "Migraine", kind: "diagnosis", date: at });
  });

  it("calls a bundle of laboratory observations a lab report, and a radiology report imaging", () => {
    const category = [{ coding: [{ code: "laboratory" }] }];
    const observation = { resourceType: "Observation", status: "final", category, code: { text: "Sodium" } };
    const bundle = { resourceType: "Bundle", type: "collection", entry: [{ resource: observation }] };
    expect(summarise(bundle)).to.deep.equal({ title: "Sodium", kind: "lab-report", date: null });
    const xray = {
      resourceType: "DiagnosticReport",
      category: [{ coding: [{ code: "RAD" }] }],
      code: { text: "Chest" },
    };
    expect(summarise(xray).kind).to.equal("imaging");
  });

  it("answers for what is no resource", () => {
    for (const value of [null, 7, "x", [], {}]) {
      expect(summarise(value)).to.deep.equal({ title: "Other", kind: "other", date: null });
    }
  });
});

describe("fhir narrativeText", () => {
  it("keeps the words and drops markup and scripts", () => {
    const div = '<div><p>Dose &lt; 5&#160;mg</p><script>alert("x")</script><ul><li>one</li><li>two</li></ul></div>';
    expect(narrativeText(div)).to.equal("Dose < 5\u00a0mg\none\ntwo");
  });

  it("takes time in proportion to hostile markup", () => {
    const started = performance.now();
    narrativeText("<script".repeat(70_000));
    narrativeText("<".repeat(500_000));
    expect(performance.now() - started).to.be.below(2_000);
  });
});
