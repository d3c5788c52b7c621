// Node 18 keeps Web Cryptography out of the global scope; browsers, and Node from 20 on, have it there.

import { webcrypto } from "node:crypto";

if (!globalThis.crypto?.subtle) Object.defineProperty(globalThis, "crypto", { value: webcrypto });
