'use strict';

/**
 * Which test is running, for jest-circus, in place of the AsyncLocalStorage that it makes: with one, Node 20 calls a hook for
 * every promise of the process, also of the servers that tests start in it, and optimizes none of them. Our tests run one
 * after the other, so that a variable knows as much. An error that comes late, from a test that has ended, fails the one that
 * runs then.
 */
class RunningTest {
  current = undefined;

  getStore() {
    return this.current;
  }

  run(context, work) {
    const before = this.current;
    const end = () => {
      this.current = before;
    };
    this.current = context;
    let result;
    try {
      result = work();
    } catch (error) {
      end();
      throw error;
    }
    if (typeof result?.then === 'function') return result.finally(end);
    end();
    return result;
  }
}

module.exports = { RunningTest };
