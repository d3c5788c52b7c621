// The words of src/api/verify_page/words.js that the console says, too.

interface VerifyWords {
  reason: Record<string, ((details: Record<string, unknown>) => string) | undefined>;
  unable_reason: Record<"no_secure_context" | "no_ed25519", string>;
}
export const words: { en: VerifyWords; zh: VerifyWords };
