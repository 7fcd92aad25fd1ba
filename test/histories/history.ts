/**
 * @module test/histories/history
 * One random history: acts in a random order, played by the model and for real side by side. Each place where the two disagree is a
 * difference, in words that say what was done and what came of it.
 */
import { isSdkError } from "../../sdk/src/errors.ts";
import { hashBody } from "../../sdk/src/keeper/index.ts";
import type { Clinic } from "../services/keeper/support/clinic.ts";
import { startChart, type Chart, type RealRecord } from "./chart.ts";
import {
  KEEPERS,
  THRESHOLD,
  endOfConsent,
  formerReadersWithKey,
  giveKeys,
  isActiveOnChain,
  newModel,
  playView,
  rotate,
  type Model,
  type ModelView,
} from "./model.ts";
import { createDice, type Dice } from "./random.ts";

const READERS = [
  { name: "Dr Ames", role: 2 },
  { name: "Dr Bose", role: 2 },
  { name: "a friend", role: 1 },
] as const;
const SCOPES = ["general", "labs"];
const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;

/** A view that was made, to be sent again. */
type MadeView = { view: ModelView; asked: Parameters<Chart["view"]>[1]; record: RealRecord };

/** What the acts work on. */
type Play = {
  dice: Dice;
  model: Model;
  chart: Chart;
  clinic: Clinic;
  records: RealRecord[];
  made: MadeView[];
  /** Bodies that opened a record. */
  opened: { body: string; hash: string }[];
  log: string[];
  differences: string[];
};

/** How a history ended. `log`: its acts in order, for whoever looks into a difference. */
export type HistoryResult = { differences: string[]; log: string[]; opened: number; refused: number };

/** Plays one history of `acts` acts on a running clinic. */
export async function playHistory(clinic: Clinic, seed: number, acts: number): Promise<HistoryResult> {
  const dice = createDice(seed);
  const chart = await startChart(clinic, READERS);
  const model = newModel(
    clinic.clock.now(),
    SCOPES,
    READERS.map(({ name }) => name),
  );
  for (const { name, role } of READERS) if (role === 2) model.licensed.add(name);
  const play: Play = { dice, model, chart, clinic, records: [], made: [], opened: [], log: [], differences: [] };
  let views = 0;
  await addRecord(play);
  await grant(play);
  for (let count = 0; count < acts; count++) {
    const act = dice.weighted(ACTS);
    if (act === view || act === repeat) views++;
    await act(play);
    compareKeys(play);
  }
  await compareReceipts(play);
  const { differences, log, opened } = play;
  return { differences, log, opened: opened.length, refused: views - opened.length };
}

type Act = (play: Play) => Promise<void>;

async function addRecord(play: Play): Promise<void> {
  const { dice, model, chart, records } = play;
  const scope = dice.pick(SCOPES);
  if (await chart.mustRotate(scope)) await rotateScopes(play, [scope]);
  const record = await chart.add(`record ${records.length + 1}`, scope);
  mined(play);
  records.push(record);
  model.records.push({ id: record.id, scope, epoch: record.epoch });
  play.log.push(`${record.id} in ${scope}, epoch ${record.epoch}`);
  for (const reader of formerReadersWithKey(model, scope)) {
    play.differences.push(`${record.id} is wrapped under a key that ${reader} holds without a consent`);
  }
}

async function grant(play: Play): Promise<void> {
  const { dice, model, chart, clinic } = play;
  const { name: reader } = dice.pick(READERS);
  const scopes = dice.chance(0.5) ? SCOPES : [dice.pick(SCOPES)];
  const isFromNow = dice.chance(0.2);
  if (isFromNow) await rotateScopes(play, scopes);
  const now = clinic.clock.now();
  const notBefore = dice.chance(0.15) ? now + dice.pick([1, MINUTE, HOUR]) : now;
  const wish = {
    reader,
    scopes,
    fromEpoch: isFromNow ? model.chartEpoch : 0,
    notBefore,
    expiresAt: notBefore + dice.pick([1, MINUTE, HOUR, DAY, 30 * DAY, 30 * DAY, 30 * DAY]),
    maxViews: dice.chance(0.3) ? dice.pick([1, 2, 3]) : 0,
    needsLicence: reader !== "a friend" && dice.chance(0.5),
    needsMembership: dice.chance(0.15),
    needsCode: dice.chance(0.15),
  };
  const id = `consent ${model.consents.size + 1}`;
  await chart.grant(id, wish);
  mined(play);
  const consent = { ...wish, grantedAt: now, revokedAt: null };
  giveKeys(model, consent);
  model.consents.set(id, consent);
  play.log.push(
    `${id} for ${reader}: ${JSON.stringify({ ...wish, notBefore: notBefore - now, expiresAt: wish.expiresAt - now })}`,
  );
}

async function revoke(play: Play): Promise<void> {
  const { dice, model, chart, clinic } = play;
  const standing = [...model.consents].filter(([, { revokedAt }]) => revokedAt === null);
  if (standing.length === 0) return;
  const [id, consent] = dice.pick(standing);
  const way = dice.pick(["chain", "keepers", "both"]);
  if (way !== "chain") {
    const taken = await chart.handOver(id);
    for (const [place, keeper] of model.keepers.entries()) if (taken[place]) keeper.revoked.add(id);
  }
  if (way !== "keepers") {
    await chart.revoke(id);
    mined(play);
    consent.revokedAt = clinic.clock.now();
  }
  play.log.push(`revoke ${id} (${way})`);
}

async function revokeAll(play: Play): Promise<void> {
  const { dice, model, chart, clinic } = play;
  const now = clinic.clock.now();
  if (dice.chance(0.5)) {
    const taken = await chart.handOver(null);
    for (const [place, keeper] of model.keepers.entries()) if (taken[place]) keeper.revokedBefore = now;
    play.log.push("revoke all (keepers)");
  } else if (model.revokedBefore < now) {
    await chart.revokeAll();
    mined(play);
    model.revokedBefore = now;
    play.log.push("revoke all (chain)");
  }
}

async function rotateScopes(play: Play, scopes: readonly string[]): Promise<void> {
  await play.chart.rotate(scopes);
  mined(play);
  rotate(play.model, scopes);
  play.log.push(`rotate ${scopes.join(" and ")} to epoch ${play.model.chartEpoch}`);
}

async function wait(play: Play): Promise<void> {
  const { dice, model, clinic, chart } = play;
  const now = clinic.clock.now();
  const edges = [...model.consents.values()]
    .flatMap(({ notBefore, expiresAt }) => [notBefore, expiresAt].flatMap((edge) => [edge - 1, edge]))
    .filter((edge) => edge > now && edge < now + 2 * DAY);
  const seconds =
    edges.length > 0 && dice.chance(0.5) ? dice.pick(edges) - now : dice.pick([1, 20, MINUTE, 10 * MINUTE, HOUR]);
  clinic.clock.advance(seconds);
  model.clock += seconds;
  play.log.push(`wait ${seconds} s`);
  if (dice.chance(0.5)) {
    await chart.mine();
    mined(play);
  }
}

async function view(play: Play): Promise<void> {
  const { dice, model, chart, clinic, records } = play;
  if (model.consents.size === 0 || records.length === 0) return;
  const standing = [...model.consents].filter(([, each]) => endOfConsent(model, each) === null);
  const [id, consent] = dice.pick(standing.length > 0 && dice.chance(0.8) ? standing : [...model.consents]);
  const by = dice.chance(0.85) ? consent.reader : dice.pick(READERS).name;
  const likely = records.filter(({ scope, epoch }) => consent.scopes.includes(scope) && epoch >= consent.fromEpoch);
  const record = likely.length > 0 && dice.chance(0.85) ? dice.pick(likely) : dice.pick(records);
  const isHonest = dice.chance(0.9);
  const scope = isHonest ? record.scope : dice.pick(SCOPES);
  const epoch = isHonest ? record.epoch : dice.below(model.chartEpoch + 2);
  const viewNo = dice.chance(0.1) ? dice.below(consent.maxViews + 2) : Math.min(consent.maxViews, 1 + dice.below(3));
  const ticket = consent.needsCode
    ? dice.pick(["own", "own", "own", "other body", "other session", "none"] as const)
    : "none";
  const made = await chart.ask({ by, consent: id, record, scope, epoch, viewNo, ticket });
  const asked = { ...made, deal: chart.currentDeal() };
  const plan: ModelView = {
    body: `body ${play.made.length + 1}`,
    by,
    consent: id,
    record: { id: record.id, scope: record.scope, epoch: record.epoch },
    scope,
    epoch,
    viewNo,
    hasTicket: ticket === "own",
    dealVersion: asked.deal.deal.version,
    at: clinic.clock.now(),
    exp: clinic.clock.now() + MINUTE,
  };
  play.made.push({ view: plan, asked, record });
  await look(play, { view: plan, asked, record });
}

/** The same body once more, perhaps by somebody else. */
async function repeat(play: Play): Promise<void> {
  const { dice, made } = play;
  const before = made.at(-1 - dice.below(Math.min(3, Math.max(1, made.length))));
  if (before === undefined) return;
  const by = dice.chance(0.8) ? before.view.by : dice.pick(READERS).name;
  await look(play, { ...before, view: { ...before.view, by } });
}

async function look(play: Play, { view: plan, asked, record }: MadeView): Promise<void> {
  const { model, chart, differences, log, opened } = play;
  const isActive = isActiveOnChain(model, model.consents.get(plan.consent)!);
  const expected = playView(model, plan);
  const actual = await chart.view(plan.by, asked, record);
  const words = `${plan.by} asks for ${record.id} under ${plan.consent} (${plan.body})`;
  log.push(`${words}: ${actual.opens ? "opened" : "refused"}`);
  if (actual.opens !== expected.opens) differences.push(`${words}: opened ${actual.opens}, expected ${expected.opens}`);
  if (actual.receipts.join() !== expected.receipts.join()) {
    differences.push(`${words}: receipts at ${actual.receipts.join()}, expected ${expected.receipts.join()}`);
  }
  if (actual.opens && !(actual.isLiveOnChain && isActive)) differences.push(`${words}: opened without a live consent`);
  if (actual.opens) opened.push({ body: plan.body, hash: hashBody(asked.body) });
}

async function licence(play: Play): Promise<void> {
  const { dice, model, chart } = play;
  const isLicensed = (name: string) =>
    name === "organisation" ? model.isOrganisationVerified : model.licensed.has(name);
  const holders = ["Dr Ames", "Dr Bose", "organisation"];
  const suspended = holders.filter((each) => !isLicensed(each));
  const name = dice.pick(suspended.length > 0 && dice.chance(2 / 3) ? suspended : holders);
  const isGood = isLicensed(name);
  await (isGood ? chart.suspend(name) : chart.restore(name));
  mined(play);
  if (name === "organisation") model.isOrganisationVerified = !isGood;
  else if (isGood) model.licensed.delete(name);
  else model.licensed.add(name);
  play.log.push(`${isGood ? "suspend" : "restore"} ${name}`);
}

async function membership(play: Play): Promise<void> {
  const { dice, model, chart, clinic } = play;
  if (!model.isOrganisationVerified) return;
  const { name } = dice.pick(READERS);
  const until = dice.chance(0.25) ? 0 : clinic.clock.now() + dice.pick([1, MINUTE, 30 * DAY, 30 * DAY]);
  if ((model.memberUntil.get(name) ?? 0) === until) return;
  await chart.attest(name, until);
  mined(play);
  model.memberUntil.set(name, until);
  play.log.push(`${name} is a member for ${until === 0 ? 0 : until - clinic.clock.now()} s`);
}

async function stopOrResume(play: Play): Promise<void> {
  const stopped = play.model.keepers.findIndex(({ isUp }) => !isUp);
  // Twice as many come back as stop, so that most of the time enough of them answer.
  const place = stopped >= 0 && play.dice.chance(2 / 3) ? stopped : play.dice.below(KEEPERS);
  const keeper = play.model.keepers[place]!;
  keeper.isUp = !keeper.isUp;
  if (keeper.isUp) play.chart.resume(place);
  else play.chart.stop(place);
  play.log.push(`keeper ${place} is ${keeper.isUp ? "up" : "down"}`);
  return Promise.resolve();
}

async function restart(play: Play): Promise<void> {
  const place = play.dice.below(KEEPERS);
  play.chart.restart(place);
  play.log.push(`keeper ${place} restarts`);
  return Promise.resolve();
}

async function newDeal(play: Play): Promise<void> {
  const { model, chart, clinic } = play;
  await chart.newDeal();
  model.deal = { version: model.deal.version + 1, replacedAt: clinic.clock.now() };
  play.log.push(`deal ${model.deal.version}`);
}

const ACTS: readonly (readonly [number, Act])[] = [
  [18, view],
  [3, repeat],
  [5, grant],
  [2, revoke],
  [0.4, revokeAll],
  [4, addRecord],
  [1.5, (play) => rotateScopes(play, [play.dice.pick(SCOPES)])],
  [4, wait],
  [1.5, licence],
  [2, membership],
  [3, stopOrResume],
  [1, restart],
  [0.7, newDeal],
];

/** A block was mined at the clock's time. */
function mined({ model, clinic }: Play): void {
  model.blockTime = clinic.clock.now();
}

function compareKeys({ model, chart, differences }: Play): void {
  for (const [name, expected] of model.keysOf) {
    const actual = chart.keysOf(name);
    const odd = [...new Set([...actual, ...expected])].filter((key) => actual.has(key) !== expected.has(key));
    if (odd.length > 0) differences.push(`${name} holds other keys than expected: ${odd.join(", ")}`);
  }
}

/** At the end every opened record has a receipt at t keepers, and no keeper has one that the model does not know. */
async function compareReceipts(play: Play): Promise<void> {
  const { model, chart, differences, opened } = play;
  for (const [place, keeper] of model.keepers.entries()) {
    keeper.isUp = true;
    chart.resume(place);
  }
  const logs = await chart.receipts().catch((error: unknown) => {
    if (isSdkError(error)) differences.push(`a keeper's log cannot be read: ${error.code}`);
    else throw error;
    return [];
  });
  for (const [place, bodies] of logs.entries()) {
    const expected = model.keepers[place]!.bodies.size;
    if (bodies.size !== expected) differences.push(`keeper ${place} has ${bodies.size} receipts, expected ${expected}`);
  }
  for (const { body, hash } of opened) {
    const holders = logs.filter((bodies) => [...bodies].some((each) => each === hash)).length;
    if (holders < THRESHOLD) differences.push(`${body} opened a record with receipts at ${holders} keepers`);
  }
  const ended = [...model.consents.values()].filter((consent) => endOfConsent(model, consent) !== null).length;
  play.log.push(`${model.consents.size} consents, ${ended} of them ended; ${opened.length} views opened`);
}
