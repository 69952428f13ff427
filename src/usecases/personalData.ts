import type { PersonalData } from "../ports/store.ts";
import type { Deps } from "./deps.ts";

/** Everything that is kept of one owner, whole, for the owner to take along. */
export function exportPersonalData(deps: Deps, ownerId: string): Promise<PersonalData> {
  return deps.store.exportOwner(ownerId);
}

/** Removes everything that is kept of one owner; what watches it ends. Returns how many sessions there were. */
export async function deletePersonalData(deps: Deps, ownerId: string): Promise<number> {
  const { sessions, owner } = await deps.store.removeOwner(ownerId);
  deps.bus.publish([...sessions, owner]);
  return sessions.length;
}
