/**
 * @module test/sdk/client/support/breaking
 * A tab that is closed in the middle of an act, as the flows see it.
 */
import type { Hex } from "viem";
import type { Carekey, Wallet } from "../../../../sdk/src/client/index.ts";
import { SdkError } from "../../../../sdk/src/errors.ts";

/** The device, whose wallet breaks off at the prompt after `prompts` more: what a closed tab looks like from outside. */
export function breakingAfter(carekey: Carekey, prompts: number): Carekey {
  let left = prompts;
  const breaking = <Input, Output>(act: (input: Input) => Promise<Output>) => {
    return (input: Input): Promise<Output> => {
      if (left-- <= 0) return Promise.reject(new SdkError("CANCELLED", "the tab was closed"));
      return act(input);
    };
  };
  const { wallet } = carekey;
  const broken = {
    ...wallet,
    signTypedData: breaking(wallet.signTypedData as (input: unknown) => Promise<Hex>),
    writeContract: breaking(wallet.writeContract as (input: unknown) => Promise<Hex>),
  } as unknown as Wallet;
  return { ...carekey, wallet: broken };
}
