/** An operation as the OpenAPI description has it. */
export type Described = {
  method: string;
  path: string;
  operationId: string;
  description?: string;
  scope?: string;
  /** The names of what its query takes. */
  query: string[];
};

type Paths = Record<
  string,
  Record<
    string,
    { operationId: string; description?: string; 'x-scope'?: string; parameters?: { in: string; name: string }[] }
  >
>;

/** Every operation of the API, the test clock's among them, without a service behind it. */
export async function describedOperations(): Promise<Described[]> {
  const { apiDescription } = (await import(SCRIPT)) as { apiDescription: () => Promise<{ paths: Paths }> };
  const { paths } = await apiDescription();
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, { 'x-scope': scope, operationId, description, parameters = [] }]) => ({
      ...{ method, path, operationId },
      query: parameters.filter((one) => one.in === 'query').map(({ name }) => name),
      ...(scope === undefined ? {} : { scope }),
      ...(description === undefined ? {} : { description }),
    })),
  );
}

const SCRIPT: string = new URL('../../scripts/apiDescription.mjs', import.meta.url).pathname;

/** A schema with the schemas that it refers to in their place. */
export type Schema = {
  properties?: Record<string, Schema>;
  items?: Schema;
  anyOf?: Schema[];
  allOf?: Schema[];
};

/** What each operation answers as JSON when it succeeds, by its id. */
export async function schemasOfAnswers(): Promise<Map<string, Schema>> {
  const { apiDescription } = (await import(SCRIPT)) as {
    apiDescription: () => Promise<{ paths: Record<string, Record<string, Answering>>; components: Components }>;
  };
  const { paths, components } = await apiDescription();
  const whole = (schema: Referring): Schema => {
    const named = schema.$ref === undefined ? schema : (components.schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {});
    return Object.fromEntries(
      Object.entries(named).flatMap(([name, value]): [string, unknown][] => {
        if (name === 'properties') {
          const inner = Object.entries(value as unknown as Record<string, Referring>).map(
            ([key, one]) => [key, whole(one)] as const,
          );
          return [[name, Object.fromEntries(inner)]];
        }
        if (name === 'items') return [[name, whole(value as unknown as Referring)]];
        return name === 'anyOf' || name === 'allOf' ? [[name, (value as unknown as Referring[]).map(whole)]] : [];
      }),
    );
  };
  return new Map(
    Object.values(paths)
      .flatMap((item) => Object.values(item))
      .flatMap(({ operationId, responses }) => {
        const schema = responses?.[200]?.content?.['application/json']?.schema;
        return schema === undefined ? [] : [[operationId, whole(schema)] as const];
      }),
  );
}

type Referring = { $ref?: string };
type Components = { schemas: Record<string, Referring> };
type Answering = {
  operationId: string;
  responses?: Record<number, { content?: Record<string, { schema?: Referring }> }>;
};
