/**
 * Resolves in a later task of the event loop, after input, timers and messages that wait already; in Node and in browsers alike. Browsers
 * hold a chain of timeouts back for four milliseconds each; a message is not held back.
 */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener('message', () => {
      // An open port would keep a Node process alive.
      port1.close();
      resolve();
    });
    port1.start();
    port2.postMessage(undefined);
  });
}
