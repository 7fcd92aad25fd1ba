/**
 * @module test/sdk/client/view-alarm
 * Which receipts a patient's own consents explain, and which are an alarm.
 */
import { expect } from "chai";
import { zeroAddress } from "viem";
import type { Hex } from "../../../sdk/src/bytes.ts";
import { alarmOf, type ExplainingRequest } from "../../../sdk/src/client/view-alarm.ts";
import { EMERGENCY_TAG, READ, WRITE, type ConsentTerms } from "../../../sdk/src/consent/index.ts";
import { EMERGENCY_OPEN_SECONDS } from "../../../sdk/src/contracts/index.ts";
import { RECEIPT_EMERGENCY, RECEIPT_VIEW, type Receipt } from "../../../sdk/src/keeper/index.ts";

const word = (byte: string): Hex => `0x${byte.repeat(32)}`;
const account = (byte: string): Hex => `0x${byte.repeat(20)}`;
const [patient, doctor, stranger] = [account("0a"), account("0b"), account("0c")] as const;
const [labs, imaging] = [word("11"), word("12")] as const;
const consentId = word("21");
const BEGIN = 1_000;
const END = 2_000;

const terms: ConsentTerms = {
  patient,
  grantee: doctor,
  organisation: zeroAddress,
  scopes: [labs],
  fromEpoch: 0,
  rights: READ,
  notBefore: BEGIN,
  expiresAt: END,
  maxViews: 0,
  flags: 0,
  about: { scopes: "Lab results", purpose: "Visit", salt: word("31") },
};

function receipt(wish: Partial<Receipt> = {}): Receipt {
  return {
    keeper: account("0d"),
    logGeneration: 1,
    seq: 1,
    previousLeaf: word("00"),
    issuedAt: 1_500,
    consentId,
    patient,
    grantee: doctor,
    tag: labs,
    epoch: 0,
    recordId: word("41"),
    viewNo: 0,
    bodyHash: word("51"),
    kind: RECEIPT_VIEW,
    blockNumber: 1,
    blockHash: word("61"),
    reasonHash: word("71"),
    salt: word("81"),
    ...wish,
  };
}

function alarm(receipts: Receipt[], wish: Partial<ConsentTerms> = {}, endedAt: number | null = null) {
  const consents = new Map([[consentId, { terms: { ...terms, ...wish }, endedAt }]]);
  return alarmOf(receipts, { consents, emergencies: new Map<Hex, ExplainingRequest>() });
}

describe("alarmOf", () => {
  it("is silent about what a consent explains", () => {
    expect(alarm([receipt()])).to.equal(null);
    expect(alarm([receipt({ issuedAt: 1_600 })], {}, 1_600)).to.equal(null);
    expect(alarm([receipt({ viewNo: 3 })], { maxViews: 3 })).to.equal(null);
  });

  it("is silent whatever the spelling of an address", () => {
    expect(alarm([receipt({ grantee: doctor.toUpperCase().replace("0X", "0x") as Hex })])).to.equal(null);
  });

  it("names what does not fit", () => {
    expect(alarm([receipt({ consentId: word("22") })])).to.equal("unknown-consent");
    expect(alarm([receipt()], { rights: WRITE })).to.equal("unknown-consent");
    expect(alarm([receipt({ grantee: stranger })])).to.equal("another-person");
    expect(alarm([receipt({ tag: imaging })])).to.equal("another-part");
    expect(alarm([receipt({ epoch: 0 })], { fromEpoch: 1 })).to.equal("another-part");
    expect(alarm([receipt({ issuedAt: BEGIN - 1 })])).to.equal("outside-time");
    expect(alarm([receipt({ issuedAt: END })])).to.equal("outside-time");
    expect(alarm([receipt({ issuedAt: 1_601 })], {}, 1_600)).to.equal("outside-time");
    expect(alarm([receipt({ viewNo: 4 })], { maxViews: 3 })).to.equal("over-limit");
    expect(alarm([receipt({ viewNo: 0 })], { maxViews: 3 })).to.equal("over-limit");
  });

  it("does not let one keeper's early clock hide another's answer after the end", () => {
    const early = receipt({ issuedAt: 1_599 });
    const late = receipt({ keeper: account("0e"), issuedAt: 1_700 });
    expect(alarm([early, late], {}, 1_600)).to.equal("outside-time");
  });

  describe("emergencies", () => {
    const request: ExplainingRequest = {
      patient,
      requestedAt: 900,
      opensAt: BEGIN,
      requester: doctor,
      stoppedAt: 0,
      round: 0,
      verdict: 0,
      coSigner: stranger,
      voidFrom: null,
    };
    const emergency = (wish: Partial<Receipt> = {}, changed: Partial<ExplainingRequest> = {}) =>
      alarmOf([receipt({ kind: RECEIPT_EMERGENCY, tag: EMERGENCY_TAG, consentId: word("91"), ...wish })], {
        consents: new Map([[consentId, { terms, endedAt: null }]]),
        emergencies: new Map([[word("91"), { ...request, ...changed }]]),
      });

    it("is silent while the request was open to this clinician", () => {
      expect(emergency()).to.equal(null);
      expect(emergency({ issuedAt: 1_600 }, { stoppedAt: 1_600 })).to.equal(null);
      expect(emergency({ issuedAt: 1_600 }, { voidFrom: 1_600 })).to.equal(null);
    });

    it("names what does not fit", () => {
      expect(emergency({ consentId: word("92") })).to.equal("unknown-emergency");
      expect(emergency({ grantee: stranger })).to.equal("unknown-emergency");
      expect(emergency({}, { patient: stranger })).to.equal("unknown-emergency");
      expect(emergency({ tag: labs })).to.equal("another-part");
      expect(emergency({ epoch: 1 })).to.equal("another-part");
      expect(emergency({}, { opensAt: 0 })).to.equal("emergency-closed");
      expect(emergency({ issuedAt: BEGIN - 1 })).to.equal("emergency-closed");
      expect(emergency({ issuedAt: BEGIN + EMERGENCY_OPEN_SECONDS })).to.equal("emergency-closed");
      expect(emergency({ issuedAt: 1_601 }, { stoppedAt: 1_600 })).to.equal("emergency-closed");
      expect(emergency({ issuedAt: 1_601 }, { voidFrom: 1_600 })).to.equal("emergency-closed");
    });

    it("does not take a consent for an emergency", () => {
      expect(emergency({ consentId })).to.equal("unknown-emergency");
    });
  });
});
