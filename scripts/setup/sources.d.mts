/** Types of sources.mjs for the tests. */
export function isBuilt(): boolean;
