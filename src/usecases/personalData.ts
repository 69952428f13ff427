import type { PersonalData } from "../ports/store.ts";
import type { Deps } from "./deps.ts";

/** Everything stored about an owner, for the owner to download. */
export function exportPersonalData(deps: Deps, ownerId: string): Promise<PersonalData> {
  return deps.store.exportOwner(ownerId);
}

/**
 * Removes everything stored about an owner and ends the streams that watch it. Returns how many sessions there were.
 */
export async function deletePersonalData(deps: Deps, ownerId: string): Promise<number> {
  const { sessions, owner } = await deps.store.removeOwner(ownerId);
  deps.bus.publish([...sessions, owner]);
  return sessions.length;
}
