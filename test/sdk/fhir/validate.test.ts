/**
 * @module test/sdk/fhir/validate
 * Invalid resources are named with the path of what is wrong; hostile input is refused before anything reads it.
 */
import { expect } from "chai";
import { SdkError } from "@carekey/sdk/errors";
import {
  KNOWN_RESOURCE_TYPES,
  MAX_FHIR_BYTES,
  MAX_FHIR_DEPTH,
  MAX_FHIR_VALUES,
  parseResource,
  validateResource,
} from "@carekey/sdk/fhir";

const observation = { resourceType: "Observation", status: "final", code: { text: "Hemoglobin" } };

/** An object nested so deep. */
function nested(depth: number): unknown {
  let value: unknown = "end";
  for (let level = 0; level < depth; level++) value = { extension: value };
  return value;
}

describe("fhir validateResource", () => {
  it("accepts a minimal observation", () => {
    expect(validateResource(observation)).to.deep.equal({ ok: true, issues: [], resource: observation });
  });

  it("accepts a patient with a primitive extension", () => {
    const patient = {
      resourceType: "Patient",
      birthDate: "1951-04-02",
      _birthDate: { extension: [{ url: "http://example.org/time", valueString: "morning" }] },
    };
    expect(validateResource(patient).issues).to.deep.equal([]);
  });

  const wrong: [title: string, resource: unknown, path: string][] = [
    ["a value that JSON does not have", { ...observation, status: undefined }, ""],
    ["a missing code", { resourceType: "Observation", status: "final" }, "Observation.code"],
    ["a status outside its code list", { ...observation, status: "banana" }, "Observation.status"],
    ["a number as text", { ...observation, valueQuantity: { value: "12" } }, "Observation.value[x].value"],
    ["a day that does not exist", { ...observation, effectiveDateTime: "2026-02-30" }, "Observation.effective[x]"],
    ["an unknown property", { ...observation, mood: "good" }, "Observation.mood"],
    ["a text where an object belongs", { ...observation, code: "Hemoglobin" }, "Observation.code"],
    ["a single value where a list belongs", { ...observation, note: { text: "x" } }, "Observation.note"],
    ["a list where a single value belongs", { ...observation, status: ["final"] }, "Observation.status"],
    ["an empty list", { ...observation, note: [] }, "Observation.note"],
    ["a null", { ...observation, note: [null] }, "Observation.note[0]"],
    [
      "a broken invariant",
      { ...observation, referenceRange: [{ type: { text: "normal" } }] },
      "Observation.referenceRange[0]",
    ],
    [
      "an entry of a bundle",
      { resourceType: "Bundle", type: "collection", entry: [{ resource: { ...observation, status: "no" } }] },
      "Bundle.entry[0].resource.status",
    ],
    [
      "a contained resource",
      {
        resourceType: "Condition",
        subject: { display: "Rosa" },
        contained: [{ resourceType: "DocumentReference", id: "file", status: "current" }],
      },
      "Condition.contained[0].content",
    ],
    ["a type outside the definitions", { resourceType: "Spaceship" }, "Spaceship.resourceType"],
    [
      "a nested type outside the definitions",
      { resourceType: "Bundle", type: "collection", entry: [{ resource: { resourceType: "Spaceship" } }] },
      "Bundle.entry[0].resource.resourceType",
    ],
    ["no resource", { status: "final" }, ""],
    ["a list", [observation], ""],
    ["null", null, ""],
    ["a text", "Observation", ""],
    ["a function", () => observation, ""],
    ["a number that JSON does not know", { ...observation, valueInteger: Number.NaN }, ""],
    ["too deep a nesting", { ...observation, extension: [nested(MAX_FHIR_DEPTH)] }, ""],
    ["too many values", { ...observation, note: Array(MAX_FHIR_VALUES).fill({}) }, ""],
    ["too long a text", { ...observation, note: [{ text: "x".repeat(MAX_FHIR_BYTES + 1) }] }, ""],
  ];
  for (const [title, resource, path] of wrong) {
    it(`names ${title}`, () => {
      const validation = validateResource(resource);
      expect(validation.ok).to.equal(false);
      expect(validation.issues.map((issue) => issue.path)).to.include(path);
      for (const issue of validation.issues) expect(issue.message).to.be.a("string").that.is.not.empty;
    });
  }

  it("names every issue once", () => {
    const { issues } = validateResource({ ...observation, status: "banana", mood: "good", note: [null] });
    const names = issues.map(({ path, message }) => path + message);
    expect(new Set(names).size).to.equal(names.length);
    expect(issues.map(({ path }) => path)).to.include.members(["Observation.mood", "Observation.note[0]"]);
  });

  it("knows the types that the forms write", () => {
    const types = ["Bundle", "Composition", "Condition", "DiagnosticReport", "DocumentReference", "MedicationRequest"];
    for (const type of [...types, "Observation"]) expect(KNOWN_RESOURCE_TYPES.has(type)).to.equal(true);
  });
});

describe("fhir parseResource", () => {
  it("reads text and its bytes", () => {
    const json = JSON.stringify(observation);
    expect(parseResource(json)).to.deep.equal(observation);
    expect(parseResource(new TextEncoder().encode(json))).to.deep.equal(observation);
  });

  const refused: [title: string, json: string | Uint8Array, code: string][] = [
    ["an empty text", "", "MALFORMED"],
    ["a truncated text", '{"resourceType":"Patient"', "MALFORMED"],
    ["bytes that are not UTF-8", new Uint8Array([0x7b, 0xff, 0x7d]), "MALFORMED"],
    ["JSON that is no object", "[1,2]", "MALFORMED"],
    ["a resource without a type", '{"status":"final"}', "MALFORMED"],
    ["a key that reaches into JavaScript", '{"resourceType":"Patient","__proto__":{"admin":true}}', "MALFORMED"],
    ["more bytes than allowed", " ".repeat(MAX_FHIR_BYTES + 1), "TOO_LARGE"],
    [
      "a hundred thousand brackets",
      '{"resourceType":"Patient","a":' + "[".repeat(1e5) + "]".repeat(1e5) + "}",
      "TOO_LARGE",
    ],
  ];
  for (const [title, json, code] of refused) {
    it(`refuses ${title}`, () => {
      expect(() => parseResource(json))
        .to.throw(SdkError)
        .with.property("code", code);
    });
  }

  it("leaves the prototype of objects alone", () => {
    expect(() => parseResource('{"resourceType":"Patient","__proto__":{"polluted":1}}')).to.throw(SdkError);
    expect(Object.hasOwn(Object.prototype, "polluted")).to.equal(false);
  });
});
