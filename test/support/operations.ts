/** An operation as the OpenAPI description has it. */
export type Described = { method: string; path: string; operationId: string; description?: string; scope?: string };

type Paths = Record<string, Record<string, { operationId: string; description?: string; 'x-scope'?: string }>>;

/** Every operation of the API, the test clock's among them, without a service behind it. */
export async function describedOperations(): Promise<Described[]> {
  const { apiDescription } = (await import(SCRIPT)) as { apiDescription: () => Promise<{ paths: Paths }> };
  const { paths } = await apiDescription();
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, { 'x-scope': scope, operationId, description }]) => ({
      ...{ method, path, operationId },
      ...(scope === undefined ? {} : { scope }),
      ...(description === undefined ? {} : { description }),
    })),
  );
}

const SCRIPT: string = new URL('../../scripts/apiDescription.mjs', import.meta.url).pathname;
