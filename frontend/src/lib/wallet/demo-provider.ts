/**
 * @module lib/wallet/demo-provider
 * An EIP-1193 provider over the seeded people of the local chain. It asks before each signature and transaction,
 * as a wallet does. It exists only where `deployment.demo` does, and that is the local chain only.
 */
import { createWalletClient, http, numberToHex, type EIP1193RequestFn, type Hex } from "viem";
import { privateKeyToAccount, type PrivateKeyAccount } from "viem/accounts";
import { chainOf } from "@carekey/sdk/chain";
import type { Deployment } from "@carekey/sdk/deployment";
import { askPerson, dropRequest, type ConnectQuestion, type DemoPerson, type SignQuestion } from "./demo-requests.ts";
import { readableCall, readableFields } from "./readable.ts";

/** An error with an EIP-1193 code, as wallets throw them. */
class ProviderError extends Error {
  readonly code: number;
  constructor(code: number, message: string) {
    super(message);
    this.name = "ProviderRpcError";
    this.code = code;
  }
}

type Account = { person: DemoPerson; account: PrivateKeyAccount };
type CallParameters = { to?: Hex; data?: Hex; value?: Hex; gas?: Hex; nonce?: Hex };

/** The demo wallet, and who is chosen in it. */
export type DemoProvider = {
  request: EIP1193RequestFn;
  chosen(): DemoPerson | null;
  choose(address: string | null): DemoPerson | null;
};

/** Makes the demo wallet of a deployment. Nothing is asked yet. */
export function createDemoProvider(deployment: Deployment): DemoProvider {
  const accounts: readonly Account[] = (deployment.demo ?? []).map(({ name, role, privateKey }) => {
    const account = privateKeyToAccount(privateKey);
    return { account, person: { name, role, address: account.address } };
  });
  const chain = chainOf(deployment);
  const transport = http(deployment.rpcUrl);
  let chosen: Account | null = null;

  function choose(address: string | null): DemoPerson | null {
    chosen = accounts.find(({ person }) => person.address === address) ?? null;
    return chosen?.person ?? null;
  }

  async function askToConnect(): Promise<readonly Hex[]> {
    if (chosen === null) {
      const person = await new Promise<DemoPerson | null>((resolve) => {
        const request: ConnectQuestion = {
          kind: "connect",
          people: accounts.map((account) => account.person),
          answer: (answer) => {
            dropRequest(request);
            resolve(answer);
          },
        };
        askPerson(request);
      });
      if (person === null || choose(person.address) === null) throw new ProviderError(4001, "refused by the person");
    }
    return [chosen!.person.address];
  }

  async function asked(question: Omit<SignQuestion, "person" | "answer">): Promise<Account> {
    const signer = chosen;
    if (signer === null) throw new ProviderError(4100, "no account is connected");
    const accepted = await new Promise<boolean>((resolve) => {
      const request: SignQuestion = {
        ...question,
        person: signer.person,
        answer: (answer) => {
          dropRequest(request);
          resolve(answer);
        },
      };
      askPerson(request);
    });
    if (!accepted) throw new ProviderError(4001, "refused by the person");
    return signer;
  }

  async function signMessage(message: Hex): Promise<Hex> {
    const text = decodeText(message);
    const { account } = await asked({ kind: "message", title: "Sign a message", text });
    return account.signMessage({ message: { raw: message } });
  }

  async function signTypedData(json: string): Promise<Hex> {
    const typedData = JSON.parse(json) as Parameters<PrivateKeyAccount["signTypedData"]>[0];
    const { account } = await asked({
      kind: "typed-data",
      title: String(typedData.primaryType),
      fields: readableFields(typedData.message),
    });
    return account.signTypedData(typedData);
  }

  async function sendTransaction(call: CallParameters): Promise<Hex> {
    const readable = call.data === undefined ? null : readableCall(call.data);
    const { account } = await asked({
      kind: "transaction",
      title: readable?.title ?? "Transaction",
      fields: [
        {
          name: "to",
          value: call.to?.toLowerCase() === deployment.carekey.toLowerCase() ? "Carekey" : (call.to ?? ""),
          depth: 0,
        },
        ...(readable?.fields ?? (call.data === undefined ? [] : [{ name: "data", value: call.data, depth: 0 }])),
      ],
    });
    return createWalletClient({ account, chain, transport }).sendTransaction({
      to: call.to ?? null,
      data: call.data,
      value: call.value === undefined ? 0n : BigInt(call.value),
      gas: call.gas === undefined ? undefined : BigInt(call.gas),
    });
  }

  const node = transport({ chain });

  async function request({ method, params }: { method: string; params?: unknown }): Promise<unknown> {
    const list = Array.isArray(params) ? (params as unknown[]) : [];
    switch (method) {
      case "eth_chainId":
        return numberToHex(deployment.chainId);
      case "eth_accounts":
        return chosen === null ? [] : [chosen.person.address];
      case "eth_requestAccounts":
        return askToConnect();
      case "personal_sign":
        return signMessage(list[0] as Hex);
      case "eth_signTypedData_v4":
        return signTypedData(list[1] as string);
      case "eth_sendTransaction":
        return sendTransaction(list[0] as CallParameters);
      case "wallet_switchEthereumChain":
      case "wallet_addEthereumChain":
        return null;
      default:
        return node.request({ method, params: list });
    }
  }

  return { request: request as EIP1193RequestFn, chosen: () => chosen?.person ?? null, choose };
}

function decodeText(message: Hex): string {
  const bytes = Uint8Array.from(message.slice(2).match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  return new TextDecoder().decode(bytes);
}
