/**
 * @module test/frontend/lib/wallet
 * What the demo wallet shows before it signs, and the roles of an account.
 */
import { expect } from "chai";
import { encodeFunctionData } from "viem";
import { carekeyAbi, emergencyAccessAbi } from "@carekey/sdk/contracts";
import { rolesOf } from "../../../frontend/src/lib/roles.ts";
import { readableCall, readableFields } from "../../../frontend/src/lib/wallet/readable.ts";

describe("readableFields", () => {
  it("writes an ISO date beside a time, and leaves other numbers alone", () => {
    expect(readableFields({ expiresAt: "1798675200", maxViews: "1798675200" })).to.deep.equal([
      { name: "expiresAt", value: "1798675200 (2026-12-31 00:00:00 UTC)", depth: 0 },
      { name: "maxViews", value: "1798675200", depth: 0 },
    ]);
  });

  it("indents nested structs and numbers the items of lists, in the order in which they are signed", () => {
    const fields = readableFields({ terms: { scopes: ["0xaa", "0xbb"], about: { purpose: "Check-up" } }, deadline: 0 });
    expect(fields).to.deep.equal([
      { name: "terms", value: "", depth: 0 },
      { name: "scopes 1", value: "0xaa", depth: 1 },
      { name: "scopes 2", value: "0xbb", depth: 1 },
      { name: "about", value: "", depth: 1 },
      { name: "purpose", value: "Check-up", depth: 2 },
      { name: "deadline", value: "0", depth: 0 },
    ]);
  });

  it("says so when a list is empty", () => {
    expect(readableFields({ scopes: [] })).to.deep.equal([{ name: "scopes", value: "none", depth: 0 }]);
  });
});

describe("readableCall", () => {
  it("names the function and its arguments", () => {
    const keyDocument = `0x${"ab".repeat(32)}` as const;
    const data = encodeFunctionData({ abi: carekeyAbi, functionName: "register", args: [1, keyDocument] });
    expect(readableCall(data)).to.deep.equal({
      title: "register",
      fields: [
        { name: "role", value: "1", depth: 0 },
        { name: "keyDocument", value: keyDocument, depth: 0 },
      ],
    });
  });

  it("knows the calls of the emergency contract, too", () => {
    const data = encodeFunctionData({ abi: emergencyAccessAbi, functionName: "configure", args: [600, []] });
    expect(readableCall(data)).to.deep.equal({
      title: "configure",
      fields: [
        { name: "delay", value: "600", depth: 0 },
        { name: "contacts", value: "none", depth: 0 },
      ],
    });
  });

  it("does not pretend to know another call", () => {
    expect(readableCall("0xdeadbeef")).to.equal(null);
  });
});

describe("rolesOf", () => {
  it("gives each account the screens that it can use", () => {
    expect(rolesOf({ role: 1, isRegistrar: false })).to.deep.equal(["patient"]);
    expect(rolesOf({ role: 2, isRegistrar: false })).to.deep.equal(["clinician"]);
    expect(rolesOf({ role: 3, isRegistrar: true })).to.deep.equal(["registrar"]);
    expect(rolesOf({ role: 1, isRegistrar: true })).to.deep.equal(["patient", "registrar"]);
    expect(rolesOf({ role: 3, isRegistrar: false })).to.deep.equal(["organisation"]);
  });
});
