// What stands above a page until it is answered or closed: the browser's own dialogs, which hold the focus, give it
// back, and close by Escape.

import { useId, useLayoutEffect, useRef, type ReactNode } from "react";
import { useWords } from "../theme/settings";
import { Button, type ButtonProps } from "./button";
import { CloseOutlined } from "./signs";

interface ShellProps {
  className: string;
  title: string;
  width?: number;
  onClose: () => void;
  // A press beside it closes it; not where something was typed.
  beside?: boolean;
  children: ReactNode;
}

function Shell({ className, title, width, onClose, beside, children }: ShellProps) {
  const box = useRef<HTMLDialogElement>(null);
  const name = useId();
  useLayoutEffect(() => {
    const dialog = box.current!;
    if (!dialog.open) dialog.showModal();
    return () => dialog.close();
  }, []);
  return (
    <dialog
      ref={box}
      className={`dialog ${className}`}
      aria-labelledby={name}
      style={width === undefined ? undefined : { width }}
      onCancel={(event) => {
        if (event.target !== event.currentTarget) return;
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => beside && event.target === event.currentTarget && onClose()}
    >
      <div className="dialog-in">
        <h2 id={name} className="dialog-title">
          {title}
        </h2>
        {children}
      </div>
    </dialog>
  );
}

interface ModalProps {
  open: boolean;
  title: string;
  okText?: string;
  cancelText: string;
  onOk?: () => void;
  onCancel: () => void;
  okButtonProps?: ButtonProps;
  confirmLoading?: boolean;
  width?: number;
  children: ReactNode;
}

export function Modal({ open, title, width, children, ...asked }: ModalProps) {
  const { okText, cancelText, onOk, onCancel, okButtonProps, confirmLoading } = asked;
  if (!open) return null;
  return (
    <Shell className="modal" title={title} width={width ?? 520} onClose={onCancel}>
      <div className="dialog-body">{children}</div>
      <div className="dialog-foot">
        <Button onClick={onCancel}>{cancelText}</Button>
        {okText && (
          <Button type="primary" loading={confirmLoading} {...okButtonProps} onClick={onOk}>
            {okText}
          </Button>
        )}
      </div>
    </Shell>
  );
}

interface DrawerProps {
  open: boolean;
  title: string;
  placement?: "left" | "right" | "bottom";
  width?: number;
  className?: string;
  onClose: () => void;
  children: ReactNode;
}

export function Drawer({ open, title, placement = "right", width, className = "", onClose, children }: DrawerProps) {
  const words = useWords();
  if (!open) return null;
  return (
    <Shell className={`drawer drawer-${placement} ${className}`} title={title} width={width} onClose={onClose} beside>
      <Button
        type="text"
        className="dialog-close"
        icon={<CloseOutlined />}
        aria-label={words.state.close}
        onClick={onClose}
      />
      <div className="dialog-body">{children}</div>
    </Shell>
  );
}
