/**
 * @module test/frontend/features/records/chosen-files
 * What files are taken for when a person drops them.
 */
import { expect } from "chai";
import { lookAtFiles, scopeOfFile, typeOf } from "../../../../frontend/src/features/records/chosen-files.ts";
import { labBundleJson } from "../../../fixtures/lab-bundle.ts";
import { id } from "./fixtures.ts";

describe("chosen files", () => {
  it("finds the FHIR bundle in a JSON file and files its results under lab results", async () => {
    const file = new File([labBundleJson()], "results.json", { type: "application/json" });
    const { chosen, remarks } = await lookAtFiles([file]);
    expect(chosen[0]).to.include({ name: "results.json", type: "application/fhir+json", scope: "labs" });
    expect(chosen[0]?.fhir).to.have.property("resourceType", "Bundle");
    expect(remarks).to.deep.equal([]);
  });

  it("keeps other JSON as a bare file", async () => {
    const { chosen } = await lookAtFiles([new File(['{"steps":12}'], "watch.json", { type: "application/json" })]);
    expect(chosen[0]?.fhir ?? null).to.equal(null);
    expect(chosen[0]?.type).to.equal("application/json");
  });

  it("says when a resource does not follow the standard, and keeps it as a file", async () => {
    const broken = JSON.stringify({ resourceType: "Observation", status: 7 });
    const { chosen, remarks } = await lookAtFiles([new File([broken], "broken.json", { type: "application/json" })]);
    expect(chosen[0]?.fhir ?? null).to.equal(null);
    expect(remarks.map(({ name }) => name)).to.deep.equal(["broken.json"]);
  });

  it("passes on which entry a file replaces", async () => {
    const { chosen } = await lookAtFiles([new File(["x"], "new.pdf", { type: "application/pdf" })], id(4));
    expect(chosen[0]?.supersedes).to.equal(id(4));
  });

  const types: [name: string, type: string, expected: string][] = [
    ["a.dcm", "", "application/dicom"],
    ["a.pdf", "", "application/pdf"],
    ["a.heic", "image/heic", "image/heic"],
    ["unknown", "", "application/octet-stream"],
  ];
  for (const [name, type, expected] of types) {
    it(`takes the type of ${name} for ${expected}`, () => {
      expect(typeOf({ name, type })).to.equal(expected);
    });
  }

  const scopes: [name: string, type: string, scope: string][] = [
    ["scan.dcm", "application/dicom", "imaging"],
    ["Blood_results_2026.pdf", "application/pdf", "labs"],
    ["knee x-ray.jpg", "image/jpeg", "imaging"],
    ["prescription-may.pdf", "application/pdf", "medication"],
    ["collaboration.pdf", "application/pdf", "general"],
  ];
  for (const [name, type, scope] of scopes) {
    it(`proposes ${scope} for ${name}`, () => {
      expect(scopeOfFile(name, type)).to.equal(scope);
    });
  }
});
