import type { ButtonHTMLAttributes, ReactNode } from "react";

export interface ButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, "type"> {
  type?: "default" | "primary" | "text" | "link";
  htmlType?: "button" | "submit";
  size?: "small";
  shape?: "circle";
  danger?: boolean;
  block?: boolean;
  // It was pressed, and the answer is on its way: it keeps the focus and does nothing.
  loading?: boolean;
  icon?: ReactNode;
}

export function Button(props: ButtonProps) {
  const { type = "default", htmlType = "button", size, shape, danger, block, loading, icon, ...rest } = props;
  const { className, onClick, children, ...native } = rest;
  const classes = ["button", `button-${type}`, size && "button-small", danger && "button-danger"];
  classes.push(block && "button-block", (shape || !children) && "button-sign", shape && "button-circle");
  return (
    <button
      {...native}
      type={loading ? "button" : htmlType}
      className={[...classes, className].filter(Boolean).join(" ")}
      aria-busy={loading || undefined}
      onClick={loading ? undefined : onClick}
    >
      {loading ? <span className="spinner" aria-hidden /> : icon}
      {children}
    </button>
  );
}
