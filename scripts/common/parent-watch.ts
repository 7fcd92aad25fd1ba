/**
 * @module common/parent-watch
 * Loaded before a child's own code (`node --import …/parent-watch.ts`): when the parent is gone, however it went, the
 * pipe on standard input ends and the child stops too. So a killed start script leaves no server behind on its port.
 */

/** How long a child may take to stop by itself. */
const GRACE_MILLISECONDS = 5_000;

process.stdin.once("end", stop).once("error", stop).once("close", stop);
process.stdin.resume();
// The pipe alone must not keep a child alive that has nothing left to do.
if ("unref" in process.stdin) process.stdin.unref();

let stopping = false;
function stop(): void {
  if (stopping) return;
  stopping = true;
  setTimeout(() => process.kill(process.pid, "SIGKILL"), GRACE_MILLISECONDS).unref();
  process.kill(process.pid, "SIGTERM");
}
