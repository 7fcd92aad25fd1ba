/**
 * @module bench/release
 * The cryptography of one view: two keepers evaluate and seal, the reader opens, checks, combines and unwraps.
 */
import { randomBytes } from "node:crypto";
import {
  combineEvaluations,
  deriveDealScalar,
  evaluateShare,
  multiplyPoint,
  splitSecret,
  verifyEvaluation,
  deriveRecordKey,
  newEnvelopeKeys,
  openEnvelope,
  openWrap,
  sealEnvelope,
  sealWrap,
  type EnvelopeContext,
} from "@carekey/sdk/crypto";
import { atMost, leastMilliseconds, type BenchPart } from "./result.ts";

const THRESHOLD = 2;
const KEEPERS = 3;
const contract = `0x${"c0".repeat(20)}` as const;
const patient = `0x${"a1".repeat(20)}` as const;

/** Time of a key release from 2 of 3 keepers, networks and disks left out. */
export const release: BenchPart = {
  name: "release",
  run: async () => {
    const tuple = {
      chainId: 31337,
      contract,
      patient,
      tag: `0x${"1a".repeat(32)}`,
      epoch: 0,
      recordId: `0x${"2b".repeat(32)}`,
    } as const;
    const secret = deriveDealScalar(randomBytes(32), 0);
    const { commitments, shares } = splitSecret({ secret, threshold: THRESHOLD, count: KEEPERS });
    const scopeKey = randomBytes(32);
    const recordKey = deriveRecordKey({ scopeKey, point: multiplyPoint(secret, tuple), tuple });
    const wrap = await sealWrap({ recordKey, dek: randomBytes(32), tuple });
    const context: EnvelopeContext = {
      chainId: tuple.chainId,
      contract,
      purpose: "reply",
      sender: contract,
      recipient: patient,
      recipientKeyHash: `0x${"00".repeat(20)}`,
      id: randomBytes(32),
    };
    const times = await leastMilliseconds(
      {
        release: async () => {
          const reply = newEnvelopeKeys();
          const evaluations = [];
          for (const [position, share] of shares.slice(0, THRESHOLD).entries()) {
            const { evaluation, proof } = evaluateShare({ share, tuple });
            const sealed = await sealEnvelope({ recipientPublicKey: reply.publicKey, context }, evaluation);
            const opened = await openEnvelope({ recipientSecret: reply.secret, context }, sealed);
            const answer = { commitments, index: position + 1, tuple, evaluation: opened, proof };
            if (!verifyEvaluation(answer)) throw new Error("a keeper's proof does not verify");
            evaluations.push({ index: position + 1, evaluation: opened });
          }
          const point = combineEvaluations(evaluations, THRESHOLD);
          await openWrap({ recordKey: deriveRecordKey({ scopeKey, point, tuple }), wrap, tuple });
        },
      },
      15,
    );
    return [atMost(`release a key from ${THRESHOLD} of ${KEEPERS} keepers`, times.release, "ms", 50)];
  },
};
