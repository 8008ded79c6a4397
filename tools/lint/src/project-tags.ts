import { layerConstraints } from '../layers.mjs';

const layers: ReadonlySet<string> = new Set(layerConstraints.map(({ sourceTag }) => sourceTag));

/** What is wrong with the tags of a project: it needs one layer that is known, and one scope. */
export const faultsOfTags = (tags: readonly string[]): string[] => {
  const layerTags = tags.filter((tag) => tag.startsWith('layer:'));
  const scopeTags = tags.filter((tag) => tag.startsWith('scope:'));
  return [
    ...(layerTags.length === 1 ? [] : [`${layerTags.length} layers instead of one`]),
    ...(scopeTags.length === 1 ? [] : [`${scopeTags.length} scopes instead of one`]),
    ...layerTags.filter((tag) => !layers.has(tag)).map((tag) => `${tag} is not known`),
  ];
};
