/**
 * @module test/frontend/lib/refresh
 * What changed while the first answer was on its way is asked for again.
 */
import { expect } from "chai";
import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { refresh } from "../../../frontend/src/lib/refresh.ts";

describe("refresh", () => {
  const queryKey = ["news", "list"];
  let queryClient: QueryClient;
  let answers: ((answer: string) => void)[];
  let stop: () => void;

  beforeEach(() => {
    queryClient = new QueryClient({ defaultOptions: { queries: { retry: false, networkMode: "always" } } });
    answers = [];
    const queryFn = () => new Promise<string>((resolve) => answers.push(resolve));
    stop = new QueryObserver(queryClient, { queryKey, queryFn }).subscribe(() => undefined);
  });
  afterEach(() => {
    stop();
    queryClient.clear();
  });

  const settled = () => new Promise((resolve) => setTimeout(resolve, 5));

  it("asks once more when the first answer was under way", async () => {
    const done = refresh(queryClient, ["news"]);
    answers[0]!("old");
    await settled();
    expect(answers).to.have.length(2);
    answers[1]!("new");
    await done;
    expect(queryClient.getQueryData(queryKey)).to.equal("new");
  });

  it("asks once when there was an answer already", async () => {
    answers[0]!("old");
    await settled();
    const done = refresh(queryClient, ["news"]);
    await settled();
    answers[1]!("new");
    await done;
    expect(answers).to.have.length(2);
    expect(queryClient.getQueryData(queryKey)).to.equal("new");
  });
});
