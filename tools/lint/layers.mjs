// Who may import whom (design section 4). Allow-lists without a wildcard: a layer that is not named is refused.
const below = {
  kernel: ['kernel'],
  contract: ['kernel'],
  transport: ['transport', 'contract', 'kernel'],
  engine: ['transport', 'contract', 'kernel'],
  view: ['engine', 'transport', 'contract', 'kernel'],
  edge: ['engine', 'transport', 'contract', 'kernel'],
  app: ['edge', 'view', 'engine', 'transport', 'contract', 'kernel', 'testing'],
  testing: ['edge', 'view', 'engine', 'transport', 'contract', 'kernel'],
  tool: ['testing', 'edge', 'view', 'engine', 'transport', 'contract', 'kernel'],
};

export const layerConstraints = Object.entries(below).map(([layer, layers]) => ({
  sourceTag: `layer:${layer}`,
  onlyDependOnLibsWithTags: layers.map((name) => `layer:${name}`),
}));
