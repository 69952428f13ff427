/**
 * Finds the real servers that the tests use and installs what is missing where it may (root on Debian); otherwise it
 * fails and names what to install. It never lets a test go unrun in silence.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { findProgram, programs } from "../test/support/programs.ts";

const missing = Object.entries(programs).filter(([name]) => findProgram(name as keyof typeof programs) === null);
if (missing.length > 0) {
  const packages = [...new Set(missing.map(([, { debianPackage }]) => debianPackage))];
  const mayInstall = process.getuid?.() === 0 && existsSync("/usr/bin/apt-get");
  if (!mayInstall) {
    console.error(`The tests need ${missing.map(([name]) => name).join(", ")}: install ${packages.join(", ")}`);
    process.exit(1);
  }
  console.log(`Installing ${packages.join(", ")} …`);
  install(packages);
  const still = missing.filter(([name]) => findProgram(name as keyof typeof programs) === null);
  if (still.length > 0) {
    console.error(`Still missing after installing: ${still.map(([name]) => name).join(", ")}`);
    process.exit(1);
  }
}

function install(packages: string[]): void {
  // The packages would start services of their own; the tests start theirs.
  const policy = "/usr/sbin/policy-rc.d";
  const hadPolicy = existsSync(policy);
  if (!hadPolicy) writeFileSync(policy, "#!/bin/sh\nexit 101\n", { mode: 0o755 });
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  try {
    const update = spawnSync("apt-get", ["update", "-qq"], { stdio: "inherit", env });
    if (update.status !== 0) process.exit(1);
    execFileSync("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...packages], {
      stdio: "inherit",
      env,
    });
  } finally {
    if (!hadPolicy) rmSync(policy, { force: true });
  }
}
