/**
 * Writes a TypeScript CDK app that makes the resources of finished templates, each template as one stack and each
 * resource as the construct that the CDK has for its type.
 *
 *     tsx generate.ts <directory of *.template.json>
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { CfnResource, Intrinsic, Stack, Token } from "aws-cdk-lib/core";

interface Template {
  Resources: Record<string, { Type: string; Properties?: Record<string, unknown> }>;
}

interface GeneratedClass {
  _fromCloudFormation(scope: Stack, id: string, attributes: object, options: object): CfnResource;
}

/** The CDK's own table of constructs, such as "aws-cdk-lib/aws-s3.CfnBucket" for AWS::S3::Bucket. */
const CLASSES: Record<string, string> = JSON.parse(
  readFileSync(join(dirname(require.resolve("aws-cdk-lib")), "cloudformation-include", "cfn-types-2-classes.json"), "utf8"),
);

/** References stay as they stand in the template. */
const PARSER = { parseValue: withTokens, handleAttributes: () => undefined };

const GENERATED = join(__dirname, "generated");

function main(assembly: string): void {
  rmSync(GENERATED, { recursive: true, force: true });
  mkdirSync(GENERATED);
  const names = readdirSync(assembly).filter((name) => name.endsWith(".template.json")).sort();
  const stacks = names.map((name) => ({ id: name.replace(/(\.product)?\.template\.json$/, ""), file: join(assembly, name) }));
  for (const { id, file } of stacks) {
    writeFileSync(join(GENERATED, `${id}.ts`), stackSource(JSON.parse(readFileSync(file, "utf8"))));
  }
  writeFileSync(join(GENERATED, "app.ts"), appSource(stacks.map(({ id }) => id)));
}

function appSource(ids: string[]): string {
  return [
    'import { App } from "aws-cdk-lib/core";',
    ...ids.map((id, number) => `import { GeneratedStack as Stack${number} } from "./${id}";`),
    "",
    "const app = new App({ builtinCloudFormationValidation: false });",
    ...ids.map((id, number) => `new Stack${number}(app, ${JSON.stringify(id)});`),
    "app.synth();",
    "",
  ].join("\n");
}

function stackSource(template: Template): string {
  const scratch = new Stack();
  const modules = new Set<string>();
  const statements = Object.entries(template.Resources).map(([id, { Type: type, Properties: properties }]) => {
    const [module, name] = CLASSES[type]?.split(".") ?? [undefined, "CfnResource"];
    if (module === undefined) {
      return `    new CfnResource(this, ${JSON.stringify(id)}, ${JSON.stringify({ type, properties })});`;
    }
    modules.add(module);
    const generated: GeneratedClass = require(module)[name];
    const construct = generated._fromCloudFormation(scratch, id, { Properties: properties }, { parser: PARSER });
    // Protected in TypeScript: the properties in the names that the constructor takes.
    const { cfnProperties } = construct as unknown as { cfnProperties: object };
    return `    new ${alias(module)}.${name}(this, ${JSON.stringify(id)}, ${source(cfnProperties, scratch)});`;
  });
  return [
    'import { CfnResource, Stack, Token } from "aws-cdk-lib/core";',
    'import { Construct } from "constructs";',
    ...[...modules].sort().map((module) => `import * as ${alias(module)} from "${module}";`),
    "",
    "export class GeneratedStack extends Stack {",
    "  constructor(scope: Construct, id: string) {",
    "    super(scope, id);",
    ...statements,
    "  }",
    "}",
    "",
  ].join("\n");
}

/** The value with a token in place of each intrinsic function. */
function withTokens(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(withTokens);
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  const keys = Object.keys(value);
  if (keys.length === 1 && (keys[0] === "Ref" || keys[0].startsWith("Fn::"))) {
    return new Intrinsic(value);
  }
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withTokens(inner)]));
}

/** TypeScript that makes `value`. */
function source(value: unknown, stack: Stack): string {
  if (Token.isUnresolved(value)) {
    const intrinsic = JSON.stringify(stack.resolve(value));
    if (typeof value === "string") {
      return `Token.asString(${intrinsic})`;
    }
    // Whether the constructor wants a list or an object here, only its type knows.
    return typeof value === "number" ? `Token.asNumber(${intrinsic})` : `(Token.asAny(${intrinsic}) as any)`;
  }
  if (Array.isArray(value)) {
    return `[${value.map((inner) => source(inner, stack)).join(", ")}]`;
  }
  if (typeof value !== "object" || value === null) {
    return JSON.stringify(value);
  }
  const members = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return `{ ${members.map(([key, inner]) => `${JSON.stringify(key)}: ${source(inner, stack)}`).join(", ")} }`;
}

function alias(module: string): string {
  return module.split("/").pop()!.replaceAll("-", "_");
}

main(process.argv[2]);
