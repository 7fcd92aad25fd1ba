import { actsFromLogs, foldAct, genesisHead, replay, verifyHead, type ChartLog } from "@carekey/sdk/chart";
import { WRITE, hashTerms, toContractTerms } from "@carekey/sdk/consent";
import type { Hex } from "@carekey/sdk/bytes";
import { carekeyAbi } from "@carekey/sdk/contracts";
import { isSdkError } from "@carekey/sdk/errors";
import { expect } from "chai";
import fc from "fast-check";
import { parseEventLogs, type Log } from "viem";
import { ZERO, addressOf, digest, newChain, termsOf, type Clinic } from "../support/clinic.ts";

const { ethers, networkHelpers, openClinic } = await newChain();

const SEQUENCES = Number(process.env["FUZZ_RUNS"] ?? 1_000) / 100;

async function fixture() {
  const clinic = await openClinic();
  const { patient, otherPatient, doctor, act } = clinic;
  const terms = [patient, otherPatient].map((owner) => termsOf(owner, doctor, { rights: WRITE }));
  await act(patient, "grant", hashTerms(terms[0]!), digest("bundle"));
  await act(otherPatient, "grant", hashTerms(terms[1]!), digest("bundle"));
  return { ...clinic, terms };
}

/** One random act. `owner` chooses the chart; `target` picks among the ids that this chart has seen so far, or an unknown one. */
const randomAct = fc.record({
  owner: fc.integer({ min: 0, max: 1 }),
  kind: fc.constantFrom("submit", "add", "decide", "batch", "note"),
  pointer: fc.integer({ min: 0, max: 5 }).map((number) => (number === 0 ? ZERO : digest(`pointer ${number}`))),
  wraps: fc.constantFrom(ZERO, digest("wraps 1"), digest("wraps 2")),
  targets: fc.array(fc.nat({ max: 20 }), { minLength: 1, maxLength: 5 }),
  verdict: fc.constantFrom(1, 2),
  split: fc.nat({ max: 5 }),
});
type RandomAct = typeof randomAct extends fc.Arbitrary<infer T> ? T : never;

async function chartLogs({ carekey }: Clinic, patient: { address: string }): Promise<ChartLog[]> {
  const logs = await ethers.provider.getLogs({ address: await carekey.getAddress(), fromBlock: 0 });
  const rpcLogs = logs.map((log): Log<bigint, number, false> => ({
    address: log.address as Hex,
    topics: [...log.topics] as [Hex, ...Hex[]],
    data: log.data as Hex,
    blockNumber: BigInt(log.blockNumber),
    blockHash: log.blockHash as Hex,
    logIndex: log.index,
    transactionHash: log.transactionHash as Hex,
    transactionIndex: log.transactionIndex,
    blockTimestamp: 0n,
    removed: false,
  }));
  return parseEventLogs({
    abi: carekeyAbi,
    eventName: ["Submitted", "Added", "Decided", "BatchDecided", "Noted"],
    logs: rpcLogs,
  }).filter((log) => log.args.patient === patient.address);
}

async function perform(clinic: Awaited<ReturnType<typeof fixture>>, acts: readonly RandomAct[]): Promise<void> {
  const owners = [clinic.patient, clinic.otherPatient];
  const seen: Hex[][] = [[], []];
  for (const { owner, kind, pointer, wraps, targets, verdict, split } of acts) {
    const person = owners[owner]!;
    const known = seen[owner]!;
    const ids = targets.map((target) => known[target] ?? (target % 2 === 0 ? digest(`unknown ${target}`) : ZERO));
    if (kind === "submit") {
      await clinic.act(clinic.doctor, "submit", toContractTerms(clinic.terms[owner]!), pointer, ids[0]);
    } else if (kind === "add") await clinic.act(person, "add", pointer, wraps, ids[0]);
    else if (kind === "decide") await clinic.act(person, "decide", ids[0], verdict, wraps);
    else if (kind === "batch") {
      await clinic.act(person, "decideBatch", ids.slice(0, split), ids.slice(split), wraps);
    } else await clinic.act(person, "note", pointer);
    if (kind === "submit" || kind === "add") known.push((await clinic.ask("head", person)) as Hex);
  }
}

describe("RecordRegistry and the sdk's replay", () => {
  it("arrive at the same head for any sequence of acts on two charts", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(randomAct, { minLength: 1, maxLength: 25 }), async (acts) => {
        const clinic = await networkHelpers.loadFixture(fixture);
        await perform(clinic, acts);
        for (const [index, person] of [clinic.patient, clinic.otherPatient].entries()) {
          const patient = addressOf(person);
          const logs = await chartLogs(clinic, person);
          const chart = replay({ ...clinic.deployment, patient, acts: actsFromLogs(logs) });
          verifyHead(chart, (await clinic.ask("head", person)) as Hex);
          expect(chart.mismatch).to.equal(null);
          expect(chart.actCount).to.equal(acts.filter(({ owner }) => owner === index).length);
        }
      }),
      { numRuns: Math.ceil(SEQUENCES) },
    );
  });

  it("part as soon as one act is left out, doubled, swapped or altered", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          randomAct.map((act) => ({ ...act, owner: 0 })),
          { minLength: 3, maxLength: 12 },
        ),
        fc.nat(),
        fc.constantFrom("omit", "alter", "swap", "truncate"),
        async (acts, choice, how) => {
          const clinic = await networkHelpers.loadFixture(fixture);
          await perform(clinic, acts);
          const patient = addressOf(clinic.patient);
          const honest = actsFromLogs(await chartLogs(clinic, clinic.patient));
          const head = (await clinic.ask("head", clinic.patient)) as Hex;
          const place = choice % honest.length;
          const served = [...honest];
          const positions = honest.map(({ blockNumber, logIndex }) => ({ blockNumber, logIndex }));
          if (how === "omit") served.splice(place, 1);
          else if (how === "truncate") served.length = place;
          else if (how === "swap") {
            const other = (place + 1) % honest.length;
            [served[place], served[other]] = [honest[other]!, honest[place]!];
          } else {
            const act = honest[place]!;
            if (act.kind === "note") served[place] = { ...act, digest: digest("altered") };
            else if (act.kind === "submit" || act.kind === "add")
              served[place] = { ...act, pointer: digest("altered") };
            else served[place] = { ...act, wraps: digest("altered") };
          }
          const ordered = served.map((act, index) => ({ ...act, ...positions[index]! }));
          const chart = replay({ ...clinic.deployment, patient, acts: ordered });
          let refused: unknown;
          try {
            verifyHead(chart, head);
          } catch (error) {
            refused = error;
          }
          // To swap two equal acts is the only change that cannot be seen, and is none.
          const isSame = chart.head === head;
          expect(isSdkError(refused, "HISTORY_MISMATCH")).to.equal(!isSame);
          if (isSame) expect(how).to.equal("swap");
        },
      ),
      { numRuns: Math.ceil(SEQUENCES) },
    );
  });

  it("fold from the same genesis", async () => {
    const { ask, stranger, deployment } = await networkHelpers.loadFixture(fixture);
    const genesis = genesisHead({ ...deployment, patient: addressOf(stranger) });
    expect(await ask("head", stranger)).to.equal(genesis);
    expect(foldAct(genesis, { kind: "note", digest: ZERO })).to.not.equal(genesis);
  });
});
