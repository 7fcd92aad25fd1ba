/**
 * @module test/support/wallet
 * A browser wallet for end-to-end tests: announced to the page by EIP-6963, it signs for real with a local account and
 * does what a person does. It can refuse, change account or change chain.
 */
import type { BrowserContext, Page } from "playwright-core";
import {
  createPublicClient,
  createWalletClient,
  hexToString,
  http,
  isHex,
  numberToHex,
  type Address,
  type Hex,
  type TypedDataDefinition,
} from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { z } from "zod";

/** EIP-1193: the person said no. */
const REFUSED = { code: 4001, message: "The person refused." };
/** EIP-3085: what a wallet answers for a chain that was never added to it. */
class UnknownChainError extends Error {
  readonly code = 4902;
}

const hex = z.string().refine((value): value is Hex => isHex(value));
const transactionSchema = z.object({
  to: hex.optional(),
  data: hex.optional(),
  value: hex.optional(),
  gas: hex.optional(),
});
const chainSchema = z.tuple([z.object({ chainId: hex })]).rest(z.unknown());
/** What EIP-712 typed data looks like over EIP-1193: JSON, integers as numbers or strings. */
const typedDataSchema = z.custom<TypedDataDefinition>(
  (value) =>
    z
      .object({
        domain: z.record(z.string(), z.unknown()),
        types: z.record(z.string(), z.array(z.object({ name: z.string(), type: z.string() }))),
        primaryType: z.string(),
        message: z.record(z.string(), z.unknown()),
      })
      .safeParse(value).success,
  "not typed data",
);

/** One request that the page made of the wallet, in order. */
export type WalletRequest = { method: string; params: unknown };

/** The test's side of the wallet. */
export type TestWallet = {
  address: Address;
  /** Everything the page has asked for. */
  requests: WalletRequest[];
  /** The typed data the person was shown, in order. */
  shown: TypedDataDefinition[];
  /** Refuses the next `count` requests that need the person. */
  refuseNext(count?: number): void;
  /** Lets requests that need the person wait until the returned function is called. */
  holdNext(): () => void;
  /** Changes to another account, as if chosen in the wallet. */
  switchAccount(privateKey: Hex): Promise<void>;
  /** Changes to another chain, as if chosen in the wallet. */
  switchChain(chainId: number): Promise<void>;
};

const NEEDS_PERSON = new Set([
  "eth_requestAccounts",
  "eth_sendTransaction",
  "eth_signTypedData_v4",
  "personal_sign",
  "wallet_addEthereumChain",
  "wallet_switchEthereumChain",
]);

/**
 * Gives every page of `context` a wallet named `name` with `privateKey` on the chain behind `rpcUrl`.
 * Call it before the first page is opened.
 */
export async function installWallet(
  context: BrowserContext,
  options: { privateKey: Hex; rpcUrl: string; chainId: number; name?: string },
): Promise<TestWallet> {
  const name = options.name ?? "Test wallet";
  const transport = http(options.rpcUrl);
  const reader = createPublicClient({ transport });
  const state = {
    account: privateKeyToAccount(options.privateKey),
    chainId: options.chainId,
    connected: false,
    refusals: 0,
    hold: undefined as Promise<void> | undefined,
  };
  const requests: WalletRequest[] = [];
  const shown: TestWallet["shown"] = [];

  async function answer(method: string, params: readonly unknown[]): Promise<unknown> {
    switch (method) {
      case "eth_requestAccounts":
        state.connected = true;
        return [state.account.address];
      case "eth_accounts":
        return state.connected ? [state.account.address] : [];
      case "eth_chainId":
        return numberToHex(state.chainId);
      case "wallet_switchEthereumChain": {
        const [{ chainId }] = chainSchema.parse(params);
        if (Number(chainId) !== options.chainId) throw new UnknownChainError("This wallet does not know the chain.");
        await switchChain(Number(chainId));
        return null;
      }
      case "wallet_addEthereumChain":
        return null;
      case "personal_sign": {
        const raw = hex.parse(params[0]);
        requests.at(-1)!.params = [hexToString(raw), ...params.slice(1)];
        return state.account.signMessage({ message: { raw } });
      }
      case "eth_signTypedData_v4": {
        const typedData = typedDataSchema.parse(JSON.parse(z.string().parse(params[1])));
        shown.push(typedData);
        return state.account.signTypedData(typedData);
      }
      case "eth_sendTransaction": {
        const { to, data, value, gas } = transactionSchema.parse(params[0]);
        const wallet = createWalletClient({ account: state.account, transport });
        return wallet.sendTransaction({
          chain: null,
          to: to ?? null,
          ...(data === undefined ? {} : { data }),
          ...(value === undefined ? {} : { value: BigInt(value) }),
          ...(gas === undefined ? {} : { gas: BigInt(gas) }),
        });
      }
      default:
        return reader.request({ method, params } as Parameters<typeof reader.request>[0]);
    }
  }

  async function handle(method: string, params: readonly unknown[]): Promise<{ result: unknown } | { error: unknown }> {
    requests.push({ method, params });
    if (NEEDS_PERSON.has(method)) {
      await state.hold;
      if (state.refusals > 0) {
        state.refusals -= 1;
        return { error: REFUSED };
      }
    }
    try {
      return { result: await answer(method, params) };
    } catch (error) {
      const parsed = z.object({ code: z.number(), message: z.string(), data: z.unknown().optional() }).safeParse(error);
      return { error: parsed.success ? parsed.data : { code: -32603, message: String(error) } };
    }
  }

  async function announce(event: "accountsChanged" | "chainChanged", value: unknown): Promise<void> {
    for (const page of context.pages()) await emit(page, event, value);
  }

  async function switchChain(chainId: number): Promise<void> {
    state.chainId = chainId;
    await announce("chainChanged", numberToHex(chainId));
  }

  await context.exposeFunction("carekeyTestWallet", handle);
  await context.addInitScript(injectProvider, name);
  return {
    get address() {
      return state.account.address;
    },
    requests,
    shown,
    refuseNext: (count = 1) => void (state.refusals += count),
    holdNext: () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      state.hold = promise;
      return () => {
        state.hold = undefined;
        resolve();
      };
    },
    switchAccount: async (privateKey) => {
      state.account = privateKeyToAccount(privateKey);
      await announce("accountsChanged", [state.account.address]);
    },
    switchChain,
  };
}

function emit(page: Page, event: string, value: unknown): Promise<void> {
  return page.evaluate(
    ([name, detail]) => void window.dispatchEvent(new CustomEvent("carekey-test-wallet", { detail: { name, detail } })),
    [event, value] as const,
  );
}

/** Runs in the page before its own scripts: an EIP-1193 provider that passes every request to the test. */
function injectProvider(name: string): void {
  type Handle = (method: string, params: unknown) => Promise<{ result: unknown } | { error: { message: string } }>;
  const listeners = new Map<string, Set<(value: unknown) => void>>();
  const provider = {
    request: async ({ method, params = [] }: { method: string; params?: unknown }): Promise<unknown> => {
      const handle = (window as unknown as { carekeyTestWallet: Handle }).carekeyTestWallet;
      const answer = await handle(method, params);
      if ("error" in answer) throw Object.assign(new Error(answer.error.message), answer.error);
      return answer.result;
    },
    on: (event: string, listener: (value: unknown) => void): void => {
      const known = listeners.get(event) ?? new Set();
      listeners.set(event, known.add(listener));
    },
    removeListener: (event: string, listener: (value: unknown) => void): void => {
      listeners.get(event)?.delete(listener);
    },
  };
  window.addEventListener("carekey-test-wallet", (event) => {
    const { name: kind, detail } = (event as CustomEvent<{ name: string; detail: unknown }>).detail;
    for (const listener of listeners.get(kind) ?? []) listener(detail);
  });
  const info = {
    uuid: "3b1c4a52-7f0d-4c58-9b53-0c7d3f5a9e10",
    name,
    icon: "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'/%3E",
    rdns: "test.carekey.wallet",
  };
  const announceProvider = (): void => {
    const detail = Object.freeze({ info, provider });
    window.dispatchEvent(new CustomEvent("eip6963:announceProvider", { detail }));
  };
  window.addEventListener("eip6963:requestProvider", announceProvider);
  announceProvider();
}
