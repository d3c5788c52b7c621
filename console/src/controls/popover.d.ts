import "react";

// An attribute of HTML that React 18 passes on and its types do not know yet.
declare module "react" {
  interface HTMLAttributes<T> {
    popover?: "manual";
  }
}
