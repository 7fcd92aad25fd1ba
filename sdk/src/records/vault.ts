/**
 * @module records/vault
 * A person's private state on IPFS, padded to a multiple of 1 KiB; what does not fit into the first block goes on in parts.
 * ```
 * [1, "vault", generation, nonce 24, XChaCha20-Poly1305(state), [digest of part…]]
 * [1, "vault-part", generation, nonce 24, XChaCha20-Poly1305(state, continued)]
 * AAD = ["carekey/vault/v1", chainId, contract, patient, generation, number of the part, digests of the parts (in part 0 only)]
 * ```
 */
import {
  decodeBlock,
  digestOf,
  encodeBlock,
  readArray,
  readBytes,
  readHex,
  readUint,
  type EncodedBlock,
} from "../block.ts";
import { concatBytes, fromHex, type Hex } from "../bytes.ts";
import { encodeCbor, type CborValue } from "../cbor.ts";
import { decryptionFailed, openXChaCha, sealXChaCha } from "../crypto/aead.ts";
import { secureRandom, type Random } from "../crypto/index.ts";
import { SdkError } from "../errors.ts";
import { padBlock, unpadBlock } from "./padding.ts";
import type { VaultContext, VaultState } from "./types.ts";
import { decodeVaultState, encodeVaultState } from "./vault-state.ts";

const PART_BYTES = 960 * 1024;
const MAX_PARTS = 256;

/** A sealed vault: `digest` names the first block, which names the others. Store all blocks. */
export type SealedVault = { digest: Hex; blocks: EncodedBlock[] };

/**
 * Seals a vault.
 * @param input - `vaultKey`: 32 bytes, of the generation in `context`.
 * @throws SdkError INVALID_ARGUMENT when the state cannot be read back.
 */
export function sealVault(input: {
  state: VaultState;
  vaultKey: Uint8Array;
  context: VaultContext;
  random?: Random;
}): SealedVault {
  const { vaultKey, context, random = secureRandom } = input;
  const plaintext = padBlock(encodeVaultState(input.state));
  const pieces = Array.from({ length: Math.ceil(plaintext.length / PART_BYTES) }, (_, part) =>
    plaintext.subarray(part * PART_BYTES, (part + 1) * PART_BYTES),
  );
  if (pieces.length > MAX_PARTS) throw new SdkError("TOO_LARGE", "vault: too large");
  const parts = pieces.slice(1).map((piece, index) => {
    const nonce = random(24);
    const sealed = sealXChaCha(vaultKey, nonce, piece, vaultAad(context, index + 1, []));
    return encodeBlock("vault-part", [context.generation, nonce, sealed]);
  });
  const digests = parts.map((part) => part.digest);
  const nonce = random(24);
  const sealed = sealXChaCha(vaultKey, nonce, pieces[0]!, vaultAad(context, 0, digests));
  const head = encodeBlock("vault", [context.generation, nonce, sealed, digests.map((digest) => fromHex(digest))]);
  return { digest: head.digest, blocks: [...parts, head] };
}

/** The generation under whose vault key a vault is sealed. @throws SdkError MALFORMED | UNSUPPORTED_VERSION */
export function generationOfVault(bytes: Uint8Array): number {
  return readUint(decodeBlock(bytes, "vault", 4)[0], "generation", 0xffffffff);
}

/**
 * Opens a vault.
 * @param input - `bytes`: the block whose digest was announced; `getBlock`: fetches a further part by digest; its
 * bytes are checked here.
 * @throws SdkError DECRYPTION_FAILED for another key, person, chain or generation, and for parts that are not the named ones.
 * @throws SdkError MALFORMED | UNSUPPORTED_VERSION
 */
export async function openVault(input: {
  bytes: Uint8Array;
  vaultKey: Uint8Array;
  context: VaultContext;
  getBlock: (digest: Hex) => Promise<Uint8Array>;
}): Promise<VaultState> {
  const { vaultKey, context } = input;
  const [generation, nonce, sealed, partsValue] = decodeBlock(input.bytes, "vault", 4);
  const digests = readArray(partsValue, "parts").map((value) => readHex(value, "part"));
  if (digests.length >= MAX_PARTS) throw new SdkError("MALFORMED", "vault: too many parts");
  if (readUint(generation, "generation") !== context.generation) throw decryptionFailed();
  const pieces = [
    openXChaCha(
      vaultKey,
      readBytes(nonce, "nonce", 24),
      readBytes(sealed, "sealed state"),
      vaultAad(context, 0, digests),
    ),
  ];
  for (const [index, digest] of digests.entries()) {
    const bytes = await input.getBlock(digest);
    if (digestOf(bytes) !== digest) throw decryptionFailed();
    const [partGeneration, partNonce, partSealed] = decodeBlock(bytes, "vault-part", 3);
    if (readUint(partGeneration, "generation") !== context.generation) throw decryptionFailed();
    const aad = vaultAad(context, index + 1, []);
    pieces.push(openXChaCha(vaultKey, readBytes(partNonce, "nonce", 24), readBytes(partSealed, "sealed state"), aad));
  }
  return decodeVaultState(unpadBlock(concatBytes(...pieces)));
}

function vaultAad(context: VaultContext, part: number, digests: readonly Hex[]): Uint8Array {
  const fields: CborValue[] = [
    "carekey/vault/v1",
    context.chainId,
    fromHex(context.contract, 20, "contract"),
    fromHex(context.patient, 20, "patient"),
    context.generation,
    part,
    digests.map((digest) => fromHex(digest, 32)),
  ];
  return encodeCbor(fields);
}
