/** True when node_modules of the folder holds just what its package-lock.json says. */
export declare const isInstalled: (top: string) => boolean;
/** Installs the packages of package-lock.json where node_modules is absent or holds others. Rejects where it is a link. */
export declare const installWhatIsMissing: (top: string) => Promise<void>;
