import { ok, problem, type Check } from '../check.ts';

/** Below it the exact text of a number in JSON is lost, and TypeScript does not run. */
const majorMin = 24;

/** The Node that runs this program, which npm installs beside it. */
export const nodeVersionCheck = (version = process.versions.node): Check => ({
  name: 'node',
  group: 'machine',
  look: () => [
    Number.parseInt(version, 10) >= majorMin
      ? ok(`version ${version}`)
      : problem(
          `version ${version} runs this, which needs ${majorMin} or later`,
          'start it by npm run samspill -- doctor, which takes the Node of the checkout',
        ),
  ],
});
