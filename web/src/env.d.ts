declare const __VERSION__: string;

interface TrustedPolicy {
  createHTML(text: string): string;
  createScriptURL(address: string): string;
}

interface Window {
  trustedTypes?: {
    createPolicy(
      name: string,
      rules: { createHTML(text: string): string; createScriptURL(address: string): string },
    ): TrustedPolicy;
  };
}
