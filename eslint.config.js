/**
 * Lint: strict types, imports that go one way (contracts -> sdk -> services, frontend), no cycles, documented exports.
 */
import { readdirSync } from "node:fs";
import { createTypeScriptImportResolver } from "eslint-import-resolver-typescript";
import importX from "eslint-plugin-import-x";
import reactHooks from "eslint-plugin-react-hooks";
import tsdoc from "eslint-plugin-tsdoc";
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

const features = readdirSync(new URL("./frontend/src/features", import.meta.url), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

/** The sdk's inner order: a module may import from its own layer and from those before it. */
const sdkLayers = [
  ["errors.ts", "bytes.ts", "cbor.ts", "block.ts", "deployment.ts", "signing.ts", "crypto"],
  ["records", "identity", "consent", "chart", "contracts"],
  ["chain", "keeper", "gateway", "ipfs"],
  ["client"],
];

/** One zone of `import-x/no-restricted-paths`: `target` must not import `from`. */
const zone = (target, from, message, except = []) => ({ target, from, except, message });

const zones = [
  zone("./sdk", ["./services", "./frontend", "./scripts", "./test"], "The sdk knows nobody above it."),
  zone("./services", ["./frontend", "./scripts", "./test"], "Servers know the sdk only."),
  zone("./services/keeper", ["./services/gateway"], "Servers share code through services/common."),
  zone("./services/gateway", ["./services/keeper"], "Servers share code through services/common."),
  zone("./services/common", ["./services/gateway", "./services/keeper"], "The common part knows neither server."),
  zone("./frontend", ["./services", "./scripts", "./test"], "The app knows the sdk only."),
  zone("./scripts", ["./frontend", "./test"], "Scripts do not reach into the app or the tests."),
  ...sdkLayers.flatMap((layer, index) =>
    layer.map((name) =>
      zone(
        `./sdk/src/${name}`,
        [...sdkLayers.slice(index + 1).flat(), "fhir"].map((later) => `./sdk/src/${later}`),
        "Against the order of the sdk's modules: errors, bytes, cbor, signing, crypto <- records, identity, consent, chart, contracts <- chain, keeper, gateway, ipfs <- client.",
      ),
    ),
  ),
  zone(
    "./sdk/src/fhir",
    sdkLayers
      .flat()
      .filter((name) => name !== "errors.ts")
      .map((name) => `./sdk/src/${name}`),
    "fhir depends on errors only.",
  ),
  ...features.map((name) =>
    zone(
      `./frontend/src/features/${name}`,
      ["./frontend/src/features"],
      "Features never import each other: the page composes them.",
      [`./${name}`],
    ),
  ),
  zone("./frontend/src/features", ["./frontend/src/app"], "app -> features -> components, lib."),
  zone(
    "./frontend/src/{components,lib,workers}",
    ["./frontend/src/app", "./frontend/src/features"],
    "app -> features -> components, lib.",
  ),
];

const noEthers = { group: ["ethers", "ethers/*"], message: "ethers is for test/contracts and scripts; use viem." };
const noNode = { regex: "^(node:|buffer$)", message: "This code runs in the browser, too." };
const noReact = { group: ["react", "react-dom", "react/*"], message: "The sdk knows no user interface." };

export default defineConfig(
  globalIgnores(["**/node_modules", "**/dist", "artifacts", "cache", "coverage", ".data", "**/.tmp", "types"]),
  {
    files: ["**/*.{ts,tsx}"],
    extends: [tseslint.configs.strict],
    plugins: { "import-x": importX, tsdoc },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    settings: { "import-x/resolver-next": [createTypeScriptImportResolver({ project: "tsconfig.json" })] },
    rules: {
      "@typescript-eslint/await-thenable": "error",
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-misused-promises": ["error", { checksVoidReturn: { attributes: false } }],
      "@typescript-eslint/no-unnecessary-type-assertion": "error",
      "@typescript-eslint/only-throw-error": "error",
      "@typescript-eslint/return-await": ["error", "error-handling-correctness-only"],
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      // `noUncheckedIndexedAccess` makes every indexed read optional; the assertion says that the index was checked.
      "@typescript-eslint/no-non-null-assertion": "off",
      // Type aliases and interfaces of one method signature read alike; chai's assertions are expressions.
      "@typescript-eslint/no-unused-expressions": "off",
      "@typescript-eslint/no-invalid-void-type": "off",
      "@typescript-eslint/no-dynamic-delete": "off",
      "import-x/no-cycle": ["error", { ignoreExternal: true }],
      "import-x/no-restricted-paths": ["error", { basePath: import.meta.dirname, zones }],
      "no-restricted-imports": "off",
      "@typescript-eslint/no-restricted-imports": ["error", { patterns: [noEthers] }],
      eqeqeq: "error",
      "no-console": "off",
      "tsdoc/syntax": "error",
    },
  },
  {
    files: ["sdk/src/**/*.ts", "services/**/*.ts", "frontend/src/**/*.{ts,tsx}"],
    ignores: ["**/drizzle.config.ts"],
    rules: { "import-x/no-default-export": "error" },
  },
  {
    files: ["sdk/src/**/*.ts"],
    rules: {
      "@typescript-eslint/no-restricted-imports": ["error", { patterns: [noEthers, noNode, noReact] }],
      "no-restricted-globals": ["error", "Buffer", "process", "__dirname", "require"],
    },
  },
  {
    files: ["frontend/src/**/*.{ts,tsx}"],
    extends: [reactHooks.configs.flat["recommended-latest"]],
    rules: {
      "@typescript-eslint/no-restricted-imports": ["error", { patterns: [noEthers, noNode] }],
      "no-restricted-globals": ["error", "Buffer", "process", "require"],
    },
  },
  {
    files: ["scripts/**/*.ts", "test/contracts/**/*.ts", "hardhat.config.ts", "ignition/**/*.ts"],
    rules: { "@typescript-eslint/no-restricted-imports": "off" },
  },
);
