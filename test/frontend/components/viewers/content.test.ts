/**
 * @module test/frontend/components/viewers/content
 * What a file is shown as, and what its first bytes prove.
 */
import { expect } from "chai";
import {
  VIEW_LIMITS,
  provenType,
  readAll,
  safeFileName,
  viewKindOf,
} from "../../../../frontend/src/components/viewers/content.ts";
import { labReportPdf } from "../../../fixtures/lab-report-pdf.ts";
import { photograph } from "../../../fixtures/photograph.ts";

describe("viewKindOf", () => {
  const table: [name: string, type: string, kind: string][] = [
    ["letter.pdf", "application/pdf", "pdf"],
    ["letter", "application/pdf", "pdf"],
    ["LETTER.PDF", "", "pdf"],
    ["hand.jpg", "image/jpeg", "image"],
    ["hand.png", "application/octet-stream", "image"],
    ["note.txt", "text/plain; charset=utf-8", "text"],
    ["page.html", "text/html", "text"],
    ["drawing.svg", "image/svg+xml", "text"],
    ["bundle.json", "application/fhir+json", "text"],
    ["scan.dcm", "application/dicom", "download"],
    ["photo.jpg", "application/x-msdownload", "download"],
    ["photo.heic", "image/heic", "download"],
    ["archive.zip", "", "download"],
    ["letter.pdf.exe", "", "download"],
  ];
  for (const [name, type, kind] of table) {
    it(`${name} of type "${type}" is shown as ${kind}`, () => {
      expect(viewKindOf({ name, type, size: 1000 })).to.equal(kind);
    });
  }

  it("a file above its limit is downloaded", () => {
    for (const [type, limit] of [
      ["application/pdf", VIEW_LIMITS.pdf],
      ["image/png", VIEW_LIMITS.image],
      ["text/plain", VIEW_LIMITS.text],
    ] as const) {
      expect(viewKindOf({ name: "x", type, size: limit })).to.not.equal("download");
      expect(viewKindOf({ name: "x", type, size: limit + 1 })).to.equal("download");
    }
  });
});

describe("provenType", () => {
  it("knows a real PDF and a real photograph", async () => {
    expect(await provenType(new Blob([await labReportPdf()]))).to.equal("application/pdf");
    expect(await provenType(new Blob([photograph()]))).to.equal("image/jpeg");
  });

  it("proves nothing for markup, whatever its name", async () => {
    expect(await provenType(new Blob(['<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>']))).to.equal(null);
    expect(await provenType(new Blob(["<script>alert(1)</script>"]))).to.equal(null);
    expect(await provenType(new Blob([]))).to.equal(null);
  });
});

describe("readAll", () => {
  it("joins the pieces and reports the bytes done", async () => {
    const stream = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(new Uint8Array([1, 2]));
        controller.enqueue(new Uint8Array([3]));
        controller.close();
      },
    });
    const done: number[] = [];
    const blob = await readAll(stream, (bytes) => done.push(bytes));
    expect([...new Uint8Array(await blob.arrayBuffer())]).to.deep.equal([1, 2, 3]);
    expect(done).to.deep.equal([2, 3]);
  });

  it("passes a failure of the stream on", async () => {
    const broken = new ReadableStream<Uint8Array>({ pull: (controller) => controller.error(new RangeError("torn")) });
    const outcome = await readAll(broken).catch((error: unknown) => error);
    expect(outcome).to.be.instanceOf(RangeError);
  });
});

describe("safeFileName", () => {
  const table: [name: string, safe: string][] = [
    ["letter.pdf", "letter.pdf"],
    ["../../etc/passwd", "_.._etc_passwd"],
    ["..\\secret", "_secret"],
    ["letter\u202efdp.exe", "letter_fdp.exe"],
    ["a\u0000b\nc", "a_b_c"],
    ["...", "record"],
    ["", "record"],
  ];
  for (const [name, safe] of table) {
    it(`${JSON.stringify(name)} is saved as ${safe}`, () => expect(safeFileName(name)).to.equal(safe));
  }
});
