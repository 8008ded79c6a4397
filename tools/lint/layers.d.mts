/** An allow-list: what a project of the layer may import. */
export declare const layerConstraints: readonly {
  readonly sourceTag: string;
  readonly onlyDependOnLibsWithTags: readonly string[];
}[];
