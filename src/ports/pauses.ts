/** Pauses requested by language model providers, shared between nodes. */
export interface SharedPauses {
  /** Keeps all nodes from calling the provider for `ms`. Never throws and is not awaited. */
  tell(provider: string, ms: number): void;
  /** How much longer the provider is to be left alone; 0 also when that cannot be found out quickly. */
  left(provider: string): Promise<number>;
}
