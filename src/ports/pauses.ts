/** What the nodes tell each other about language model providers that asked to be left alone. */
export interface SharedPauses {
  /** No node calls the provider for so many milliseconds. Never throws and is not waited for. */
  tell(provider: string, ms: number): void;
  /** How long it is to be left alone, as far as any node has told; 0 also when that cannot be known in a moment. */
  left(provider: string): Promise<number>;
}
