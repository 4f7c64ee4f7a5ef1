import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';

import { describeConfig, readConfig } from '../../src/config.ts';
import { documentsOf, renderTemplate } from './renderChart.ts';

/** What is in deploy/ has to fit the service, and nothing here can start it: so what can be compared is compared. */

const keys = configKeys();

/** What was parsed and has no type here: the expectations say what it must have. */
type Parsed = ReturnType<typeof parse>;

type Service = {
  image?: string;
  environment?: Record<string, string | number>;
  ports?: string[];
  command?: string[];
  healthcheck?: object;
  mem_limit?: string;
  restart?: string;
  depends_on?: Record<string, object>;
  networks?: string[];
  network_mode?: string;
  secrets?: string[];
  volumes?: string[];
};
type Compose = {
  services: Record<string, Service>;
  secrets: Record<string, object>;
  volumes: Record<string, object>;
  networks: Record<string, { internal?: boolean } | null>;
};

describe.each(['compose.replica.yaml', 'compose.sharded.yaml'])('deploy/%s', (file) => {
  const compose: Compose = parse(readFileSync(`deploy/${file}`, 'utf8'), { merge: true });
  const services = Object.entries(compose.services);
  const parts = services.filter(([, { environment }]) => environment?.RUN !== undefined);
  const databases = services.filter(([, { command }]) => command?.[0] === 'mongod' || command?.[0] === 'mongos');

  test('runs each part twice', () => {
    const run = parts.flatMap(([, { environment }]) => String(environment?.RUN).split(','));
    expect(run.sort()).toEqual(['bots', 'bots', 'jobs', 'jobs', 'webhooks', 'webhooks']);
  });

  test('sets what the service knows, in values that it takes', () => {
    for (const [, { environment = {} }] of parts) {
      const own = Object.entries(environment).filter(([key]) => !/^MONGODB_(ROOT_PASSWORD|PASSWORD|KEY)$/.test(key));
      expect(keys).toEqual(expect.arrayContaining(own.map(([key]) => key)));
      const given = Object.fromEntries(own.map(([key, value]) => [key, filledIn(key, String(value))]));
      expect(readConfig(given)).toHaveProperty('config');
    }
  });

  test('names as members what runs, each with a place of its own', () => {
    const names = databases.map(([name]) => `${name}:27017`);
    const routers = databases.filter(([, { command }]) => command?.[0] === 'mongos').map(([name]) => `${name}:27017`);
    for (const [, { environment }] of parts) {
      const hosts = /@([^/]+)\//.exec(String(environment?.MONGODB_URI))?.[1]?.split(',');
      expect(hosts).toEqual(routers.length > 0 ? routers : names);
    }
    const members = services.flatMap(([, { environment }]) =>
      String(environment?.MEMBERS ?? '')
        .split(',')
        .filter(Boolean),
    );
    expect(members.sort()).toEqual(names.filter((name) => !routers.includes(name)).sort());
    for (const [, { environment }] of services) {
      const shards = String(environment?.SHARDS ?? '')
        .split(' ')
        .filter(Boolean);
      for (const shard of shards) expect(membersOf(shard.split('/')[0])).toBe(shard.split('/')[1]);
    }
    for (const [, { command = [] }] of databases) {
      const config = command.find((word) => word.startsWith('config/'));
      if (config !== undefined) expect(membersOf('config')).toBe(config.slice('config/'.length));
    }
  });

  test('gives each set its own name, and each database a health check, limits and no way out', () => {
    for (const [name, { command = [], ...service }] of databases) {
      const set = command[command.indexOf('--replSet') + 1];
      if (command[0] === 'mongod') expect(membersOf(set)?.split(',')).toContain(`${name}:27017`);
      expect(service).toMatchObject({ mem_limit: '1g', restart: 'unless-stopped', networks: ['database'] });
      expect(service.healthcheck).toBeDefined();
      expect(service.ports).toBeUndefined();
      if (command[0] === 'mongod') expect(service.volumes).toContain(`${name}:/data/db`);
    }
    expect(compose.networks.database).toEqual({ internal: true });
    for (const [, { ports = [] }] of services)
      for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\d+:3000$/);
  });

  test('takes images by digest, and refers to nothing that is not there', () => {
    for (const [name, service] of services) {
      expect(service.image).toMatch(/^settlebot$|^mongo:[\d.]+@sha256:[0-9a-f]{64}$/);
      const beside = service.network_mode?.startsWith('service:')
        ? [service.network_mode.slice('service:'.length)]
        : [];
      for (const other of [...Object.keys(service.depends_on ?? {}), ...beside]) {
        expect(compose.services, name).toHaveProperty([other]);
      }
      for (const secret of service.secrets ?? []) expect(compose.secrets).toHaveProperty([secret]);
      for (const volume of service.volumes ?? []) {
        const [source = ''] = volume.split(':');
        if (source.startsWith('.')) expect(existsSync(join('deploy', source))).toBe(true);
        else expect(Object.keys(compose.volumes)).toContain(source);
      }
    }
    const images = new Set(services.flatMap(([, { image = '' }]) => (image.startsWith('mongo:') ? [image] : [])));
    expect([...images]).toEqual([/mongo:\S+/.exec(readFileSync('compose.yaml', 'utf8'))?.[0]]);
  });

  function membersOf(set: string | undefined): string | undefined {
    const found = services.find(([, { environment }]) => environment?.SET === set);
    return found === undefined ? undefined : String(found[1].environment?.MEMBERS);
  }
});

describe('the chart', () => {
  const folder = 'deploy/helm/settlebot';
  const names = readdirSync(`${folder}/templates`).filter((name) => name.endsWith('.yaml'));
  const templates = names.map((name) => readFileSync(`${folder}/templates/${name}`, 'utf8'));
  const values: Record<string, unknown> = parse(readFileSync(`${folder}/values.yaml`, 'utf8'));
  const image = { repository: 'registry.example.com/settlebot', digest: `sha256:${'0'.repeat(64)}` };

  function render(more: (values: Parsed) => void = () => {}): Parsed[] {
    const copy = structuredClone(values);
    Object.assign(copy.image as object, image);
    more(copy);
    const scope = {
      Values: copy,
      Release: { Name: 'mine' },
      file: (name: string) => readFileSync(`${folder}/${name}`, 'utf8'),
    };
    return templates.flatMap((template) => documentsOf(renderTemplate(template, scope)));
  }

  const everything = (all: Parsed): void => {
    all.policy = { invoicing: { dueDays: 5 } };
    all.sources = { shop: {} };
    all.ingress = { ...all.ingress, enabled: true, host: 'a.example.com', tlsSecretName: 't', className: 'nginx' };
    all.monitoring = { podMonitor: true, prometheusRule: true, labels: { release: 'p' } };
    all.networkPolicy.metricsFrom = [{ podSelector: {} }];
    all.secret.existingName = 'theirs';
  };

  test('has a value and a line of the schema for what each template uses, and uses each', () => {
    const used = new Set(
      templates
        .join('')
        .match(/\.Values(?:\.\w+)+/g)
        ?.map((path) => path.slice('.Values.'.length)),
    );
    const schema = JSON.parse(readFileSync(`${folder}/values.schema.json`, 'utf8'));
    expect([...used].sort()).toEqual(
      leavesOf(schema, schema)
        .filter((path) => path !== 'global')
        .sort(),
    );
    expect([...used].filter((path) => valueAt(values, path) === undefined)).toEqual([]);
    expect(pathsOf(values, used).sort()).toEqual([...used].sort());
  });

  test('says of each value what it is', () => {
    const lines = readFileSync(`${folder}/values.yaml`, 'utf8').split('\n');
    const bare = lines.filter((line, index) => /^(?: {2})?\w+:/.test(line) && !/^\s*#/.test(lines[index - 1] ?? ''));
    const known = new Set(['requests', 'limits']);
    expect(bare.filter((line) => !known.has(line.trim().split(':')[0] ?? ''))).toEqual([]);
  });

  test('does not install without an image', () => {
    expect(() => render((all) => Object.assign(all.image, { digest: '' }))).toThrow(/digest must be set/);
  });

  test.each([
    [
      'as it comes',
      () => {},
      ['ConfigMap', 'Deployment', 'NetworkPolicy', 'PodDisruptionBudget', 'Secret', 'Service', 'ServiceAccount'],
    ],
    [
      'with everything on',
      everything,
      [
        'ConfigMap',
        'Deployment',
        'Ingress',
        'NetworkPolicy',
        'PodDisruptionBudget',
        'PodMonitor',
        'PrometheusRule',
        'Service',
        'ServiceAccount',
      ],
    ],
  ])('is what it should be %s', (_what, more, kinds) => {
    const documents = render(more);
    expect([...new Set(documents.map(({ kind }) => kind))].sort()).toEqual(kinds);
    for (const { metadata, apiVersion } of documents) {
      expect(apiVersion).toMatch(/^[a-z0-9.]*\/?v1$/);
      expect(metadata.name).toMatch(/^mine/);
    }
    const names = documents.map(({ kind, metadata }) => `${kind}/${metadata.name}`);
    expect(new Set(names).size).toBe(names.length);
  });

  test('runs each part, as an unprivileged user who cannot write but to two folders', () => {
    const pods = render(everything).filter(({ kind }) => kind === 'Deployment');
    const run = pods.flatMap(({ spec }) => envOf(spec).RUN?.split(','));
    expect(run.sort()).toEqual(['bots', 'jobs', 'webhooks']);
    for (const { spec } of pods) {
      const { containers, securityContext, terminationGracePeriodSeconds, volumes } = spec.template.spec;
      const [container] = containers;
      expect(spec.replicas).toBe(2);
      expect(securityContext).toMatchObject({ runAsNonRoot: true });
      expect(container.securityContext).toMatchObject({
        readOnlyRootFilesystem: true,
        allowPrivilegeEscalation: false,
      });
      expect(container.image).toBe(`${image.repository}@${image.digest}`);
      // Five seconds before SIGTERM, and ten that the service takes.
      expect(terminationGracePeriodSeconds).toBeGreaterThan(5 + 10);
      expect(container.startupProbe.httpGet.path).toBe('/healthz');
      expect(container.readinessProbe.httpGet.path).toBe('/readyz');
      const ports = container.ports.map(({ containerPort }: { containerPort: number }) => String(containerPort));
      expect(ports).toContain(envOf(spec).OPS_PORT);
      if (envOf(spec).RUN === 'webhooks') expect(ports).toContain(envOf(spec).PORT);
      expect(volumes.map(({ name }: { name: string }) => name)).toEqual(
        container.volumeMounts.map(({ name }: { name: string }) => name),
      );
      expect(container.envFrom[1].secretRef.name).toBe('theirs');
    }
  });

  test('sets what the service knows, in values that it takes', () => {
    const documents = render(everything);
    const config = documents.find(({ kind }) => kind === 'ConfigMap')?.data;
    const deployment = documents.find(({ kind }) => kind === 'Deployment');
    const { POLICY_FILE: policyFile, SOURCES_FILE: sourcesFile, ...given } = { ...config, ...envOf(deployment?.spec) };
    expect([policyFile, sourcesFile]).toEqual(['/etc/settlebot/policy.json', '/etc/settlebot-sources/sources.json']);
    expect(keys).toEqual(expect.arrayContaining(Object.keys(given)));
    expect(readConfig(given)).toHaveProperty('config');
  });

  test('budgets, policies and the service choose pods that there are', () => {
    const documents = render();
    const labels = documents
      .filter(({ kind }) => kind === 'Deployment')
      .map(({ spec }) => spec.template.metadata.labels);
    const selectors = documents.flatMap(({ kind, spec }) => {
      if (kind === 'PodDisruptionBudget' || kind === 'Deployment') return [spec.selector.matchLabels];
      if (kind === 'NetworkPolicy') return [spec.podSelector.matchLabels];
      return kind === 'Service' ? [spec.selector] : [];
    });
    expect(selectors).toHaveLength(7);
    for (const selector of selectors) expect(labels).toContainEqual(expect.objectContaining(selector));
  });

  function envOf(spec: Parsed): Record<string, string> {
    const { env } = spec.template.spec.containers[0];
    return Object.fromEntries(env.map(({ name, value }: { name: string; value: string }) => [name, value]));
  }
});

describe('what is watched', () => {
  const alerts: {
    alert: string;
    expr: string;
    for: string;
    labels: object;
    annotations: { runbook: string; summary: string };
  }[] = parse(readFileSync('deploy/grafana/alerts.yaml', 'utf8')).groups.flatMap(
    ({ rules }: { rules: object[] }) => rules,
  );
  const boards = readdirSync('deploy/grafana/dashboards').map((name) => ({
    name,
    board: JSON.parse(readFileSync(`deploy/grafana/dashboards/${name}`, 'utf8')),
  }));
  const expressions = [
    ...alerts.map(({ expr }) => expr),
    ...boards.flatMap(({ board }) =>
      board.panels.flatMap((panel: Parsed) => panel.targets.map(({ expr }: Parsed) => expr)),
    ),
  ];

  test('is measured: each metric, with its labels, and each name of a job', () => {
    const source = sourceText();
    const registry = new Registry();
    collectDefaultMetrics({ register: registry });
    const ofProcess = new Set(registry.getMetricsAsArray().map(({ name }) => name));
    const own = new Set([...source.matchAll(/name: '(settlebot_\w+)'/g)].map(([, name]) => name));
    const jobs = new Set([...source.matchAll(/name: '([a-z-]+)',/g)].map(([, name]) => name));
    for (const expression of expressions) {
      for (const [name] of expression.matchAll(/\b(?:settlebot|process|nodejs)_\w+/g)) {
        const base = name.replace(/_(?:bucket|count|sum)$/, '');
        const isKnown = own.has(name) || own.has(base) || ofProcess.has(name);
        expect(isKnown, `${name} in ${expression}`).toBe(true);
      }
      for (const [, names = ''] of expression.matchAll(/job=~"([a-z|-]+)"/g)) {
        for (const job of names.split('|')) expect(jobs, job).toContain(job);
      }
      expect(count(expression, '(')).toBe(count(expression, ')'));
      expect(count(expression, '{')).toBe(count(expression, '}'));
    }
    // Each of our own is on a board.
    const shown = boards.map(({ board }) => JSON.stringify(board)).join('');
    expect([...own].filter((name) => !shown.includes(name ?? ''))).toEqual([]);
  });

  test('alerts wait, say how bad it is, and lead to what to do', () => {
    const headings = [...readFileSync('docs/operations.md', 'utf8').matchAll(/^#+ (.+)$/gm)].map(
      ([, text = '']) => text,
    );
    for (const { alert, for: wait, labels, annotations } of alerts) {
      expect(wait).toMatch(/^\d+[mh]$/);
      expect(labels).toMatchObject({ severity: expect.stringMatching(/^(critical|warning)$/) });
      expect(annotations.runbook).toBe(`docs/operations.md#${alert.toLowerCase()}`);
      expect(annotations.summary).not.toBe('');
      expect(headings).toContain(alert);
    }
    expect(new Set(alerts.map(({ alert }) => alert)).size).toBe(alerts.length);
    expect(headings.filter((text) => /^Settlebot[A-Z]/.test(text)).sort()).toEqual(
      alerts.map(({ alert }) => alert).sort(),
    );
  });

  test.each(boards)('$name has a name of its own, and panels side by side', ({ name, board }) => {
    expect(board.uid).toBe(`settlebot-${name.replace('.json', '')}`);
    const places = board.panels.map(({ gridPos }: Parsed) => `${gridPos.x} ${gridPos.y}`);
    expect(new Set(places).size).toBe(board.panels.length);
  });
});

function configKeys(): string[] {
  const result = readConfig({});
  if ('errors' in result) throw new Error(result.errors.join());
  const named = readFileSync('src/config.ts', 'utf8').matchAll(/^ {2}([A-Z_]+): /gm);
  const keys = [...named].map(([, key = '']) => key);
  expect(keys).toEqual(
    expect.arrayContaining(describeConfig(result.config).flatMap((line) => /^([A-Z_]+)=/.exec(line)?.[1] ?? [])),
  );
  return keys;
}

/** A value in place of one that the user puts into .env. */
function filledIn(key: string, value: string): string {
  if (!value.includes('${')) return value;
  if (key === 'WEBHOOK_SECRETS') return `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
  if (key === 'API_KEYS') return 'ops:0123456789abcdef0123456789abcdef';
  if (key === 'SEAL_KEY') return Buffer.alloc(32, 7).toString('base64');
  return value.replaceAll(/\$\{\w+:\?[^}]+\}/g, 'password').replaceAll(/\$\{\w+:-([^}]*)\}/g, '$1');
}

function valueAt(values: unknown, path: string): unknown {
  return path.split('.').reduce<Parsed>((value, key) => value?.[key], values);
}

/** The paths of values, as deep as one is used as a whole. */
function pathsOf(values: Record<string, unknown>, whole: ReadonlySet<string>, before = ''): string[] {
  return Object.entries(values).flatMap(([key, value]) => {
    const path = `${before}${key}`;
    const isGroup = typeof value === 'object' && value !== null && !Array.isArray(value) && !whole.has(path);
    return isGroup ? pathsOf(value as Record<string, unknown>, whole, `${path}.`) : [path];
  });
}

/** The paths of a schema that names its properties; what does not is used as a whole. */
function leavesOf(schema: Parsed, root: Parsed, before = ''): string[] {
  return Object.entries<Parsed>(schema.properties ?? {}).flatMap(([key, part]) => {
    const resolved = part.$ref === undefined ? part : root.definitions[part.$ref.split('/').at(-1)];
    return resolved.properties === undefined ? [`${before}${key}`] : leavesOf(resolved, root, `${before}${key}.`);
  });
}

function sourceText(): string {
  return ['webhooks', 'jobs']
    .flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)))
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');
}

function count(text: string, part: string): number {
  return text.split(part).length - 1;
}
