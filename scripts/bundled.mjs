/** Packages for development of which a built script is shipped: the build copies it (scripts/finishBuild.mjs). */
export const BUNDLED = ['@scalar/api-reference'];
